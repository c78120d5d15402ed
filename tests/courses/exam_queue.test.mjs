/* The exam's queue: one count per writer, in order, without holes. */

import assert from "node:assert/strict";
import test from "node:test";

import { acknowledged, bodyOf, emptyQueue, launched, put, refused, renumbered, restored, stored, unsaved } from "../../courses/static/exams/queue.js";

const fill = (...pairs) => pairs.reduce((queue, [position, body]) => put(queue, position, body), emptyQueue(1));

test("answers fly one by one, in order, without holes in the count", () => {
  let queue = fill([3, "a"], [1, "b"]);
  const flown = [];
  while (unsaved(queue)) {
    queue = launched(queue);
    flown.push([queue.flying.sequence, queue.flying.position]);
    queue = acknowledged(queue);
  }
  assert.deepEqual(flown, [[1, 3], [2, 1]]);
});

test("a later answer takes the place of the one that still waits", () => {
  const queue = put(fill([1, "a"], [2, "x"]), 1, "b");
  assert.deepEqual(queue.waiting, [{ position: 2, body: "x" }, { position: 1, body: "b" }]);
});

test("what flies is not changed: the newer answer waits for the next number", () => {
  const queue = put(launched(fill([1, "a"])), 1, "b");
  assert.equal(queue.flying.body, "a");
  assert.equal(unsaved(queue), 2);
  assert.equal(launched(acknowledged(queue)).flying.sequence, 2);
});

test("only one flies at a time", () => {
  const queue = launched(fill([1, "a"], [2, "b"]));
  assert.equal(launched(queue), queue);
});

test("the number of a refused answer is used again", () => {
  const queue = launched(refused(launched(fill([1, "a"], [2, "b"]))));
  assert.deepEqual(queue.flying, { sequence: 1, position: 2, body: "b" });
});

test("the server may say where the count stands", () => {
  const queue = renumbered(launched(fill([1, "a"])), 7);
  assert.equal(queue.flying.sequence, 7);
  assert.equal(acknowledged(queue).next, 8);
});

test("after a reload everything unacknowledged is sent again", () => {
  const queue = put(launched(fill([1, "a"], [2, "b"])), 1, "c");
  const again = restored(stored(queue), 5);
  assert.deepEqual(again.waiting, [{ position: 2, body: "b" }, { position: 1, body: "c" }]);
  assert.equal(again.next, 5);
});

test("what is kept and is no queue is left alone", () => {
  for (const text of [null, "", "{", "{}", "[1]", '[{"position":0,"body":"x"}]', "null"]) {
    assert.deepEqual(restored(text, 2), emptyQueue(2));
  }
});

test("a body is written in one way only", () => {
  assert.equal(bodyOf(["a"], false), '{"value":["a"],"flagged":false}');
});
