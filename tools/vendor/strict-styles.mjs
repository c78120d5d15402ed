// media-chrome writes <style> elements into its shadow roots, which a policy of
// `style-src 'self'` forbids.  This esbuild plugin turns them into constructed style
// sheets, which the same policy allows, while the library is being bundled.
import { readFile } from "node:fs/promises";
import path from "node:path";

const HELPER = "strict-styles-helper";

const RUNTIME = `
const sheets = new WeakMap();
// A style element with a name is switched by its media: an inert link takes its place.
function standIn(style, sheet) {
  const link = document.createElement("link");
  link.id = style.id;
  link.media = sheet.media.mediaText = style.media;
  new MutationObserver(() => (sheet.media.mediaText = link.media)).observe(link, { attributeFilter: ["media"] });
  return link;
}
export function adopt(root, html) {
  // The content of a template is inert: nothing in it is applied or refused yet.
  const template = document.createElement("template");
  template.innerHTML = html;
  // Nested components make their own shadow roots.
  template.content.querySelectorAll("template[shadowrootmode]").forEach((nested) => nested.remove());
  const own = [];
  template.content.querySelectorAll("style").forEach((style) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style.textContent);
    own.push(sheet);
    style.replaceWith(...(style.id ? [standIn(style, sheet)] : []));
  });
  root.replaceChildren(document.importNode(template.content, true));
  const last = new CSSStyleSheet();
  own.push(last);
  sheets.set(root, own);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...own];
}
export function rule(root, matches) {
  for (const sheet of sheets.get(root) ?? [])
    for (const found of sheet.cssRules) if (matches(found.selectorText)) return found;
}
export function insert(root, selector) {
  const own = sheets.get(root) ?? [];
  const last = own[own.length - 1];
  if (!last) return { style: { setProperty() {}, removeProperty: () => "", getPropertyValue: () => "" } };
  last.insertRule(selector + "{}", last.cssRules.length);
  return last.cssRules[last.cssRules.length - 1];
}
`;

const UNSAFE = /this\.shadowRoot\.setHTMLUnsafe \? this\.shadowRoot\.setHTMLUnsafe\((\w+)\) : /g;
const SETTING = /this\.shadowRoot\.innerHTML = ([^;]+);/g;

function rewritten(file, source) {
  let out = source.replace(UNSAFE, "").replace(SETTING, "__adopt(this.shadowRoot, $1);");
  const uses = out !== source;
  // A new version of the library has to be looked at, not trusted.
  if (/setHTMLUnsafe|createElement\(.style.\)/.test(out)) throw new Error(`${file} sets styles in a new way`);
  if (file.endsWith(path.join("utils", "element-utils.js"))) {
    out = replaceFunction(out, "getCSSRule", "function getCSSRule(root, matches) { return __rule(root, matches); }");
    out = replaceFunction(out, "insertCSSRule", "function insertCSSRule(root, selector) { return __insert(root, selector); }");
    return `import { rule as __rule, insert as __insert } from "${HELPER}";\n${out}`;
  }
  return uses ? `import { adopt as __adopt } from "${HELPER}";\n${out}` : out;
}

function replaceFunction(source, name, replacement) {
  const start = source.indexOf(`function ${name}(`);
  const end = source.indexOf("\n}\n", start);
  if (start < 0 || end < 0) throw new Error(`${name} is not where it was`);
  return source.slice(0, start) + replacement + source.slice(end + 2);
}

export const strictStyles = {
  name: "strict-styles",
  setup(build) {
    build.onResolve({ filter: new RegExp(`^${HELPER}$`) }, () => ({ path: HELPER, namespace: HELPER }));
    build.onLoad({ filter: /.*/, namespace: HELPER }, () => ({ contents: RUNTIME, loader: "js" }));
    build.onLoad({ filter: /media-chrome[\\/]dist[\\/].*\.js$/ }, async ({ path: file }) => ({
      contents: rewritten(file, await readFile(file, "utf8")),
      loader: "js",
    }));
  },
};
