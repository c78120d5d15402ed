/* The toolbar of the editor: one stop of the Tab key, arrows within, every button named. */

import { announce, icon, make, showDialog } from "./dom.js";
import { post } from "./http.js";
import { words } from "./words.js";

const chain = (editor) => editor.chain().focus();

// word, icon, act, active when (a node or mark, and its attributes), shown when
const BUTTONS = [
  ["heading2", "h-2", (e) => chain(e).toggleHeading({ level: 2 }).run(), ["heading", { level: 2 }]],
  ["heading3", "h-3", (e) => chain(e).toggleHeading({ level: 3 }).run(), ["heading", { level: 3 }]],
  null,
  ["bold", "bold", (e) => chain(e).toggleBold().run(), ["bold"]],
  ["italic", "italic", (e) => chain(e).toggleItalic().run(), ["italic"]],
  ["underline", "underline", (e) => chain(e).toggleUnderline().run(), ["underline"]],
  null,
  ["bulletList", "list", (e) => chain(e).toggleBulletList().run(), ["bulletList"]],
  ["orderedList", "list-numbers", (e) => chain(e).toggleOrderedList().run(), ["orderedList"]],
  ["blockquote", "blockquote", (e) => chain(e).toggleBlockquote().run(), ["blockquote"]],
  null,
  ["link", "link", askLink, ["link"]],
  ["image", "photo", askImage],
  ["maths", "math-function", askMaths],
  ["table", "table-plus", (e) => chain(e).insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run()],
  null,
  ["undo", "arrow-back-up", (e) => chain(e).undo().run()],
  ["redo", "arrow-forward-up", (e) => chain(e).redo().run()],
];

const TABLE_BUTTONS = [
  ["rowAfter", (e) => chain(e).addRowAfter().run()],
  ["columnAfter", (e) => chain(e).addColumnAfter().run()],
  ["deleteRow", (e) => chain(e).deleteRow().run()],
  ["deleteColumn", (e) => chain(e).deleteColumn().run()],
  ["deleteTable", (e) => chain(e).deleteTable().run()],
];

export function toolbar(editor, uploadUrl) {
  const buttons = [];
  const row = make("div", { class: "editor-toolbar", role: "toolbar", "aria-label": words.toolbar });
  for (const entry of BUTTONS) {
    if (!entry) row.append(make("span", { class: "editor-divider" }));
    else if (entry[0] !== "image" || uploadUrl) row.append(button(editor, entry, buttons, uploadUrl));
  }
  const table = make("div", { class: "editor-table-tools", hidden: true });
  for (const [word, act] of TABLE_BUTTONS) {
    table.append(make("button", { type: "button", class: "editor-button", onclick: () => act(editor) }, words[word]));
  }
  roam(row, buttons.map(({ element }) => element));
  const refresh = () => {
    for (const { element, active } of buttons) {
      if (active) element.setAttribute("aria-pressed", String(editor.isActive(...active)));
    }
    table.hidden = !editor.isActive("table");
  };
  editor.on("transaction", refresh);
  refresh();
  // A press must not take the text's focus: what is typed at once after it would be lost.
  const keepFocus = (event) => event.preventDefault();
  return make("div", { class: "editor-tools", onmousedown: keepFocus }, row, table);
}

function button(editor, [word, picture, act, active], buttons, uploadUrl) {
  const element = make(
    "button",
    { type: "button", class: "editor-button", "aria-label": words[word], title: words[word], onclick: () => act(editor, uploadUrl) },
    icon(picture),
  );
  buttons.push({ element, active });
  return element;
}

/* One Tab stop; the arrow keys, Home and End walk along the buttons. */
function roam(row, elements) {
  elements.forEach((element, place) => (element.tabIndex = place ? -1 : 0));
  row.addEventListener("keydown", (event) => {
    const now = elements.indexOf(document.activeElement);
    const last = elements.length - 1;
    const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: last }[event.key];
    if (now < 0 || next === undefined) return;
    event.preventDefault();
    elements[now].tabIndex = -1;
    const target = elements[Math.min(Math.max(next, 0), last)];
    target.tabIndex = 0;
    target.focus();
  });
}

let asked = 0;

/* Ask in a dialog; *fields* are [name, label, input, help].  *done* gets the values. */
function ask(title, fields, done) {
  const inputs = {};
  const form = make("form", { class: "confirm-body", method: "dialog", novalidate: true });
  form.append(make("p", { class: "confirm-title" }, title));
  for (const [name, label, input, help] of fields) {
    input.id = `ask-${(asked += 1)}`;
    inputs[name] = input;
    form.append(labelled(input, label, help));
  }
  form.append(
    make(
      "div",
      { class: "form-actions" },
      make("button", { type: "submit", class: "btn btn-primary" }, words.insert),
      make("button", { type: "button", class: "btn btn-secondary", "data-close": true }, words.cancel),
    ),
  );
  const dialog = showDialog(form, { label: title });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    dialog.close();
    done(inputs);
  });
}

function labelled(input, label, help) {
  if (input.type === "checkbox") {
    input.className = "choice-input";
    return make("div", { class: "choice" }, input, make("label", { class: "choice-label", for: input.id }, label));
  }
  input.className = "form-control";
  const field = make("div", { class: "field" }, make("label", { class: "field-label", for: input.id }, label), input);
  if (help) field.append(make("p", { class: "field-help" }, help));
  return field;
}

function askLink(editor) {
  if (editor.isActive("link")) {
    chain(editor).extendMarkRange("link").unsetLink().run();
    return;
  }
  const address = make("input", { type: "url", autofocus: true });
  ask(words.link, [["address", words.linkAddress, address, words.linkHelp]], () => {
    const href = address.value.trim();
    if (!href) return;
    if (editor.state.selection.empty) {
      chain(editor).insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
    } else {
      chain(editor).setLink({ href }).run();
    }
  });
}

function askMaths(editor) {
  const selected = editor.state.selection.node;
  const known = selected?.type.name.startsWith("math") ? selected : null;
  const latex = make("textarea", { rows: 3, spellcheck: "false", autofocus: true });
  latex.value = known?.attrs.latex ?? "";
  const block = make("input", { type: "checkbox" });
  block.checked = known?.type.name === "mathBlock";
  const fields = [
    ["latex", words.latex, latex, words.latexHelp],
    ["block", words.ownLine, block],
  ];
  ask(words.maths, fields, () => {
    if (!latex.value.trim()) return;
    const type = block.checked ? "mathBlock" : "mathInline";
    chain(editor).insertContent({ type, attrs: { latex: latex.value.trim() } }).run();
  });
}

function askImage(editor, uploadUrl) {
  const file = make("input", { type: "file", accept: "image/png,image/jpeg,image/webp,image/gif" });
  const alt = make("input", { type: "text" });
  const fields = [
    ["file", words.imageFile, file],
    ["alt", words.imageText, alt],
  ];
  ask(words.image, fields, async () => {
    if (!file.files.length) return;
    const form = new FormData();
    form.append("file", file.files[0]);
    announce(words.uploading);
    try {
      const { url } = await post(uploadUrl, form);
      chain(editor).setImage({ src: url, alt: alt.value.trim() }).run();
    } catch (error) {
      tell(editor, error.message || words.uploadFailed);
    }
  });
}

/* Say what went wrong above the text, where the author looks. */
function tell(editor, sentence) {
  const tools = editor.view.dom.closest(".editor").querySelector(".editor-tools");
  tools.querySelector(".editor-error")?.remove();
  tools.append(make("p", { class: "editor-error field-error", role: "alert" }, icon("alert-circle"), sentence));
}
