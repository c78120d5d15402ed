import assert from "node:assert/strict";
import { test } from "node:test";
import { isElsewhere, newName, windowName } from "../../../courses/static/quizzes/writer.js";

const shelf = (kept = {}) => ({ getItem: (key) => kept[key] ?? null, setItem: (key, value) => (kept[key] = value), kept });

/* Locks as a browser has them: one holder for each name. */
function locksHeldBy(...names) {
  const held = new Set(names);
  return {
    request: (name, _options, callback) => {
      if (held.has(name)) return callback(null);
      held.add(name);
      return callback({ name });
    },
  };
}

test("a window keeps its name over a reload", async () => {
  const store = shelf({ "writer-7": "abc" });
  assert.equal(await windowName(7, store, locksHeldBy()), "abc");
});

test("a duplicated tab finds the name taken and makes its own", async () => {
  const store = shelf({ "writer-7": "abc" });
  const name = await windowName(7, store, locksHeldBy("writer-abc"));
  assert.notEqual(name, "abc");
  assert.equal(store.kept["writer-7"], name);
});

test("a browser without locks still names its windows", async () => {
  assert.match(await windowName(7, shelf(), null), /^[0-9a-f]{24}$/);
  assert.notEqual(newName(), newName());
});

test("only the server's own word for it makes a window read-only", () => {
  assert.equal(isElsewhere({ status: 409, body: { reason: "attempt-written-elsewhere" } }), true);
  assert.equal(isElsewhere({ status: 409, body: { reason: "attempt-submitted" } }), false);
  assert.equal(isElsewhere(null), false);
});
