/* The queue of saves that the server has not acknowledged yet.

   Pure: every function takes a queue and returns a new one; attempt.js sends and stores.

   A queue is { known: {position: sequence}, waiting: {position: save} }.  A save is
   { sequence, value, flagged, certainty, tried }.  Each question has its own count of saves; the
   server never lets an older one overwrite a newer one, and answers a repeated one like
   the first time.  So a save that may have arrived keeps its number for ever, and a
   change made after it gets the next. */

export const FIRST_WAIT_MS = 500;
export const LONGEST_WAIT_MS = 20000;

/* Start from what the server has acknowledged: {position: sequence}. */
export function emptyQueue(known = {}) {
  return { known: { ...known }, waiting: {} };
}

/* Put a change in line.  A change to a save that was never sent takes its place. */
export function put(queue, position, value, flagged, certainty = null) {
  const before = queue.waiting[position];
  const last = before?.sequence ?? queue.known[position] ?? 0;
  const sequence = before && !before.tried ? before.sequence : last + 1;
  return withSave(queue, position, { sequence, value, flagged, ...sure(certainty), tried: false });
}

function withSave(queue, position, save) {
  return { ...queue, waiting: { ...queue.waiting, [position]: save } };
}

/* What to send next: {position, sequence, value, flagged, certainty}, or null. */
export function next(queue) {
  const [first] = Object.entries(queue.waiting);
  if (!first) return null;
  const [position, { sequence, value, flagged, certainty = null }] = first;
  return { position: Number(position), sequence, value, flagged, ...sure(certainty) };
}

/* Only a quiz that asks how sure a learner is has a certainty at all. */
function sure(certainty) {
  return certainty === null ? {} : { certainty };
}

/* Note that a save is on its way: from now on it may have arrived. */
export function tried(queue, position) {
  const save = queue.waiting[position];
  return save ? withSave(queue, position, { ...save, tried: true }) : queue;
}

/* The server has kept the save with this number. */
export function acknowledged(queue, position, sequence) {
  const known = { ...queue.known, [position]: Math.max(sequence, queue.known[position] ?? 0) };
  return dropped({ ...queue, known }, position, sequence);
}

/* The server will never take this save; trying again is of no use. */
export function refused(queue, position, sequence) {
  return dropped(queue, position, sequence);
}

function dropped(queue, position, sequence) {
  const save = queue.waiting[position];
  // A change made while this one was on its way stays in line.
  if (!save || save.sequence > sequence) return queue;
  const waiting = { ...queue.waiting };
  delete waiting[position];
  return { ...queue, waiting };
}

export function unsaved(queue) {
  return Object.keys(queue.waiting).length;
}

/* Write the queue down, to be found again after a reload. */
export function stored(queue) {
  return JSON.stringify(queue.waiting);
}

/* Take up what was written down before a reload.

   Gives {queue, overtaken}: positions whose kept answer is newer and different, so that
   the page can say so; *current* is {position: {value, flagged}} as the page shows them. */
export function restored(text, known, current = {}) {
  let queue = emptyQueue(known);
  const overtaken = [];
  for (const [position, save] of Object.entries(parsed(text))) {
    if (!isSave(save) || !(position in known)) continue;
    if (save.sequence > known[position]) queue = withSave(queue, position, save);
    else if (!same(save, current[position])) overtaken.push(Number(position));
  }
  return { queue, overtaken };
}

function parsed(text) {
  try {
    const found = JSON.parse(text ?? "{}");
    return found && typeof found === "object" && !Array.isArray(found) ? found : {};
  } catch {
    return {};
  }
}

function isSave(save) {
  return Number.isInteger(save?.sequence) && save.sequence > 0 && "value" in save && typeof save.flagged === "boolean";
}

function same(save, shown) {
  const alike = shown !== undefined && (save.certainty ?? null) === (shown.certainty ?? null);
  return alike && save.flagged === shown.flagged && JSON.stringify(save.value) === JSON.stringify(shown.value);
}

/* How long to wait after this many failures in a row: anything up to twice as long each
   time, so that a whole class that lost its network does not come back at once. */
export function waitAfter(failures, random = Math.random) {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(failures, 10));
  return FIRST_WAIT_MS + Math.round(random() * ceiling);
}

/* Whether an answer of the server settles the save for good.  A page that was open for too
   long gets 400 or 401: there a reload, or signing in again, lets the save through. */
export function isFinal(status) {
  return [403, 404, 409, 413, 422].includes(status);
}
