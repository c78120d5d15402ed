/* Which window writes an attempt.

   A window names itself once and keeps the name over reloads.  A duplicated tab copies
   what its parent kept; a lock that only one window can hold tells the two apart. */

const RELOAD_MS = 400;
const ELSEWHERE = "attempt-written-elsewhere";

export async function windowName(attempt, store = sessionStorage, locks = navigator.locks) {
  const drawer = `writer-${attempt}`;
  const kept = recall(store, drawer);
  if (kept && (await isMine(kept, locks))) return kept;
  const made = newName();
  await isMine(made, locks);
  try {
    store.setItem(drawer, made);
  } catch {
    // Without a store a reload counts as another window.
  }
  return made;
}

function recall(store, drawer) {
  try {
    return store.getItem(drawer);
  } catch {
    return null;
  }
}

export function newName(random = crypto) {
  return [...random.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/* Hold the name for as long as the page lives; false where another window holds it.  The
   page before a reload may take a moment to let go. */
async function isMine(name, locks) {
  if (!locks) return true;
  if (await held(name, locks)) return true;
  await new Promise((resolve) => setTimeout(resolve, RELOAD_MS));
  return held(name, locks);
}

function held(name, locks) {
  return new Promise((resolve) => {
    locks.request(`writer-${name}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

export function isElsewhere(answer) {
  return answer?.status === 409 && answer.body.reason === ELSEWHERE;
}
