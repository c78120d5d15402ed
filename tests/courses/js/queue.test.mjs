import assert from "node:assert/strict";
import { test } from "node:test";
import {
  acknowledged, emptyQueue, isFinal, LONGEST_WAIT_MS, FIRST_WAIT_MS, next, put, refused, restored, stored, tried, unsaved, waitAfter,
} from "../../../courses/static/quizzes/queue.js";

test("a change gets the number after the last one the server knows", () => {
  const queue = put(emptyQueue({ 3: 7 }), 3, "b", false);
  assert.deepEqual(next(queue), { position: 3, sequence: 8, value: "b", flagged: false });
});

test("a change to a save that was never sent takes its place and its number", () => {
  const queue = put(put(emptyQueue({ 1: 0 }), 1, "a", false), 1, "b", true);
  assert.deepEqual(next(queue), { position: 1, sequence: 1, value: "b", flagged: true });
});

test("a change to a save that may have arrived gets the next number", () => {
  const queue = put(tried(put(emptyQueue({ 1: 0 }), 1, "a", false), 1), 1, "b", false);
  assert.equal(next(queue).sequence, 2);
});

test("an acknowledged save leaves the line; what was changed meanwhile stays", () => {
  let queue = tried(put(emptyQueue({ 1: 0 }), 1, "a", false), 1);
  queue = put(queue, 1, "b", false);
  queue = acknowledged(queue, 1, 1);
  assert.deepEqual(next(queue), { position: 1, sequence: 2, value: "b", flagged: false });
  assert.equal(unsaved(acknowledged(queue, 1, 2)), 0);
});

test("a number once acknowledged is never given again", () => {
  const queue = acknowledged(tried(put(emptyQueue({ 1: 4 }), 1, "a", false), 1), 1, 5);
  assert.equal(next(put(queue, 1, "c", false)).sequence, 6);
});

test("how sure the learner is travels with the response", () => {
  const queue = put(emptyQueue({ 1: 0 }), 1, "a", false, 3);
  assert.deepEqual(next(queue), { position: 1, sequence: 1, value: "a", flagged: false, certainty: 3 });
  const { overtaken } = restored(stored(queue), { 1: 4 }, { 1: { value: "a", flagged: false, certainty: 2 } });
  assert.deepEqual(overtaken, [1]);
});

test("a refused save is not tried again", () => {
  const queue = refused(tried(put(emptyQueue({ 1: 0 }), 1, "a", false), 1), 1, 1);
  assert.equal(next(queue), null);
});

test("what was not acknowledged is found again after a reload and sent with its number", () => {
  const before = tried(put(emptyQueue({ 1: 2, 2: 0 }), 1, ["a", "c"], true), 1);
  const { queue, overtaken } = restored(stored(before), { 1: 2, 2: 0 });
  assert.deepEqual(next(queue), { position: 1, sequence: 3, value: ["a", "c"], flagged: true });
  assert.equal(queue.waiting[1].tried, true);
  assert.deepEqual(overtaken, []);
});

test("a save that had arrived after all is not sent again", () => {
  const before = tried(put(emptyQueue({ 1: 0 }), 1, "a", false), 1);
  const { queue, overtaken } = restored(stored(before), { 1: 1 }, { 1: { value: "a", flagged: false } });
  assert.equal(unsaved(queue), 0);
  assert.deepEqual(overtaken, []);
});

test("a newer answer from another window is kept, and the page is told", () => {
  const before = tried(put(emptyQueue({ 1: 0 }), 1, "a", false), 1);
  const { queue, overtaken } = restored(stored(before), { 1: 4 }, { 1: { value: "b", flagged: false } });
  assert.equal(unsaved(queue), 0);
  assert.deepEqual(overtaken, [1]);
});

test("rubbish in the browser's store is left alone", () => {
  for (const text of [null, "", "nonsense", "[]", "3", '{"1": 5}', '{"1": {"sequence": -1}}', '{"9": {"sequence": 1, "value": "a", "flagged": false}}']) {
    assert.equal(unsaved(restored(text, { 1: 0 }).queue), 0);
  }
});

test("waiting grows, has jitter and has an end", () => {
  assert.equal(waitAfter(0, () => 0), FIRST_WAIT_MS);
  assert.ok(waitAfter(3, () => 1) > waitAfter(1, () => 1));
  assert.equal(waitAfter(1000, () => 1), FIRST_WAIT_MS + LONGEST_WAIT_MS);
});

test("only an answer that will never change settles a save", () => {
  assert.deepEqual([403, 404, 409, 413, 422].map(isFinal), Array(5).fill(true));
  assert.deepEqual([200, 400, 401, 408, 429, 500, 503].map(isFinal), Array(7).fill(false));
});

test("whatever happens in between, the last change is what the server ends up with", () => {
  let seed = 42;
  const random = () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648);
  for (let round = 0; round < 300; round += 1) {
    let [queue, shown] = [emptyQueue({ 1: 0 }), null];
    const server = { sequence: 0, value: null };
    const deliver = ({ sequence, value }) => {
      if (sequence > server.sequence) Object.assign(server, { sequence, value });
      return sequence === server.sequence && value === server.value;
    };
    for (let step = 0; step < 20; step += 1) {
      const luck = random();
      if (luck < 0.4) queue = put(queue, 1, (shown = `v${step}`), false);
      else if (luck < 0.55) queue = restored(stored(queue), { 1: server.sequence }, { 1: { value: server.value, flagged: false } }).queue;
      else if (next(queue)) {
        const save = next(queue);
        queue = tried(queue, 1);
        const arrived = random() < 0.6;
        if (arrived && deliver(save) && random() < 0.5) queue = acknowledged(queue, 1, save.sequence);
      }
    }
    for (let save = next(queue); save; save = next(queue)) {
      queue = tried(queue, 1);
      assert.ok(deliver(save));
      queue = acknowledged(queue, 1, save.sequence);
    }
    assert.equal(server.value, shown);
  }
});
