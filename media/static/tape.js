/* Which parts of a video were really played, to be reported.  Pure: it knows no page.

   A tape is {parts: [[start, end]…], from, at, rate}; times are seconds of the video.
   While something plays, *from* is where the current part began and *at* the last moment
   heard of; otherwise both are null. */

export const LONGEST_STEP_SECONDS = 3;
export const MOST_PARTS = 100;

export const blank = () => ({ parts: [], from: null, at: null, rate: 1 });

export function started(tape, time, rate) {
  const stopped_ = stopped(tape);
  return { ...stopped_, from: time, at: time, rate: Math.max(stopped_.rate, rate) };
}

/* Note that the video stands at *time* now; a jump is not a part that was played. */
export function heard(tape, time, rate) {
  if (tape.from === null) return tape;
  const step = time - tape.at;
  if (step < 0 || step > LONGEST_STEP_SECONDS * Math.max(1, rate)) return started(tape, time, rate);
  return { ...tape, at: time, rate: Math.max(tape.rate, rate) };
}

export function stopped(tape) {
  return { ...tape, parts: joined(ended(tape)), from: null, at: null };
}

/* Take what was played so far as a report; what plays on goes on from here. */
export function taken(tape) {
  const played = joined(ended(tape));
  const rest = { ...tape, parts: [], from: tape.at, rate: tape.from === null ? 1 : tape.rate };
  return { report: { played: played.slice(0, MOST_PARTS), rate: tape.rate }, rest };
}

/* Put back a report that did not arrive. */
export function returned(tape, report) {
  return { ...tape, parts: joined([...report.played, ...tape.parts]), rate: Math.max(tape.rate, report.rate) };
}

function ended({ parts, from, at }) {
  return from !== null && at > from ? [...parts, [from, at]] : parts;
}

function joined(parts) {
  const found = [];
  for (const [start, end] of [...parts].sort((a, b) => a[0] - b[0])) {
    const last = found[found.length - 1];
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else found.push([start, end]);
  }
  return found;
}

/* 312 is "5:12", 3725 is "1:02:05". */
export function written(seconds) {
  const whole = Math.floor(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}
