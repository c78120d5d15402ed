/* The time that is left.  Pure: the server says how many seconds there were at a moment of
   the page's own steady clock (milliseconds); the wall clock of the machine is never asked. */

export const ANNOUNCED_MINUTES = [15, 5, 1];
export const SHORT_SECONDS = 300;

export function secondsLeft(secondsThen, thenMs, nowMs) {
  return Math.max(0, Math.ceil(secondsThen - (nowMs - thenMs) / 1000));
}

/* 600 is "10:00", 3725 is "1:02:05". */
export function written(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/* The minutes to speak of when the count went from *before* to *after*: at most one, the
   nearest, so that a page that slept does not say three things at once. */
export function toAnnounce(before, after) {
  const passed = ANNOUNCED_MINUTES.filter((minutes) => before > minutes * 60 && after <= minutes * 60 && after > 0);
  return passed.length ? Math.min(...passed) : null;
}
