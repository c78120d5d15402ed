/* The timer on the page: counts down what the server said, speaks at 15, 5 and 1 minute,
   and hands in when the server too says that time is up. */

import { secondsLeft, SHORT_SECONDS, toAnnounce, written } from "./clock.js";

const CONFIRM_EVERY_MS = 1500;

/* Returns a function that takes a newer word of the server. */
export function startTimer({ box, seconds, clockUrl, say, words, onover }) {
  const shown = box.querySelector("[data-timer-left]");
  let [then, before, asked] = [{ seconds, at: performance.now() }, seconds, -Infinity];

  const set = (newer) => {
    if (newer != null) then = { seconds: newer, at: performance.now() };
  };
  const ask = async () => {
    asked = performance.now();
    try {
      const answer = await fetch(clockUrl, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const { seconds_left: left } = await answer.json();
      set(left);
      if (left === 0) onover();
    } catch {
      // Without a network the count goes on; the server keeps the deadline anyway.
    }
  };
  const tick = () => {
    const left = secondsLeft(then.seconds, then.at, performance.now());
    shown.textContent = written(left);
    box.classList.toggle("is-short", left <= SHORT_SECONDS);
    const minutes = toAnnounce(before, left);
    if (minutes) say(words.left.replace("{minutes}", minutes));
    if (left === 0 && before > 0) say(words.over);
    if (left === 0 && performance.now() - asked > CONFIRM_EVERY_MS) ask();
    before = left;
  };
  setInterval(tick, 500);
  document.addEventListener("visibilitychange", () => {
    // A machine that slept may have stopped the page's clock as well.
    if (!document.hidden) ask();
  });
  return set;
}
