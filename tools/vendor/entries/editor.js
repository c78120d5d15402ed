// The parts of TipTap that lms/static/js/editor.js uses, as one module.
export { Editor, Node, mergeAttributes } from "@tiptap/core";
export { default as Image } from "@tiptap/extension-image";
export { TableKit } from "@tiptap/extension-table";
export { default as StarterKit } from "@tiptap/starter-kit";
