// One option of a command: a name, a place to type, and what may be chosen.

import { Refused } from "./api.js";
import { el, icon } from "./dom.js";
import { dropZone, LARGEST } from "./dropzone.js";
import { channels, guild, state } from "./state.js";
import { localised, t } from "./strings.js";

const INTEGER = 4, BOOLEAN = 5, CHANNEL = 7, ROLE = 8, NUMBER = 10, ATTACHMENT = 11;
const DEBOUNCE_MS = 250;

export function pill(option, { list, ask, keys, changed }) {
  const name = localised(option, "name", state.locale);
  if (option.type === ATTACHMENT) return filePill(option, name, { list, keys, changed });
  let picked = null;
  let asked = 0;
  let soon = 0;
  const field = el("input", {
    class: "pill-field",
    testid: `option-${option.name}`,
    "aria-label": `${name}: ${localised(option, "description", state.locale)}`,
    "aria-required": String(Boolean(option.required)),
    "aria-controls": list.id,
    role: "combobox",
    autocomplete: "off",
    spellcheck: false,
    maxLength: option.max_length ?? 6000,
    on: { input: typed, focus: help, keydown, blur: () => list.hide() },
  });
  const node = el("label", { class: "pill", testid: `pill-${option.name}` }, el("span", { class: "pill-name" }, name), field);
  const fixed = choices(option);
  const closed = fixed.length > 0 || [CHANNEL, ROLE].includes(option.type);

  function typed() {
    picked = null;
    field.style.width = "";
    node.classList.remove("bad");
    changed();
    help();
  }

  function help() {
    list.own(field);
    if (option.autocomplete) return later();
    const wanted = field.value.toLowerCase();
    const offered = picked ? fixed : fixed.filter((c) => localised(c, "name", state.locale).toLowerCase().includes(wanted));
    show(offered, closed ? t("noChoices") : "");
  }

  function show(found, empty = "", note = "") {
    list.show({
      title: heading(option, name),
      items: found.map((choice) => ({ choice, testid: `choice-${choice.value}`, face: face(choice) })),
      empty,
      note,
      start: fixed.length ? 0 : -1,
      chosen: (item) => pick(item.choice),
    });
  }

  function pick(choice) {
    picked = choice;
    field.value = localised(choice, "name", state.locale);
    node.classList.remove("bad");
    changed();
    keys(new KeyboardEvent("keydown", { key: "Tab" }), option);
  }

  function later() {
    clearTimeout(soon);
    const mine = ++asked;
    show([], "", t("loading"));
    soon = setTimeout(async () => {
      let found = null;
      try {
        found = await ask(option, field.value);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
      }
      if (mine !== asked || document.activeElement !== field) return;
      if (found?.outcome === "choices") show(found.choices, t("noChoices"));
      else show([], t("loadFailed"));
    }, DEBOUNCE_MS);
  }

  function keydown(event) {
    if (event.isComposing) return;
    if (list.key(event)) return event.stopPropagation();
    if (event.key === "Backspace" && field.value) return;
    keys(event, option);
  }

  function value() {
    if (picked) return picked.value;
    if (field.value === "") return undefined;
    return [INTEGER, NUMBER].includes(option.type) ? Number(field.value.replace(",", ".")) : field.value;
  }

  function fault() {
    if (value() === undefined) return option.required ? t("needed") : "";
    if (closed && !picked) return t("badChoice");
    return option.type === INTEGER || option.type === NUMBER ? numberFault(option, value()) : "";
  }

  return { node, value, fault, filled: () => value() !== undefined, focus: () => field.focus() };
}

// What may be chosen, where that is a list; nothing where people type freely.
function choices(option) {
  if (option.type === BOOLEAN) return [{ name: t("yes"), value: true }, { name: t("no"), value: false }];
  if (option.type === ROLE) return (guild()?.roles ?? []).map((r) => ({ name: r.name.startsWith("@") ? r.name : `@${r.name}`, value: r.id }));
  if (option.type !== CHANNEL) return option.choices ?? [];
  const wanted = option.channel_types ?? [];
  const found = channels().filter((c) => !wanted.length || wanted.includes(c.type));
  return found.map((c) => ({ name: c.name, value: c.id, icon: c.type === 2 ? "speaker" : "hash" }));
}

const face = (choice) => [
  choice.icon ? icon(choice.icon, 16) : null,
  el("span", { class: "item-name" }, localised(choice, "name", state.locale)),
].filter(Boolean);

function numberFault(option, value) {
  if (Number.isNaN(value)) return t("badNumber");
  if (option.type === INTEGER && !Number.isInteger(value)) return t("badWhole");
  const low = option.min_value ?? -(2 ** 53);
  const high = option.max_value ?? 2 ** 53;
  return value < low || value > high ? t("badRange", { low, high }) : "";
}

const heading = (option, name) => [
  el("span", { class: "option-name" }, name),
  el("span", { class: "option-about", testid: "option-about" }, localised(option, "description", state.locale)),
  option.required ? el("span", { class: "required" }, t("required")) : null,
].filter(Boolean);

function filePill(option, name, { list, keys, changed }) {
  const zone = dropZone({ id: `zone-${option.name}`, testid: `zone-${option.name}`, changed: tell });
  const shown = el("button", { type: "button", class: "pill-field", testid: `option-${option.name}`, "aria-label": name, on: { focus, keydown, click: () => zone.node.querySelector("input").click() } });
  const node = el("span", { class: "pill", testid: `pill-${option.name}` }, el("span", { class: "pill-name" }, name), shown);
  zone.node.prepend(el("div", { class: "zone-name" }, name, option.required ? el("span", { class: "star" }, " *") : null));

  function tell() {
    shown.textContent = zone.files()[0]?.name ?? "";
    node.classList.remove("bad");
    changed();
    if (zone.files().length) shown.focus();
  }

  function focus() {
    list.own(shown);
    list.show({ title: heading(option, name), items: [] });
  }

  function keydown(event) {
    if (event.key === "Escape" && !list.hidden()) {
      list.hide();
    } else if (event.key !== " ") keys(event, option);
  }

  function fault() {
    const [file] = zone.files();
    if (file?.size > LARGEST) return t("tooBig");
    return option.required && !file ? t("needed") : "";
  }

  return { node, zone: zone.node, files: zone.files, take: zone.take, value: () => undefined, fault, filled: () => zone.files().length > 0, focus: () => shown.focus() };
}
