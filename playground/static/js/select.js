// A drop-down of a message or a form.

import { el, icon } from "./dom.js";
import { t } from "./strings.js";

let count = 0;

export function selectMenu(component, { testid, chosen }) {
  const many = (component.max_values ?? 1) > 1;
  const id = `select-${++count}`;
  let picked = component.options.filter((o) => o.default).map((o) => o.value);
  const shown = el("span", { class: "picked" });
  const box = el("div", { class: "options", role: "listbox", id, hidden: true, "aria-multiselectable": String(many) });
  const opener = el(
    "button",
    { type: "button", class: "select-face", testid, "aria-haspopup": "listbox", "aria-controls": id, disabled: component.disabled, on: { click: () => toggle(box.hidden) } },
    shown,
    icon("chevron"),
  );
  const root = el("div", { class: "select", on: { keydown: keys } }, opener, box);

  function draw() {
    const labels = component.options.filter((o) => picked.includes(o.value)).map((o) => o.label);
    shown.textContent = labels.join(", ") || component.placeholder || t("choose");
    shown.classList.toggle("empty", !labels.length);
    box.replaceChildren(...component.options.map(option));
  }

  function option(one) {
    const on = picked.includes(one.value);
    return el(
      "button",
      { type: "button", role: "option", "aria-selected": String(on), testid: `option-${one.value}`, on: { click: () => pick(one.value) } },
      one.emoji?.name ? el("span", { class: "emoji" }, one.emoji.name) : null,
      el("span", {}, one.label, one.description ? el("small", {}, one.description) : null),
      on ? icon("check", 18) : null,
    );
  }

  function pick(value) {
    if (!many) picked = [value];
    else if (picked.includes(value)) picked = picked.filter((v) => v !== value);
    else if (picked.length < component.max_values) picked = [...picked, value];
    draw();
    if (!many) {
      toggle(false);
      chosen(picked, opener);
    }
  }

  function toggle(open) {
    const closing = !box.hidden && !open;
    box.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) {
      box.querySelector("button")?.focus();
      document.addEventListener("pointerdown", outside);
    } else {
      document.removeEventListener("pointerdown", outside);
    }
    if (closing && many) chosen(picked, opener);
  }

  function outside(event) {
    if (!root.contains(event.target)) toggle(false);
  }

  function keys(event) {
    if (box.hidden) return;
    const items = [...box.children];
    const at = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items[(at + step + items.length) % items.length].focus();
    else if (event.key === "Escape") {
      toggle(false);
      opener.focus();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  draw();
  return root;
}
