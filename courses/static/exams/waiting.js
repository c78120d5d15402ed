/* The waiting room: the page opens the paper by itself when the bell has rung. */

import { windowName } from "../quizzes/writer.js";
import { startBeats } from "./beats.js";
import { makeHand } from "./hand.js";

const LONGEST_START_MS = 1500;
const box = document.querySelector("[data-exam-waiting]");
const words = JSON.parse(box.dataset.words);
const line = box.querySelector("[data-wait-state] span");
const showHand = makeHand(box.querySelector("[data-hand]"), words);
const quiet = line.textContent;

const name = await windowName(`exam-${box.dataset.sitting}`);
const beat = startBeats({ window: name, position: () => null, hear, every: 3000 });
beat();

function hear(answer) {
  if (answer?.ok) {
    showHand(answer.body.hand);
    const [notice] = answer.body.notices;
    line.textContent = notice ? words.notice.replace("{time}", notice.at).replace("{words}", notice.words) : quiet;
    // A whole hall does not ask for its papers in the same instant.
    if (answer.body.state !== box.dataset.state) setTimeout(() => location.reload(), Math.random() * LONGEST_START_MS);
  } else if (answer?.body.error) line.textContent = answer.body.error;
}
