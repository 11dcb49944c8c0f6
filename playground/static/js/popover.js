// The list above the composer: commands, choices, options. Arrow keys walk, Tab and Enter choose.

import { el } from "./dom.js";

let count = 0;

export function popover() {
  const id = `popover-${++count}`;
  const title = el("div", { class: "popover-title" });
  const box = el("div", { class: "popover-items", role: "listbox", id });
  const node = el("div", { class: "popover", hidden: true, testid: "popover" }, title, box);
  let items = [];
  let active = -1;
  let chosen = () => {};
  let owner = null;

  function show({ title: heading, items: found, empty = "", chosen: act = () => {}, note = "", start = 0 }) {
    items = found;
    chosen = act;
    title.replaceChildren(...(Array.isArray(heading) ? heading : [heading]));
    const rows = items.map((one, index) =>
      el(
        "div",
        { class: "item", role: "option", id: `${id}-${index}`, testid: one.testid, on: { pointerdown: (e) => e.preventDefault(), click: () => choose(index), pointermove: () => activate(index) } },
        ...one.face,
      ),
    );
    if (!rows.length && empty) rows.push(el("div", { class: "none", testid: "popover-empty" }, empty));
    if (note) rows.push(el("div", { class: "none", testid: "popover-note" }, note));
    box.replaceChildren(...rows);
    node.hidden = false;
    owner?.setAttribute("aria-expanded", "true");
    activate(items.length ? start : -1);
  }

  function hide() {
    node.hidden = true;
    items = [];
    active = -1;
    owner?.setAttribute("aria-expanded", "false");
    owner?.removeAttribute("aria-activedescendant");
  }

  function activate(index) {
    active = index;
    [...box.children].forEach((row, at) => {
      row.classList.toggle("active", at === index);
      if (row.role === "option") row.setAttribute("aria-selected", String(at === index));
    });
    if (index < 0) return owner?.removeAttribute("aria-activedescendant");
    box.children[index].scrollIntoView({ block: "nearest" });
    owner?.setAttribute("aria-activedescendant", `${id}-${index}`);
  }

  function choose(index) {
    const item = items[index];
    if (item) chosen(item);
  }

  // Returns whether the key was meant for the list.
  function key(event) {
    if (node.hidden || event.ctrlKey || event.altKey || event.metaKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) activate(active < 0 ? (step > 0 ? 0 : items.length - 1) : (active + step + items.length) % items.length);
    else if (["Enter", "Tab"].includes(event.key) && !event.shiftKey && active >= 0) choose(active);
    else if (event.key === "Escape") hide();
    else return false;
    event.preventDefault();
    return true;
  }

  return { id, node, show, hide, key, own: (input) => { owner = input; }, hidden: () => node.hidden };
}
