// The inputs of a form. Each has `node`, `id`, `value()` or `files()`, and `check()`.

import { el } from "./dom.js";
import { dropZone } from "./dropzone.js";
import { selectMenu } from "./select.js";
import { t } from "./strings.js";

let count = 0;

export function fieldOf(component) {
  const id = `field-${++count}`;
  const problem = el("div", { class: "field-problem", role: "alert" });
  const made = (MAKERS[component.type] ?? MAKERS[4])(component, id);
  const check = () => {
    problem.textContent = made.fault();
    return !problem.textContent;
  };
  return { ...made, id, check, node: el("div", { class: "field" }, made.node, problem) };
}

const needed = (component, empty) => (component.required !== false && empty ? t("fieldNeeded") : "");

const MAKERS = { 3: choice, 4: text, 19: files, 21: radios, 22: checks, 23: check };

function text(component, id) {
  const most = component.max_length ?? 4000;
  const counter = el("small", { class: "counter" });
  const input = el(component.style === 2 ? "textarea" : "input", {
    id,
    class: "input",
    testid: `input-${component.custom_id}`,
    placeholder: component.placeholder ?? "",
    maxLength: most,
    value: component.value ?? "",
    autocomplete: "off",
    on: { input: tell },
  });
  function tell() {
    const shown = component.style === 2 || component.max_length;
    counter.textContent = shown ? `${input.value.length}/${most}` : "";
  }
  tell();
  const fault = () => {
    const length = input.value.length;
    if (!length) return needed(component, true);
    return length < (component.min_length ?? 0) ? t("tooShort", { count: component.min_length }) : "";
  };
  return { node: el("div", { class: "counted" }, input, counter), value: () => input.value, fault };
}

function choice(component) {
  let values = component.options.filter((o) => o.default).map((o) => o.value);
  const node = selectMenu(component, { testid: `input-${component.custom_id}`, chosen: (found) => { values = found; } });
  return { node, value: () => values, fault: () => needed(component, !values.length) };
}

function files(component, id) {
  const zone = dropZone({ id, testid: `input-${component.custom_id}`, most: component.max_values ?? 1 });
  return { node: zone.node, files: zone.files, fault: () => needed(component, !zone.files().length) };
}

function boxes(component, id, type) {
  const inputs = component.options.map((option) =>
    el("input", { type, name: id, value: option.value, checked: option.default, testid: `input-${component.custom_id}-${option.value}` }),
  );
  const node = el(
    "div",
    { class: "boxes", id },
    ...component.options.map((option, index) =>
      el("label", {}, inputs[index], el("span", {}, option.label, option.description ? el("small", {}, option.description) : null)),
    ),
  );
  return { node, chosen: () => inputs.filter((i) => i.checked).map((i) => i.value) };
}

function radios(component, id) {
  const { node, chosen } = boxes(component, id, "radio");
  return { node, value: () => chosen()[0] ?? null, fault: () => needed(component, !chosen().length) };
}

function checks(component, id) {
  const { node, chosen } = boxes(component, id, "checkbox");
  return { node, value: chosen, fault: () => needed(component, !chosen().length) };
}

function check(component, id) {
  const input = el("input", { type: "checkbox", id, checked: component.default, testid: `input-${component.custom_id}` });
  return { node: input, value: () => input.checked, fault: () => "" };
}
