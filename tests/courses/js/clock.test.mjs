import assert from "node:assert/strict";
import { test } from "node:test";
import { secondsLeft, toAnnounce, written } from "../../../courses/static/quizzes/clock.js";

test("seconds count down from the server's word and stop at nothing", () => {
  assert.equal(secondsLeft(600, 1000, 1000), 600);
  assert.equal(secondsLeft(600, 1000, 1001), 600);
  assert.equal(secondsLeft(600, 1000, 2000), 599);
  assert.equal(secondsLeft(600, 1000, 999000), 0);
});

test("time is written as people read it", () => {
  assert.deepEqual([0, 59, 60, 600, 3599, 3600, 3725].map(written), ["0:00", "0:59", "1:00", "10:00", "59:59", "1:00:00", "1:02:05"]);
});

test("fifteen, five and one minute are spoken once each, the nearest after a sleep", () => {
  assert.equal(toAnnounce(901, 900), 15);
  assert.equal(toAnnounce(900, 899), null);
  assert.equal(toAnnounce(301, 300), 5);
  assert.equal(toAnnounce(61, 60), 1);
  assert.equal(toAnnounce(1000, 30), 1);
  assert.equal(toAnnounce(61, 0), null);
});
