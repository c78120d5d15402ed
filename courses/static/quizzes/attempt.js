/* The quiz page: saves each response as it is given, and says so in words.

   The state is "Đã lưu 09:41:07" only while the server has acknowledged everything that
   the page shows; in every other case it is "Chưa lưu".  What is not acknowledged is kept
   in this browser and sent after a reload.  One window writes; another one only shows, and
   says so, until the learner lets it take over. */

import { announce } from "../js/dom.js";
import { token } from "../js/http.js";
import { acknowledged, isFinal, next, put, refused, restored, stored, tried, unsaved, waitAfter } from "./queue.js";
import { isTouched, isTyped, read, write } from "./responses.js";
import { startTimer } from "./timer.js";
import { isElsewhere, windowName } from "./writer.js";

const TYPING_PAUSE_MS = 700;
const form = document.querySelector("[data-attempt]");
const words = JSON.parse(form.dataset.words);
const items = new Map([...form.querySelectorAll("[data-position]")].map((item) => [Number(item.dataset.position), item]));
const stateBox = form.querySelector("[data-save-state]");
const networkBox = form.querySelector("[data-network]");
const drawer = `attempt-${form.dataset.attempt}`;

let queue;
let failures = 0;
let sending = null;
let alarm = null;
let handingIn = false;
let lastSaved = stateBox?.textContent ?? "";
const lost = new Set();
const elsewhereBox = form.querySelector("[data-elsewhere]");
let writer = "";
let readOnly = false;
let setClock = () => {};

function begin() {
  if (form.dataset.secondsLeft !== undefined) {
    setClock = startTimer({
      box: form.querySelector("[data-timer]"),
      seconds: Number(form.dataset.secondsLeft),
      clockUrl: form.dataset.clockUrl,
      say: announce,
      words,
      onover: handIn,
    });
  }
  if (!items.size) return;
  takeOverButton().addEventListener("click", takeOver);
  hold();
  takeUp();
  stateBox.hidden = false;
  form.addEventListener("input", noteChange);
  form.addEventListener("change", noteChange);
  form.addEventListener("submit", leave);
  form.addEventListener("focusin", markCell);
  window.addEventListener("online", () => send());
  window.addEventListener("beforeunload", (event) => {
    if (!handingIn && unsaved(queue)) event.preventDefault();
  });
  showState();
  send();
}

/* Find again what was not acknowledged before a reload, and what was answered while this
   script was still on its way: the page shows it, and the server has not heard of it. */
function takeUp() {
  const early = [...items].filter(([, item]) => isTouched(item)).map(([position, item]) => [position, read(item)]);
  const known = Object.fromEntries([...items].map(([position, item]) => [position, Number(item.dataset.sequence)]));
  const current = Object.fromEntries([...items].map(([position, item]) => [position, read(item)]));
  const found = restored(recall(), known, current);
  queue = found.queue;
  for (const [position, { value, flagged, certainty }] of early) queue = put(queue, position, value, flagged, certainty);
  remember();
  for (const [position, save] of Object.entries(queue.waiting)) {
    write(items.get(Number(position)), save);
    showCell(Number(position));
  }
  if (found.overtaken.length) warn(words.overtaken.replace("{numbers}", found.overtaken.join(", ")));
}

/* Ask to be the one window that writes.  Without network the first save will ask. */
async function hold() {
  writer = await windowName(form.dataset.attempt);
  form.elements.writer.value = writer;
  const answer = await tell(form.dataset.writerUrl, { writer, take_over: false });
  if (isElsewhere(answer)) onlyShow(words.elsewhere);
  else send();
}

async function takeOver() {
  takeOverButton().disabled = true;
  await tell(form.dataset.writerUrl, { writer, take_over: true });
  handingIn = true;
  location.reload();
}

function takeOverButton() {
  return elsewhereBox.querySelector("[data-take-over]");
}

function onlyShow(sentence) {
  readOnly = true;
  clearTimeout(alarm);
  elsewhereBox.querySelector("[data-elsewhere-words]").textContent = sentence;
  elsewhereBox.hidden = false;
  networkBox.hidden = true;
  document.body.classList.add("is-read-only");
  for (const item of items.values()) item.disabled = true;
  form.querySelectorAll(".quiz-submit button, [data-check]").forEach((button) => (button.disabled = true));
}

function recall() {
  try {
    return localStorage.getItem(drawer);
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
  const { value, flagged, certainty } = read(item);
  queue = put(queue, position, value, flagged, certainty);
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

/* Send what waits, one save after the other; resolves when nothing is left to try now. */
function send() {
  sending ??= sendAll().finally(() => (sending = null));
  return sending;
}

async function sendAll() {
  for (let save = next(queue); save && writer && !handingIn && !readOnly; save = next(queue)) {
    queue = tried(queue, save.position);
    remember();
    if (!(await sendOne(save))) {
      if (!readOnly) wait(waitAfter(failures));
      return;
    }
  }
}

/* Say whether the save is settled, kept or refused. */
async function sendOne(save) {
  const answer = await request(save);
  if (answer?.ok) {
    keep(save, answer.body);
    return true;
  }
  if (isElsewhere(answer)) {
    onlyShow(words.moved);
    return false;
  }
  if (answer && isFinal(answer.status)) {
    queue = refused(queue, save.position, save.sequence);
    remember();
    lost.add(save.position);
    showState();
    warn(answer.body.error ?? words.unsaved);
    return true;
  }
  failures += 1;
  showState();
  warn(answer?.status === 401 ? words.signedOut : answer?.body.advice ?? words.offline);
  return false;
}

function request(save) {
  return tell(form.dataset.saveUrl, { ...save, writer });
}

/* Gives {ok, status, body}, or null without network. */
async function tell(url, said) {
  try {
    const answer = await fetch(url, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(said),
      redirect: "error",
    });
    return { ok: answer.ok, status: answer.status, body: await answer.json().catch(() => ({})) };
  } catch {
    return null;
  }
}

function keep(save, body) {
  failures = 0;
  lost.delete(save.position);
  queue = acknowledged(queue, save.position, body.sequence);
  remember();
  form.elements[`sequence-${save.position}`].value = body.sequence;
  lastSaved = words.saved.replace("{time}", body.saved_at);
  setClock(body.seconds_left);
  if (!lost.size) networkBox.hidden = true;
  showState();
}

function showState() {
  const done = !unsaved(queue) && !lost.size;
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
  handingIn = true;
  if (!event.submitter?.hasAttribute("data-check")) return location.assign(form.dataset.summaryUrl);
  form.action = event.submitter.formAction;
  form.submit();
}

/* Time is up: hand the whole form in, so that what was not yet saved goes with it. */
function handIn() {
  if (handingIn) return;
  handingIn = true;
  if (readOnly) return location.reload();
  form.action = form.dataset.submitUrl;
  form.submit();
}

begin();
