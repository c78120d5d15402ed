/* What our rich text knows beyond the usual: formulas, and boxes set apart from the text. */

import { Node } from "../vendor/tiptap/tiptap.js";
import { stylesheet } from "./dom.js";
import { draw } from "./maths.js";

function formula({ name, tag, kind, inline }) {
  return Node.create({
    name,
    group: inline ? "inline" : "block",
    inline,
    atom: true,
    selectable: true,
    addAttributes: () => ({
      latex: {
        default: "",
        parseHTML: (element) => element.dataset.latex ?? element.textContent,
        renderHTML: ({ latex }) => ({ "data-latex": latex }),
      },
    }),
    parseHTML: () => [{ tag: `${tag}[data-math]` }],
    renderHTML: ({ HTMLAttributes, node }) => [tag, { "data-math": kind, ...HTMLAttributes }, node.attrs.latex],
    addNodeView() {
      return ({ node }) => {
        stylesheet("vendor/katex/katex.min.css");
        const dom = document.createElement(tag);
        dom.dataset.math = kind;
        dom.className = "editor-maths";
        draw(dom, node.attrs.latex);
        return { dom };
      };
    },
  });
}

export const MathInline = formula({ name: "mathInline", tag: "span", kind: "inline", inline: true });
export const MathBlock = formula({ name: "mathBlock", tag: "div", kind: "block", inline: false });

export const Box = Node.create({
  name: "box",
  group: "block",
  content: "block+",
  defining: true,
  addAttributes: () => ({ class: { default: "note" } }),
  parseHTML: () => [{ tag: "div.note" }, { tag: "div.plan-says" }],
  renderHTML: ({ HTMLAttributes }) => ["div", HTMLAttributes, 0],
});
