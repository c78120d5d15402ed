/* Larger type and stronger contrast, kept on this machine for whoever needs them. */

export function makeSight(root) {
  make(root.querySelector("[data-larger]"), "exam-larger");
  make(root.querySelector("[data-contrast]"), "exam-contrast");
}

function make(button, name) {
  if (!button) return;
  const show = (on) => {
    document.documentElement.classList.toggle(name, on);
    button.setAttribute("aria-pressed", String(on));
  };
  show(recall(name));
  button.addEventListener("click", () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    show(on);
    try {
      sessionStorage.setItem(name, on ? "1" : "");
    } catch {
      // Without a store it holds for this page.
    }
  });
}

function recall(name) {
  try {
    return Boolean(sessionStorage.getItem(name));
  } catch {
    return false;
  }
}
