// A place to drop or choose files.

import { el, icon } from "./dom.js";
import { size } from "./format.js";
import { t } from "./strings.js";

export const LARGEST = 10 << 20;

export function dropZone({ id, testid, most = 1, changed = () => {} }) {
  let found = [];
  const input = el("input", { id, type: "file", class: "unseen", testid: `${testid}-file`, multiple: most > 1, on: { change: () => take(input.files) } });
  const names = el("div", { class: "zone-files" });
  const node = el(
    "div",
    { class: "zone", testid, on: { dragover: over, dragleave: out, drop: dropped } },
    el("label", { class: "zone-face" }, input, icon("file", 28), el("span", { class: "zone-text" }, t("drop"))),
    names,
  );

  function over(event) {
    event.preventDefault();
    node.classList.add("over");
  }

  function out() {
    node.classList.remove("over");
  }

  function dropped(event) {
    event.preventDefault();
    event.stopPropagation();
    out();
    take(event.dataTransfer.files);
  }

  function take(files) {
    found = [...(most > 1 ? found : []), ...files].slice(0, most);
    draw();
    changed(found);
  }

  function draw() {
    node.classList.toggle("full", found.length >= most);
    names.replaceChildren(...found.map((file) =>
      el(
        "div",
        { class: `zone-file${file.size > LARGEST ? " bad" : ""}`, testid: "zone-file" },
        icon("file", 20),
        el("span", {}, file.name, " ", el("small", {}, file.size > LARGEST ? t("tooBig") : size(file.size))),
        el("button", { type: "button", class: "tool", "aria-label": t("remove"), on: { click: () => drop(file) } }, icon("close", 16)),
      ),
    ));
  }

  function drop(file) {
    found = found.filter((one) => one !== file);
    input.value = "";
    draw();
    changed(found);
  }

  return { node, files: () => found, take, focus: () => input.focus() };
}
