// A chosen command: its options as pills that are filled in one after the other.

import { upload } from "./api.js";
import { el, icon } from "./dom.js";
import { pill } from "./pill.js";
import { handle } from "./outcome.js";
import { nameOf } from "./picker.js";
import { popover } from "./popover.js";
import { deed, state } from "./state.js";
import { localised, t } from "./strings.js";

const TEXT = 3, ATTACHMENT = 11;

export function commandLine(root, command, path, left) {
  const leaf = path.at(-1) ?? command;
  const options = (leaf.options ?? []).filter((o) => o.type > 2);
  const list = popover();
  const pills = new Map();
  const zones = el("div", { class: "zones" });
  const row = el("div", { class: "pills", testid: "command-line" });
  const more = el("button", { type: "button", class: "more", testid: "more-options", on: { click: offer, focus: offer, keydown: moreKeys } });
  const name = nameOf({ command, path }, state.locale);
  const cancel = el("button", { type: "button", class: "tool", "aria-label": t("cancel"), testid: "command-cancel", on: { click: () => leave("") } }, icon("close"));
  const problem = el("div", { class: "command-problem", role: "alert", testid: "command-problem" });
  const line = el("div", { class: "line" }, el("span", { class: "command-name", testid: "command-name" }, `/${name}`), row, more, cancel);
  const box = el("div", { class: "box command", on: { dragover: (e) => e.preventDefault(), drop: dropped } }, zones, line, problem);
  root.replaceChildren(list.node, box);
  for (const option of options.filter((o) => o.required)) add(option);
  tellMore();
  (pills.values().next().value ?? { focus: () => more.focus() }).focus();
  if (!options.length) more.focus();

  function add(option) {
    const made = pill(option, { list, values: typedValues, ask: suggestions, keys, changed });
    pills.set(option.name, made);
    row.append(made.node);
    if (made.zone) zones.append(made.zone);
    tellMore();
    return made;
  }

  function remove(option) {
    const made = pills.get(option.name);
    made.node.remove();
    made.zone?.remove();
    pills.delete(option.name);
    tellMore();
  }

  function unused() {
    return options.filter((o) => !pills.has(o.name));
  }

  function tellMore() {
    more.textContent = unused().length ? t("optional", { count: unused().length }) : "";
    more.classList.toggle("unseen", !unused().length);
  }

  function offer() {
    list.own(more);
    if (!unused().length) return list.hide();
    list.show({
      title: t("options"),
      items: unused().map((option) => ({
        option,
        testid: `offer-${option.name}`,
        face: [el("span", { class: "item-name" }, localised(option, "name", state.locale)), el("small", {}, localised(option, "description", state.locale))],
      })),
      start: -1,
      chosen: (item) => add(item.option).focus(),
    });
  }

  function moreKeys(event) {
    if (list.key(event)) return;
    if (event.key === "Enter") {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") leave("");
    else if (event.key === "Backspace") back(null);
    else if (isCharacter(event)) begin();
  }

  // Whoever types on after the command means its first text: the field that has the focus now
  // gets the character.
  function begin() {
    const text = unused().find((o) => o.type === TEXT && !o.choices?.length);
    if (text) add(text).focus();
  }

  // Keys that a pill leaves to the line.
  function keys(event, option) {
    const order = [...pills.values()];
    const at = order.indexOf(pills.get(option.name));
    if (event.key === "Enter") {
      event.preventDefault();
      send();
    } else if (event.key === "Escape") leave("");
    else if (event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      (order[at + 1] ?? more).focus();
    } else if (event.key === "Tab" && at > 0) {
      event.preventDefault();
      order[at - 1].focus();
    } else if (event.key === "Backspace") back(option);
  }

  function back(option) {
    const order = [...pills.values()];
    if (option && !option.required) {
      remove(option);
      ([...pills.values()].at(-1) ?? more).focus();
    } else if (!option && order.length) order.at(-1).focus();
    else if (order.length < 2) leave(`/${name}`);
  }

  function changed() {
    problem.textContent = "";
  }

  function typedValues() {
    const found = {};
    for (const [key, one] of pills) if (!one.zone && one.value() !== undefined && !one.fault()) found[key] = one.value();
    return found;
  }

  function suggestions(option, typed) {
    return deed("autocomplete", {
      command: command.id,
      path: path.map((p) => p.name),
      options: { ...typedValues(), [option.name]: typed },
      focused: option.name,
    });
  }

  function dropped(event) {
    event.preventDefault();
    const wanted = options.find((o) => o.type === ATTACHMENT && !pills.get(o.name)?.filled());
    if (wanted) (pills.get(wanted.name) ?? add(wanted)).take(event.dataTransfer.files);
  }

  async function send() {
    for (const one of pills.values()) {
      const fault = one.fault();
      one.node.classList.toggle("bad", Boolean(fault));
      if (fault) {
        problem.textContent = fault;
        return one.focus();
      }
    }
    const chosen = [...pills].map(([key, one]) => [key, one]);
    leave("");
    await handle(async () => {
      const values = {};
      for (const [key, one] of chosen) {
        const value = one.zone ? await uploaded(one) : one.value();
        if (value !== undefined) values[key] = value;
      }
      return deed("slash", { command: command.id, path: path.map((p) => p.name), options: values });
    }, { name: [command, ...path].map((p) => p.name).join(" "), type: 20 });
  }

  async function uploaded(one) {
    const [file] = one.files();
    return file && (await upload(state.channel, file)).id;
  }

  function leave(text) {
    list.hide();
    left(text);
  }

  return { leave: () => list.hide() };
}

const isCharacter = (event) => event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
