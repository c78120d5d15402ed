/* The answers that the server has not acknowledged yet, of one writer.

   Pure: every function takes a queue and returns a new one.  A writer has one count for all
   its answers, without holes, so that a missing one would be seen: answers are sent one by
   one, in order, and a number is used again until the server has taken it.

   A queue is { next, flying: {sequence, position, body} or null, waiting: [{position, body}] }.
   A later answer to a question takes the place of the one that still waits. */

export function emptyQueue(next) {
  return { next, flying: null, waiting: [] };
}

export function put(queue, position, body) {
  const others = queue.waiting.filter((one) => one.position !== position);
  return { ...queue, waiting: [...others, { position, body }] };
}

/* Let the first one fly, unless one does already. */
export function launched(queue) {
  if (queue.flying || !queue.waiting.length) return queue;
  const [first, ...rest] = queue.waiting;
  return { ...queue, flying: { sequence: queue.next, ...first }, waiting: rest };
}

export function acknowledged(queue) {
  return queue.flying ? { ...queue, flying: null, next: queue.flying.sequence + 1 } : queue;
}

/* The server will never take this answer; its number is free again. */
export function refused(queue) {
  return { ...queue, flying: null };
}

/* The server says which number comes next: another window used ours for another answer. */
export function renumbered(queue, next) {
  return { ...queue, next, flying: queue.flying && { ...queue.flying, sequence: next } };
}

export function unsaved(queue) {
  return queue.waiting.length + (queue.flying ? 1 : 0);
}

export function stored(queue) {
  return JSON.stringify(queue.flying ? [queue.flying, ...queue.waiting] : queue.waiting);
}

/* Take up what was written down before a reload.  What flew then may have arrived: sent
   again under the next number it says the same. */
export function restored(text, next) {
  return parsed(text).filter(isAnswer).reduce((queue, one) => put(queue, one.position, one.body), emptyQueue(next));
}

function parsed(text) {
  try {
    const found = JSON.parse(text ?? "[]");
    return Array.isArray(found) ? found : [];
  } catch {
    return [];
  }
}

function isAnswer(one) {
  return Number.isInteger(one?.position) && one.position > 0 && typeof one.body === "string";
}

export function bodyOf(value, flagged) {
  return JSON.stringify({ value, flagged });
}
