/* Making elements, icons and announcements; loading a style sheet once. */

const here = new URL(".", import.meta.url);

export function asset(path) {
  return new URL(`../${path}`, here).pathname;
}

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${asset("icons.svg")}#${name}`);
  svg.append(use);
  return svg;
}

/* Say something to a screen reader without moving the focus. */
export function announce(sentence) {
  const region = document.getElementById("announcer");
  if (region) region.textContent = sentence;
}

export function stylesheet(path) {
  const href = asset(path);
  const known = [...document.querySelectorAll('link[rel="stylesheet"]')];
  if (known.some((link) => new URL(link.href).pathname === href)) return;
  document.head.append(make("link", { rel: "stylesheet", href }));
}

/* Show *body* in a modal dialog; it leaves the page when it is closed. */
export function showDialog(body, { label, onclose } = {}) {
  const dialog = make("dialog", { class: "dialog", "aria-label": label }, body);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    onclose?.();
    dialog.remove();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.showModal();
  return dialog;
}
