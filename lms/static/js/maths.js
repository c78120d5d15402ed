/* Draw the formulas of a page: every [data-math] with its LaTeX in data-latex. */

import { stylesheet } from "./dom.js";
import katex from "../vendor/katex/katex.js";

const LIMITS = { trust: false, maxSize: 20, maxExpand: 200, throwOnError: false, strict: "ignore" };

export function draw(element, latex = element.dataset.latex) {
  katex.render(latex ?? element.textContent, element, {
    ...LIMITS,
    displayMode: element.dataset.math === "block",
  });
}

export function enliven(root) {
  stylesheet("vendor/katex/katex.min.css");
  const found = [...root.querySelectorAll("[data-math]")];
  if (root.matches?.("[data-math]")) found.push(root);
  for (const element of found) {
    // Formulas inside an open editor are drawn by the editor.
    if (!element.closest(".editor-content")) draw(element);
  }
}
