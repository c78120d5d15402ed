/* Turn <textarea data-rich-editor> into an editor; without scripts the textarea stays.

   data-upload-url: where pictures go, as a form with "file"; the answer is {"url": …}.
   The HTML is written back into the textarea at every change, so the form sends it. */

import { Editor, Image, StarterKit, TableKit } from "../vendor/tiptap/tiptap.js";
import { make, stylesheet } from "./dom.js";
import { Box, MathBlock, MathInline } from "./editor-nodes.js";
import { toolbar } from "./editor-toolbar.js";
import { words } from "./words.js";

export function enliven(root) {
  stylesheet("css/authoring.css");
  root.querySelectorAll("textarea[data-rich-editor]").forEach((textarea) => {
    if (!textarea.dataset.ready) open(textarea);
  });
}

function open(textarea) {
  textarea.dataset.ready = "yes";
  const surface = make("div", { class: "editor-surface" });
  const frame = make("div", { class: "editor" }, surface);
  textarea.before(frame);
  const editor = new Editor({
    element: surface,
    injectCSS: false,
    content: textarea.value,
    extensions: [
      StarterKit.configure({ heading: { levels: [2, 3, 4] }, link: { openOnClick: false, HTMLAttributes: { target: null, rel: null } } }),
      Image,
      TableKit.configure({ table: { resizable: false } }),
      MathInline,
      MathBlock,
      Box,
    ],
    editorProps: { attributes: named(textarea) },
    onUpdate: () => (textarea.value = editor.isEmpty ? "" : editor.getHTML()),
  });
  frame.prepend(toolbar(editor, textarea.dataset.uploadUrl));
  hide(textarea, editor);
  return editor;
}

function named(textarea) {
  const attributes = {
    class: "editor-content prose",
    role: "textbox",
    "aria-multiline": "true",
    "aria-label": textarea.labels[0]?.textContent.trim() ?? words.editor,
  };
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (textarea.hasAttribute(name)) attributes[name] = textarea.getAttribute(name);
  }
  return attributes;
}

/* The editor takes over the address, so that labels and error links lead to it. */
function hide(textarea, editor) {
  for (const label of textarea.labels) label.addEventListener("click", () => editor.commands.focus());
  editor.view.dom.id = textarea.id;
  textarea.id = `${textarea.id}-source`;
  textarea.required = false;
  textarea.hidden = true;
}
