/* Small behaviours of every page: menus, confirmations, messages, errors; and loading the
   larger modules (maths, editor, ordering) only where a page asks for them. */

import { icon, make, showDialog } from "./dom.js";
import { token } from "./http.js";
import { words } from "./words.js";

const MODULES = {
  "[data-math]": "./maths.js",
  "[data-rich-editor]": "./editor.js",
  "[data-sortable]": "./sortable.js",
  "[data-areas], [data-pins], [data-files], [data-count], [data-most], [data-word]": "./answers.js",
};

/* Make a freshly loaded piece of the page work; also called for what htmx swaps in. */
async function enliven(root) {
  root.querySelectorAll("[data-confirm]").forEach(confirmInDialog);
  root.querySelectorAll("[data-dismissable]").forEach(makeDismissable);
  root.querySelectorAll("[data-print]").forEach(makePrinting);
  root.querySelectorAll("details.reader-outline").forEach(openWhereWide);
  for (const [selector, module] of Object.entries(MODULES)) {
    const wanted = root.matches?.(selector) || root.querySelector(selector);
    if (wanted) (await import(module)).enliven(root);
  }
}

/* What folds away on a phone lies open where there is room for it beside the text. */
function openWhereWide(details) {
  details.open = window.matchMedia("(min-width: 64rem)").matches;
  const current = details.querySelector(".is-current, [aria-current]");
  if (details.open && current) details.scrollTop = current.offsetTop - details.clientHeight / 3;
}

/* A confirmation unfolds in place without scripts; here it becomes a dialog. */
function confirmInDialog(details) {
  const body = details.querySelector(".confirm-body");
  const title = body.querySelector(".confirm-title")?.textContent;
  body.querySelectorAll("[data-close]").forEach((button) => (button.hidden = false));
  details.querySelector("summary").addEventListener("click", (event) => {
    event.preventDefault();
    showDialog(body, { label: title, onclose: () => details.append(body) });
  });
}

function makeDismissable(banner) {
  if (banner.querySelector(".banner-close")) return;
  const button = make(
    "button",
    { type: "button", class: "banner-close", "aria-label": words.close, onclick: () => banner.remove() },
    icon("x"),
  );
  banner.append(button);
}

/* A button that only scripts can serve stays hidden until they are here. */
function makePrinting(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

function closeMenus(except) {
  document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
    if (menu !== except) menu.open = false;
  });
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details[data-menu][open]");
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

// A form that is sent twice by an impatient finger is sent once.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button || event.target.method !== "post") return;
  setTimeout(() => button.setAttribute("aria-disabled", "true"));
  event.target.addEventListener("submit", refuse);
  setTimeout(() => {
    button.removeAttribute("aria-disabled");
    event.target.removeEventListener("submit", refuse);
  }, 4000);
});
const refuse = (event) => event.preventDefault();

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token();
});
document.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) enliven(event.detail.elt);
});

enliven(document);
document.querySelector("[data-focus]")?.focus();
