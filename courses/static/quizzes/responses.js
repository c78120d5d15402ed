/* Reading and writing the response that a question shows, one pair for each item type. */

const inputs = (item) => [...item.querySelectorAll('[name^="response-"]')];
const picked = (item) => inputs(item).filter((input) => input.checked).map((input) => input.value);
const pick = (item, values) => inputs(item).forEach((input) => (input.checked = values.includes(input.value)));

const TYPES = {
  single_choice: {
    read: (item) => picked(item)[0] ?? null,
    write: (item, value) => pick(item, [value]),
  },
  multiple_choice: {
    read: (item) => (picked(item).length ? picked(item) : null),
    write: (item, value) => pick(item, value ?? []),
  },
  true_false: {
    read: (item) => ({ true: true, false: false })[picked(item)[0]] ?? null,
    write: (item, value) => pick(item, [String(value)]),
  },
  short_answer: {
    read: (item) => (inputs(item)[0].value.trim() ? inputs(item)[0].value : null),
    write: (item, value) => (inputs(item)[0].value = value ?? ""),
  },
};

const flag = (item) => item.querySelector('[name^="flag-"]');

export function read(item) {
  return { value: TYPES[item.dataset.kind].read(item), flagged: flag(item).checked };
}

export function write(item, { value, flagged }) {
  TYPES[item.dataset.kind].write(item, value);
  flag(item).checked = flagged;
}
