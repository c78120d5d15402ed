/* Raising the hand: a button that says what it does now, also without network. */

import { announce } from "../js/dom.js";
import { tell } from "./server.js";

export function makeHand(button, words) {
  const show = (up) => {
    button.setAttribute("aria-pressed", String(up));
    button.querySelector("[data-hand-words]").textContent = up ? words.handUp : words.handDown;
  };
  button.addEventListener("click", async () => {
    const up = button.getAttribute("aria-pressed") !== "true";
    const answer = await tell(up ? "/exam-hand" : "/exam-hand/lowering", {});
    if (!answer?.ok) return announce(words.offline);
    show(up);
    if (up) announce(words.handSeen);
  });
  return show;
}
