// Cut the kit (Tabler) down to the rules we use, and put it into a cascade layer, so that
// our own layers always win without fighting over specificity.
import postcss from "postcss";
import parser from "postcss-selector-parser";

// A rule stays when every class in its selector is one of these.
const KEPT = [
  /^(container|container-fluid|container-narrow|row|row-cols-\d|col|offset-(md|lg)-\d+)$/,
  /^col-((sm|md|lg)-)?(auto|\d+)$/,
  /^g[xy]?-[0-5]$/,
  /^(btn|btn-primary|btn-link|btn-icon|btn-list)$/,
  /^(form-control|form-control-plaintext|form-select|form-label|form-text)$/,
  /^(form-check|form-check-input|form-check-label|form-switch|input-group|input-group-text)$/,
  /^(is-invalid|invalid-feedback|disabled|active|show)$/,
  /^(table|table-sm|table-responsive|table-striped)$/,
  /^(card|card-body|card-header|card-footer|card-title)$/,
  /^(alert|alert-(success|info|warning|danger))$/,
  /^(list-unstyled|list-inline|list-inline-item|blockquote|lead|small|mark)$/,
  /^(visually-hidden|visually-hidden-focusable|stretched-link|text-truncate|text-nowrap|text-break)$/,
  /^d-((sm|md|lg|print)-)?(none|block|inline|inline-block|flex|inline-flex|grid)$/,
  /^flex-((md)-)?(row|column|wrap|nowrap|fill|grow-[01]|shrink-[01])$/,
  /^(justify-content|align-items|align-self)-(start|center|end|between|baseline|stretch)$/,
  /^gap-[0-5]$/,
  /^[mp][tbsexy]?-(0|1|2|3|4|5|auto)$/,
  /^text-(start|center|end|md-start|md-end|secondary|danger|success|body)$/,
  /^(w|h)-(25|50|75|100|auto)$/,
  /^(fw-(normal|medium|bold)|fst-italic|lh-(1|sm|base))$/,
  /^(position-(relative|absolute|sticky)|overflow-(auto|hidden)|align-(top|middle|bottom))$/,
  /^(border|border-0|border-(top|bottom)|rounded|float-(start|end)|img-fluid|ratio|ratio-16x9)$/,
];
const DROPPED_ATTRIBUTE = /^data-bs/;

const keeps = (name) => KEPT.some((pattern) => pattern.test(name));

function keptSelectors(rule) {
  const kept = [];
  parser((root) => {
    root.each((selector) => {
      let wanted = true;
      selector.walkClasses((node) => {
        if (!keeps(node.value)) wanted = false;
      });
      selector.walkAttributes((node) => {
        if (DROPPED_ATTRIBUTE.test(node.attribute)) wanted = false;
      });
      if (wanted) kept.push(String(selector).trim());
    });
  }).processSync(rule.selector);
  return kept;
}

function dropUnusedProperties(root) {
  for (let changed = true; changed; ) {
    changed = false;
    const used = new Set(
      root.toString().match(/var\(\s*--[\w-]+/g)?.map((u) => u.replace(/^var\(\s*/, "")),
    );
    root.walkDecls(/^--/, (declaration) => {
      if (!used.has(declaration.prop)) {
        declaration.remove();
        changed = true;
      }
    });
  }
}

export function trimmed(css) {
  const root = postcss.parse(css);
  root.walkComments((comment) => comment.remove());
  root.walkAtRules(/^(charset|font-face|keyframes|-webkit-keyframes)$/, (rule) => rule.remove());
  root.walkRules((rule) => {
    const kept = keptSelectors(rule);
    if (kept.length) rule.selector = kept.join(",");
    else rule.remove();
  });
  dropUnusedProperties(root);
  root.walkRules((rule) => {
    if (!rule.nodes.length) rule.remove();
  });
  for (let empty = true; empty; ) {
    empty = false;
    root.walkAtRules((rule) => {
      if (rule.nodes && !rule.nodes.length) {
        rule.remove();
        empty = true;
      }
    });
  }
  return `@layer kit, tokens, base, components, pages;\n@layer kit {\n${root.toString()}\n}\n`;
}
