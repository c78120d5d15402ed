/* Reading and writing the response that a question shows.

   A question of one field sends `response-3`; one of several parts sends `response-3-b` for
   its part b.  How a response is made of them depends on the item type. */

const inputs = (item) => [...item.querySelectorAll('[name^="response-"]')];
const isTick = (input) => input.type === "checkbox" || input.type === "radio";
const picked = (item) => inputs(item).filter((input) => input.checked).map((input) => input.value);
const pick = (item, values) => inputs(item).forEach((input) => (input.checked = values.includes(input.value)));
const partOf = (input) => input.name.split("-").slice(2).join("-");
const filled = (object) => (Object.keys(object).length ? object : null);

const one = {
  read: (item) => picked(item)[0] ?? null,
  write: (item, value) => pick(item, [value]),
};
const many = {
  read: (item) => (picked(item).length ? picked(item) : null),
  write: (item, value) => pick(item, value ?? []),
};
const line = {
  read: (item) => (inputs(item)[0].value.trim() ? inputs(item)[0].value : null),
  write: (item, value) => (inputs(item)[0].value = value ?? ""),
};

/* A number, and the unit that is chosen beside it. */
const measure = {
  read: (item) => {
    const [number, unit] = inputs(item).map((input) => input.value.trim());
    return number ? [number, unit].filter(Boolean).join(" ") : null;
  },
  write: (item, value) => {
    const [number, unit] = inputs(item);
    const known = unit && [...unit.options].map((option) => option.value).find((name) => name && value?.endsWith(` ${name}`));
    number.value = known ? value.slice(0, -known.length - 1) : value ?? "";
    if (unit) unit.value = known ?? "";
  },
};

/* {part: what is chosen or written}; a part of checkboxes is a list. */
const parts = {
  read: (item) => {
    const found = {};
    for (const input of inputs(item)) {
      const part = partOf(input);
      if (input.type === "checkbox") {
        if (input.checked) (found[part] ??= []).push(input.value);
      } else if (input.type === "radio") {
        if (input.checked) found[part] = input.value;
      } else if (input.value.trim()) found[part] = input.value.trim();
    }
    return filled(found);
  },
  write: (item, value) => {
    for (const input of inputs(item)) {
      const said = value?.[partOf(input)];
      if (isTick(input)) input.checked = [said].flat().includes(input.value);
      else input.value = said ?? "";
    }
  },
};

const TRUTH = { true: true, false: false };
const statements = {
  read: (item) => {
    const said = parts.read(item);
    return said && Object.fromEntries(Object.entries(said).map(([part, word]) => [part, TRUTH[word]]));
  },
  write: (item, value) =>
    parts.write(item, value && Object.fromEntries(Object.entries(value).map(([part, truth]) => [part, String(truth)]))),
};

/* The whole order as a list, or as far as it was made {option: place}. */
const order = {
  read: (item) => {
    const said = parts.read(item);
    if (!said) return null;
    const places = Object.fromEntries(Object.entries(said).map(([part, place]) => [part, Number(place)]));
    const ranks = new Set(Object.values(places));
    if (ranks.size < inputs(item).length) return places;
    return Object.keys(places).sort((a, b) => places[a] - places[b]);
  },
  write: (item, value) => {
    const places = Array.isArray(value) ? Object.fromEntries(value.map((part, index) => [part, index + 1])) : value;
    parts.write(item, places && Object.fromEntries(Object.entries(places).map(([part, place]) => [part, String(place)])));
  },
};

/* Pairs of two menus each; half a pair is none. */
const pairs = {
  read: (item) => {
    const found = {};
    for (const input of inputs(item)) if (input.value) (found[partOf(input)] ??= []).push(input.value);
    const whole = Object.values(found).filter((pair) => pair.length === 2);
    const seen = new Set();
    const once = whole.filter((pair) => {
      const name = [...pair].sort().join("|");
      return !seen.has(name) && seen.add(name);
    });
    return once.length ? once : null;
  },
  write: (item, value) => {
    const said = (value ?? []).flat();
    inputs(item).forEach((input, index) => (input.value = said[index] ?? ""));
  },
};

/* {marker: [[x, y], …]}, written "x, y". */
const points = {
  read: (item) => {
    const found = {};
    for (const input of inputs(item)) {
      const point = input.value.split(",").map((word) => Number.parseInt(word, 10));
      if (point.length === 2 && point.every(Number.isInteger)) (found[partOf(input)] ??= []).push(point);
    }
    return filled(found);
  },
  write: (item, value) => {
    const left = structuredClone(value ?? {});
    for (const input of inputs(item)) input.value = left[partOf(input)]?.shift()?.join(", ") ?? "";
  },
};

const fileIds = (item) => inputs(item).filter((input) => input.type === "hidden").map((input) => Number(input.value));
const files = {
  read: (item) => (fileIds(item).length ? fileIds(item) : null),
  // Names of files are known to the server alone; a reload shows them.
  write: () => {},
};
const essay = {
  read: (item) => {
    const text = item.querySelector("textarea")?.value ?? "";
    if (fileIds(item).length) return { text, files: fileIds(item) };
    return text.trim() ? text : null;
  },
  write: (item, value) => {
    const area = item.querySelector("textarea");
    if (area) area.value = (typeof value === "object" ? value?.text : value) ?? "";
  },
};

const TYPES = {
  single_choice: one,
  multiple_choice: many,
  true_false: {
    read: (item) => TRUTH[picked(item)[0]] ?? null,
    write: (item, value) => pick(item, [String(value)]),
  },
  statements,
  short_answer: line,
  numerical: measure,
  calculated: measure,
  calculated_choice: {
    read: (item) => (inputs(item)[0].type === "radio" ? one : many).read(item),
    write: (item, value) => pick(item, [value].flat()),
  },
  matching: parts,
  ordering: order,
  cloze: parts,
  drag_words: parts,
  hot_text: many,
  association: pairs,
  hotspot: many,
  image_labels: parts,
  markers: points,
  essay,
  file_upload: files,
  description: { read: () => null, write: () => {} },
};

const flag = (item) => item.querySelector('[name^="flag-"]');

const sureness = (item) => [...item.querySelectorAll('[name^="certainty-"]')];

export function read(item) {
  const sure = sureness(item).find((input) => input.checked);
  return { value: TYPES[item.dataset.kind].read(item), flagged: flag(item).checked, certainty: sure ? Number(sure.value) : null };
}

export function write(item, { value, flagged, certainty = null }) {
  TYPES[item.dataset.kind].write(item, value);
  flag(item).checked = flagged;
  sureness(item).forEach((input) => (input.checked = Number(input.value) === certainty));
}

/* Whether somebody is typing in it, so that a pause should come before the save. */
export function isTyped(input) {
  return input.tagName === "TEXTAREA" || input.type === "text";
}

/* Whether the page shows something else than the server wrote into it. */
export function isTouched(item) {
  return [...item.querySelectorAll("input, textarea, select")].some((input) => {
    if (input.tagName === "SELECT") {
      const written = [...input.options].findIndex((option) => option.defaultSelected);
      return input.selectedIndex !== Math.max(written, 0);
    }
    if (input.type === "hidden" || input.type === "file") return false;
    return isTick(input) ? input.checked !== input.defaultChecked : input.value !== input.defaultValue;
  });
}
