/* What makes answering easier than the bare form: pointing at pictures, pins that move with
   the arrow keys, words to click into gaps, files that go up at once, words counted.

   Every answer can be given without this file; it only writes into the form's own fields. */

import { make, icon } from "./dom.js";
import { token } from "./http.js";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.02;
const SMALL_STEP = 0.004;

export function enliven(root) {
  each(root, "[data-areas]", makePickable);
  each(root, "[data-pins]", makePins);
  each(root, "[data-words] > [data-word]", makeWord);
  each(root, "[data-files]", makeFiles);
  each(root, "[data-count]", countWords);
  each(root, ".answers[data-most]", boundPicks);
}

function each(root, selector, act) {
  const found = [...root.querySelectorAll(selector)];
  if (root.matches?.(selector)) found.push(root);
  found.filter((element) => !element.dataset.lively).forEach((element) => {
    element.dataset.lively = "1";
    act(element);
  });
}

function changed(input, name = "change") {
  input.dispatchEvent(new Event(name, { bubbles: true }));
}

/* A click on an area of the picture ticks its line in the list. */
function makePickable(picture) {
  const question = picture.closest("fieldset, article, form");
  const inputOf = (area) => question.querySelector(`.answers input[value="${CSS.escape(area.dataset.area)}"]`);
  const areas = [...picture.querySelectorAll("[data-area]")];
  const show = () => areas.forEach((area) => area.classList.toggle("is-picked", Boolean(inputOf(area)?.checked)));
  areas.forEach((area) =>
    area.addEventListener("click", () => {
      const input = inputOf(area);
      if (!input || input.disabled) return;
      input.checked = input.type === "radio" || !input.checked;
      changed(input);
    }),
  );
  question.addEventListener("change", show);
  show();
}

/* Pins: chosen by their button, set by a click or the arrow keys, written into a field. */
function makePins(picture) {
  const question = picture.closest("fieldset, article, form");
  const [width, height] = picture.getAttribute("viewBox").split(" ").slice(2).map(Number);
  const inputs = [...question.querySelectorAll("[data-pin]")];
  let current = inputs[0];
  const pointOf = (input) => input.value.split(",").map((word) => Number.parseInt(word, 10));
  const put = (input, x, y) => {
    const within = (value, most) => Math.round(Math.min(Math.max(value, 0), most));
    input.value = `${within(x, width)}, ${within(y, height)}`;
    show();
    changed(input, "input");
  };
  function show() {
    picture.querySelectorAll("[data-set]").forEach((pin) => pin.remove());
    for (const input of inputs) {
      const [x, y] = pointOf(input);
      if (Number.isNaN(x) || Number.isNaN(y ?? NaN)) continue;
      picture.append(pin(input.dataset.pin, x, y, Math.min(width, height) / 40, input === current));
    }
  }
  for (const input of inputs) {
    const button = input.closest(".match-row").querySelector("[data-aim]");
    button.hidden = false;
    const choose = () => {
      current = input;
      show();
    };
    button.addEventListener("focus", choose);
    button.addEventListener("click", choose);
    input.addEventListener("focus", choose);
    input.addEventListener("input", show);
    button.addEventListener("keydown", (event) => {
      const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
      const way = ways[event.key];
      if (!way) return;
      event.preventDefault();
      const step = event.shiftKey ? SMALL_STEP : STEP;
      const [x, y] = pointOf(input);
      const [fromX, fromY] = Number.isNaN(x) ? [width / 2, height / 2] : [x, y];
      put(input, fromX + way[0] * step * width, fromY + way[1] * step * height);
    });
  }
  picture.addEventListener("click", (event) => {
    const box = picture.getBoundingClientRect();
    put(current, ((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height);
  });
  show();
}

function pin(label, x, y, size, isCurrent) {
  const group = document.createElementNS(SVG, "g");
  group.dataset.set = "1";
  group.setAttribute("class", `picture-pin${isCurrent ? " is-current" : ""}`);
  const dot = document.createElementNS(SVG, "circle");
  const text = document.createElementNS(SVG, "text");
  for (const [name, value] of Object.entries({ cx: x, cy: y, r: size })) dot.setAttribute(name, value);
  for (const [name, value] of Object.entries({ x: x + size * 1.5, y, "font-size": size * 2.4, "dominant-baseline": "central" })) text.setAttribute(name, value);
  text.textContent = label;
  group.append(dot, text);
  return group;
}

/* A word of the bank goes into the first empty gap that takes it; it can also be dragged. */
function makeWord(word) {
  const question = word.closest("fieldset, article, form");
  const gaps = () => [...question.querySelectorAll(".passage select")];
  const takes = (gap) => !gap.disabled && [...gap.options].some((option) => option.value === word.dataset.word);
  const fill = (gap) => {
    gap.value = word.dataset.word;
    changed(gap);
  };
  word.draggable = true;
  word.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", word.dataset.word));
  word.addEventListener("click", () => {
    const gap = gaps().find((one) => !one.value && takes(one));
    if (gap) fill(gap);
  });
  for (const gap of gaps().filter(takes)) {
    gap.addEventListener("dragover", (event) => event.preventDefault());
    gap.addEventListener("drop", (event) => {
      if (event.dataTransfer.getData("text/plain") !== word.dataset.word) return;
      event.preventDefault();
      fill(gap);
    });
  }
  const show = () => word.classList.toggle("is-used", gaps().some((gap) => gap.value === word.dataset.word));
  question.addEventListener("change", show);
  show();
}

/* A file goes up as soon as it is chosen; its id then stands in the form. */
function makeFiles(box) {
  const words = JSON.parse(box.dataset.words);
  const list = box.querySelector("[data-file-list]");
  const chooser = box.querySelector("[data-file]");
  const state = box.querySelector("[data-file-state]");
  const item = box.closest("[data-kind]");
  const name = `response-${chooser.id.replace("file-", "")}${item?.dataset.kind === "essay" ? "-files" : ""}`;
  chooser.addEventListener("change", async () => {
    const file = chooser.files[0];
    if (!file) return;
    if (list.children.length >= Number(box.dataset.most)) return (state.textContent = words.full);
    state.textContent = words.sending;
    const answer = await send(file);
    chooser.value = "";
    if (!answer.id) return (state.textContent = answer.error ?? words.failed);
    state.textContent = "";
    add(answer);
  });
  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-remove]");
    if (!button) return;
    button.closest("li").remove();
    changed(chooser);
    chooser.focus();
  });
  function add({ id, name: shown }) {
    const hidden = make("input", { type: "hidden", name, value: id });
    const button = make("button", { type: "button", class: "btn btn-quiet", "data-remove": "", "aria-label": words.remove.replace("{name}", shown) }, icon("x"));
    list.append(make("li", {}, icon("file"), make("span", {}, shown), hidden, button));
    changed(chooser);
  }
}

async function send(file) {
  try {
    const answer = await fetch(`/response-files?${new URLSearchParams({ name: file.name })}`, {
      method: "POST",
      headers: { Accept: "application/json", "Content-Type": file.type || "application/octet-stream", "X-CSRFToken": token() },
      body: file,
    });
    return await answer.json();
  } catch {
    return {};
  }
}

function countWords(area) {
  const place = document.querySelector(`#${CSS.escape(area.dataset.count)} [data-words]`);
  const show = () => (place.textContent = `(${area.value.split(/\s+/).filter(Boolean).length})`);
  area.addEventListener("input", show);
  show();
}

/* No more ticks than the question allows: the others wait until one is taken away. */
function boundPicks(answers) {
  const boxes = [...answers.querySelectorAll("input")];
  const bound = () => {
    const full = boxes.filter((box) => box.checked).length >= Number(answers.dataset.most);
    boxes.forEach((box) => (box.disabled = full && !box.checked));
  };
  answers.addEventListener("change", bound);
  bound();
}
