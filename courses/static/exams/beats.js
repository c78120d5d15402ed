/* Signs of life: tells the server that the page is there, and hears how things stand. */

import { tell } from "./server.js";

export const EVERY_MS = 7000;

/* Calls hear(answer) after each beat; *position* gives the question in view.  Returns a
   function that beats at once. */
export function startBeats({ window: name, position, hear, every = EVERY_MS }) {
  let timer = null;
  let beating = null;
  const beat = () => {
    beating ??= once().finally(() => (beating = null));
    return beating;
  };
  async function once() {
    clearTimeout(timer);
    const answer = await tell("/exam-beats", { window: name, position: position(), running: performance.now() / 1000 });
    const wait = answer?.wait ? answer.wait * 1000 : every;
    timer = setTimeout(beat, wait * (0.85 + Math.random() * 0.3));
    await hear(answer);
    return answer;
  }
  window.addEventListener("online", beat);
  return beat;
}
