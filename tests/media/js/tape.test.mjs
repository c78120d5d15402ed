import assert from "node:assert/strict";
import { test } from "node:test";
import { blank, heard, returned, started, stopped, taken, written } from "../../../media/static/tape.js";

const play = (tape, from, to, rate = 1) => {
  let now = started(tape, from, rate);
  for (let time = from; time <= to; time += 0.25) now = heard(now, time, rate);
  return now;
};

test("what plays without a break is one part", () => {
  const { report } = taken(stopped(play(blank(), 0, 10)));
  assert.deepEqual(report, { played: [[0, 10]], rate: 1 });
});

test("a jump leaves a gap, forwards and backwards", () => {
  const jumped = heard(play(blank(), 0, 5), 60, 1);
  assert.deepEqual(taken(stopped(heard(jumped, 61, 1))).report.played, [[0, 5], [60, 61]]);
  const back = heard(play(blank(), 50, 55), 10, 1);
  assert.deepEqual(taken(stopped(heard(back, 12, 1))).report.played, [[10, 12], [50, 55]]);
});

test("what is taken is not reported twice, and what plays on goes on from there", () => {
  const first = taken(play(blank(), 0, 10));
  const second = taken(stopped(heard(first.rest, 12, 1)));
  assert.deepEqual(first.report.played, [[0, 10]]);
  assert.deepEqual(second.report.played, [[10, 12]]);
});

test("nothing is heard while nothing plays", () => {
  assert.deepEqual(taken(heard(blank(), 5, 1)).report.played, []);
  assert.deepEqual(taken(heard(stopped(play(blank(), 0, 1)), 2, 1)).report.played, [[0, 1]]);
});

test("the fastest speed of a report is told, and forgotten with it", () => {
  const fast = taken(stopped(play(blank(), 0, 3, 1.5)));
  assert.equal(fast.report.rate, 1.5);
  assert.equal(taken(stopped(play(fast.rest, 3, 4))).report.rate, 1);
});

test("a report that did not arrive is sent again with the next", () => {
  const { report, rest } = taken(stopped(play(blank(), 0, 5)));
  const again = taken(stopped(play(returned(rest, report), 5, 8)));
  assert.deepEqual(again.report.played, [[0, 8]]);
});

test("time is written as people read it", () => {
  assert.deepEqual([0, 59.9, 312, 3725].map(written), ["0:00", "0:59", "5:12", "1:02:05"]);
});
