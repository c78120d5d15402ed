/* Put a list into another order, by dragging or by the keyboard.

   <ol data-sortable data-url="/modules/7/order" data-name="activity">
     <li data-id="12" data-label="Bài 1"> <span data-grip></span> … <span data-moves></span> </li>
   </ol>
   The grip is what a pointer drags; the buttons Lên and Xuống are put into [data-moves]
   (or at the end of the item).  After each move {"order": ["12", "9", …]} is posted to
   data-url; when that fails the list goes back to what it was, and says so.  Lists with
   the same data-group take each other's items: the order of each changed list is posted. */

import { announce, icon, make } from "./dom.js";
import { post } from "./http.js";
import { words } from "./words.js";

const items = (list) => [...list.children].filter((child) => child.dataset.id);
const order = (list) => items(list).map((item) => item.dataset.id);
// Lists may lie within items of other lists: only what is the item's own counts.
const own = (item, selector) =>
  [...item.querySelectorAll(selector)].find((found) => found.closest("[data-id]") === item);
const nameOf = (item) => item.dataset.label ?? item.textContent.trim().slice(0, 60);

export function enliven(root) {
  const found = [...root.querySelectorAll("[data-sortable]")];
  if (root.matches?.("[data-sortable]")) found.push(root);
  found.filter((list) => !list.dataset.ready).forEach(prepare);
}

function prepare(list) {
  list.dataset.ready = "yes";
  items(list).forEach((item) => equip(list, item));
  refreshButtons(list);
}

function equip(list, item) {
  const place = own(item, "[data-moves]") ?? item;
  place.append(moveButton(item, "moveUp", "arrow-up", -1), moveButton(item, "moveDown", "arrow-down", 1));
  const grip = own(item, "[data-grip]");
  if (!grip) return;
  grip.append(icon("grip-vertical"));
  grip.title = words.grip;
  grip.addEventListener("pointerdown", (event) => startDrag(event, item));
}

function moveButton(item, word, picture, step) {
  const button = make(
    "button",
    { type: "button", class: "btn btn-quiet btn-icon", "data-move": step, "aria-label": `${words[word]}: ${nameOf(item)}`, title: words[word] },
    icon(picture),
  );
  button.addEventListener("click", () => moveBy(item, step, button));
  return button;
}

function refreshButtons(list) {
  const all = items(list);
  all.forEach((item, place) => {
    const [up, down] = ["-1", "1"].map((step) => own(item, `[data-move="${step}"]`));
    if (up) up.disabled = place === 0;
    if (down) down.disabled = place === all.length - 1;
  });
}

function moveBy(item, step, button) {
  const list = item.parentElement;
  const all = items(list);
  const target = all[all.indexOf(item) + step];
  if (!target) return;
  const before = remember([list]);
  if (step < 0) target.before(item);
  else target.after(item);
  settle(item, [list], before);
  const other = own(item, `[data-move="${-step}"]`);
  (button.disabled ? other : button)?.focus();
}

const remember = (lists) => new Map(lists.map((list) => [list, [...list.children]]));

/* Save the new order of the lists that changed, or put everything back. */
async function settle(item, lists, before) {
  lists.forEach(refreshButtons);
  const now = items(item.parentElement);
  announce(words.moved(nameOf(item), now.indexOf(item) + 1, now.length));
  try {
    for (const list of lists) {
      if (list.dataset.url) await post(list.dataset.url, { order: order(list) });
    }
    announce(words.orderSaved);
    document.querySelectorAll(".sortable-error").forEach((banner) => banner.remove());
  } catch (error) {
    before.forEach((children, list) => list.append(...children));
    lists.forEach(refreshButtons);
    complain(item.parentElement, error.message || words.orderFailed);
  }
}

/* Say what went wrong above the list, where the author looks. */
function complain(list, sentence) {
  list.parentElement.querySelector(".sortable-error")?.remove();
  list.before(make("div", { class: "banner banner-error sortable-error", role: "alert" }, icon("alert-circle"), make("p", { class: "banner-body" }, sentence)));
}

function startDrag(event, item) {
  if (event.button !== 0) return;
  event.preventDefault();
  const home = item.parentElement;
  const group = home.dataset.group;
  const lists = group ? [...document.querySelectorAll(`[data-sortable][data-group="${CSS.escape(group)}"]`)] : [home];
  const before = remember(lists);
  const was = new Map(lists.map((list) => [list, order(list).join()]));
  item.classList.add("is-dragged");

  // The window listens: an element loses the pointer when it is put elsewhere.
  const move = ({ clientX, clientY, pointerId }) => {
    if (pointerId !== event.pointerId) return;
    scrollAtEdge(clientY);
    const under = document.elementFromPoint(clientX, clientY);
    const list = lists.find((candidate) => candidate.contains(under)) ?? null;
    if (!list) return;
    const next = items(list).find((other) => other !== item && clientY < middle(other));
    if (next) next.before(item);
    else list.append(item);
  };
  const end = ({ pointerId }) => {
    if (pointerId !== event.pointerId) return;
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", end);
    window.removeEventListener("pointercancel", end);
    item.classList.remove("is-dragged");
    const changed = lists.filter((list) => order(list).join() !== was.get(list));
    if (changed.length) settle(item, changed, before);
  };
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", end);
  window.addEventListener("pointercancel", end);
}

function middle(element) {
  const box = element.getBoundingClientRect();
  return box.top + box.height / 2;
}

function scrollAtEdge(y) {
  if (y < 60) window.scrollBy({ top: -12, behavior: "instant" });
  else if (y > window.innerHeight - 60) window.scrollBy({ top: 12, behavior: "instant" });
}
