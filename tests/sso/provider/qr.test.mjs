/* What the page does while it waits for the phone. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { verdict } from "../../../sso/static/qr.js";

test("it waits for a phone that has not answered", () => {
  assert.equal(verdict(200, "waiting"), "wait");
  assert.equal(verdict(200, "scanned"), "wait");
});

test("it goes on when the phone has approved", () => {
  assert.equal(verdict(200, "approved"), "go-on");
});

test("it gives up what is denied, used or over", () => {
  for (const state of ["denied", "used", "expired"]) assert.equal(verdict(200, state), "over");
  assert.equal(verdict(410, "expired"), "over");
});

test("it is patient with a slow or broken line", () => {
  assert.equal(verdict(429, undefined), "wait");
  assert.equal(verdict(503, undefined), "wait");
});
