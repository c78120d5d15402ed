/* The exam page: saves each answer as it is given, and says so in words.

   The state is "Đã lưu 09:41:07" only while the server has acknowledged everything that
   the page shows; in every other case it is "Chưa lưu".  What is not acknowledged is kept
   on this machine and sent after a reload.  One window of one machine writes. */

import { announce } from "../js/dom.js";
import { waitAfter } from "../quizzes/queue.js";
import { isTouched, isTyped, read, write } from "../quizzes/responses.js";
import { startTimer } from "../quizzes/timer.js";
import { windowName } from "../quizzes/writer.js";
import { startBeats } from "./beats.js";
import { makeHand } from "./hand.js";
import { acknowledged, bodyOf, launched, put, refused, renumbered, restored, stored, unsaved } from "./queue.js";
import { tell } from "./server.js";
import { makeSight } from "./sight.js";

const TYPING_PAUSE_MS = 700;
const NEVER = ["answer-unreadable", "answer-no-such-question"];
const ENDED = ["submitted", "expelled", "absent"];
const form = document.querySelector("[data-exam]");
const words = JSON.parse(form.dataset.words);
const items = new Map([...form.querySelectorAll("[data-position]")].map((item) => [Number(item.dataset.position), item]));
const stateBox = form.querySelector("[data-save-state]");
const networkBox = form.querySelector("[data-network]");
const heldBox = form.querySelector("[data-held]");
const noticeBox = form.querySelector("[data-notice]");
const drawer = `exam-${form.dataset.sitting}-${form.dataset.writer}`;
const noticeDrawer = `exam-${form.dataset.sitting}-notice`;

let queue;
let failures = 0;
let sending = null;
let alarm = null;
let leaving = false;
let claimed = false;
let held = form.dataset.state === "paused";
let lastSaved = stateBox?.textContent ?? "";
let here = Number(form.dataset.at) || null;
let before = null;
let setClock = () => {};
let beat = async () => {};
let showHand = () => {};

async function begin() {
  queue = takenUp();
  setClock = startTimer({
    box: form.querySelector("[data-timer]"),
    seconds: Number(form.dataset.secondsLeft),
    clockUrl: form.dataset.clockUrl,
    say: announce,
    words,
    onover: handIn,
  });
  const hand = form.querySelector("[data-hand]");
  if (hand) showHand = makeHand(hand, words);
  makeSight(form);
  form.addEventListener("input", noteChange);
  form.addEventListener("change", noteChange);
  form.addEventListener("focusin", markCell);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.querySelector("[data-leave]")?.addEventListener("click", leave);
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && unsaved(queue)) event.preventDefault();
  });
  showState();
  disable(true);
  if (held) hold(words.paused);
  const name = await windowName(`exam-${form.dataset.sitting}`);
  beat = startBeats({ window: name, position: () => here, hear });
  await beat();
}

/* Find again what was not acknowledged before a reload, and what was answered while this
   script was still on its way. */
function takenUp() {
  const early = [...items].filter(([, item]) => isTouched(item));
  let found = restored(recall(drawer), Number(form.dataset.next));
  for (const { position, body } of found.waiting) {
    if (!items.has(position)) continue;
    write(items.get(position), JSON.parse(body));
    showCell(position);
  }
  for (const [position, item] of early) found = put(found, position, bodyNow(item));
  return found;
}

function bodyNow(item) {
  const { value, flagged } = read(item);
  return bodyOf(value, flagged);
}

/* Go on where the candidate was, after a crash or at another machine. */
function comeBack() {
  if (!here || location.hash || !items.has(here)) return;
  items.get(here).scrollIntoView({ block: "start" });
  items.get(here).focus({ preventScroll: true });
}

function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function remember() {
  try {
    if (unsaved(queue)) localStorage.setItem(drawer, stored(queue));
    else localStorage.removeItem(drawer);
  } catch {
    // A browser that keeps nothing still saves to the server.
  }
}

function noteChange(event) {
  const item = event.target.closest("[data-position]");
  if (!item) return;
  const typed = isTyped(event.target);
  if (typed && event.type === "change") return hurry();
  if (!typed && event.type === "input") return;
  const position = Number(item.dataset.position);
  queue = put(queue, position, bodyNow(item));
  remember();
  showCell(position);
  showState();
  if (typed) wait(TYPING_PAUSE_MS);
  else send();
}

function wait(milliseconds) {
  clearTimeout(alarm);
  alarm = setTimeout(send, milliseconds);
}

function hurry() {
  clearTimeout(alarm);
  send();
}

/* Send what waits, one after the other; resolves when nothing is left to try now. */
function send() {
  sending ??= sendAll().finally(() => (sending = null));
  return sending;
}

async function sendAll() {
  while (claimed && !held && unsaved(queue)) {
    queue = launched(queue);
    remember();
    if (!(await sendOne(queue.flying))) return;
  }
}

/* Say whether to go on with the next one. */
async function sendOne(flying) {
  const answer = await tell("/exam-answers", flying);
  if (answer?.ok) return kept(answer.body);
  const reason = answer?.body.reason;
  if (reason === "answer-moved") return stop(words.moved);
  if (reason === "answer-other-answer") {
    const told = await beat();
    if (!told?.ok) return later(told);
    queue = renumbered(queue, told.body.next);
    return true;
  }
  if (NEVER.includes(reason) || answer?.status === 413) {
    queue = refused(queue);
    remember();
    showState();
    warn(answer.body.error ?? words.unsaved);
    return true;
  }
  if (reason) beat();
  return later(answer);
}

function kept({ at }) {
  queue = acknowledged(queue);
  remember();
  failures = 0;
  networkBox.hidden = true;
  lastSaved = words.saved.replace("{time}", clockTime(at));
  showState();
  return true;
}

function later(answer) {
  failures += 1;
  showState();
  if (!held) warn(answer?.body.error ?? words.offline);
  wait(Math.max(waitAfter(failures), (answer?.wait ?? 0) * 1000));
  return false;
}

function clockTime(at) {
  return new Date(at).toLocaleTimeString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", hour12: false });
}

/* What a beat brings: the state, the time, the hand, and what was said to the room. */
function hear(answer) {
  if (!answer) return warn(words.offline);
  if (answer.body.reason === "answer-moved") return stop(words.moved);
  if (answer.body.reason === "exam-open-elsewhere") {
    claimed = false;
    return hold(words.elsewhere);
  }
  if (!answer.ok) return undefined;
  const told = answer.body;
  if (ENDED.includes(told.state)) return goTo("/exam-receipt");
  // Held back until now: what another window answered meanwhile must be seen first.
  if (!claimed && heldBox.dataset.elsewhere) return goTo(location.pathname);
  const first = !claimed;
  claimed = true;
  if (queue.next < told.next && !queue.flying) queue = renumbered(queue, told.next);
  takeTime(told);
  showHand(told.hand);
  if (!unsaved(queue)) networkBox.hidden = true;
  hold(told.state === "paused" ? words.paused : null);
  if (first) comeBack();
  showNotice(told.notices[0]);
  return void send();
}

function takeTime({ seconds_left: left }) {
  const now = performance.now();
  const expected = before && before.left - (now - before.at) / 1000;
  if (before && !held && left - expected > 45) announce(words.moreTime.replace("{minutes}", Math.round((left - expected) / 60)));
  before = { left, at: now };
  setClock(left);
}

/* Let nothing be answered for a while, and say why; null lets the work go on. */
function hold(sentence) {
  if (held && !sentence) announce(words.resumed);
  held = Boolean(sentence);
  heldBox.hidden = !held;
  if (held) heldBox.querySelector("[data-held-words]").textContent = sentence;
  if (sentence === words.elsewhere) heldBox.dataset.elsewhere = "1";
  document.body.classList.toggle("is-read-only", held);
  disable(held);
}

/* Until the server has said that this is the one window, nothing is answered in it. */
function disable(off) {
  for (const item of items.values()) item.disabled = off;
}

function stop(sentence) {
  claimed = false;
  leaving = true;
  hold(sentence);
  return false;
}

function showNotice(notice) {
  if (!notice || recall(noticeDrawer) === String(notice.id)) return;
  noticeBox.querySelector("[data-notice-words]").textContent = words.notice.replace("{time}", notice.at).replace("{words}", notice.words);
  noticeBox.hidden = false;
}

function showState() {
  if (!stateBox) return;
  const done = !unsaved(queue);
  stateBox.dataset.state = done ? "saved" : "unsaved";
  stateBox.textContent = done ? lastSaved : words.unsaved;
}

function warn(sentence) {
  const line = networkBox.querySelector("[data-network-words]");
  if (line.textContent !== sentence || networkBox.hidden) line.textContent = sentence;
  networkBox.hidden = false;
}

function showCell(position) {
  const cell = form.querySelector(`[data-cell="${position}"]`);
  const { value, flagged } = read(items.get(position));
  cell.classList.toggle("is-answered", value !== null);
  cell.classList.toggle("is-flagged", flagged);
  const state = [value !== null ? words.answered : words.blank, ...(flagged ? [words.flagged] : [])].join(", ");
  cell.setAttribute("aria-label", words.cell.replace("{number}", position).replace("{state}", state));
}

function markCell(event) {
  const position = event.target.closest("[data-position]")?.dataset.position;
  if (!position) return;
  here = Number(position);
  form.querySelector("[data-cell][aria-current]")?.removeAttribute("aria-current");
  form.querySelector(`[data-cell="${position}"]`).setAttribute("aria-current", "true");
}

/* Go on to the summary only when everything is saved. */
async function leave(event) {
  event.preventDefault();
  clearTimeout(alarm);
  await send();
  const count = unsaved(queue);
  if (count) return warn(words.stillUnsaved.replace("{count}", count));
  return goTo(event.target.closest("a").href);
}

/* Time is up, by the server's word: what waits is sent within the grace, then handed in. */
async function handIn() {
  if (leaving || held) return;
  await send();
  leaving = true;
  form.submit();
}

function goTo(address) {
  leaving = true;
  location.assign(address);
}

begin();
