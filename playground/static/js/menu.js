// A message's menu: apps, copying.

import { el, icon, toast } from "./dom.js";
import { handle } from "./outcome.js";
import { replyTo } from "./replying.js";
import { deed, place, state } from "./state.js";
import { localised, t } from "./strings.js";

const EPHEMERAL = 64;
let close = () => {};

export function openMenu(message, x, y, opener) {
  close();
  const menu = el("div", { class: "menu", role: "menu", testid: "message-menu" }, ...entries(message));
  const layer = document.getElementById("layer");
  layer.append(menu);
  fit(menu, x, y);
  const outside = (event) => {
    if (!menu.contains(event.target)) close();
  };
  const keys = (event) => onKey(event, menu, opener);
  document.addEventListener("pointerdown", outside);
  menu.addEventListener("keydown", keys);
  close = () => {
    menu.remove();
    document.removeEventListener("pointerdown", outside);
    close = () => {};
  };
  menu.querySelector("button")?.focus();
}

function entries(message) {
  const apps = message.flags & EPHEMERAL ? [] : state.commands.filter((c) => c.type === 3);
  const use = async (command) => {
    close();
    await handle(() => deed("menu", { command: command.id, message: message.id }), { name: command.name, type: 23 });
  };
  return [
    el("div", { class: "group", role: "presentation" }, icon("apps", 16), t("apps")),
    ...apps.map((command) =>
      item(localised(command, "name", state.locale), `menu-${command.name}`, () => use(command), state.world.bot.username),
    ),
    apps.length ? null : el("div", { class: "none" }, t("noApps")),
    el("hr"),
    ...(message.flags & EPHEMERAL || !place().writable ? [] : [item(t("reply"), "reply", () => reply(message), null, "reply")]),
    item(t("copyText"), "copy-text", () => copy(message.content), null, "copy"),
    item(t("copyId"), "copy-id", () => copy(message.id), null, "copy"),
  ];
}

const item = (name, testid, act, note = null, face = null) =>
  el(
    "button",
    { role: "menuitem", testid, on: { click: act } },
    el("span", {}, name, note ? el("small", {}, note) : null),
    face ? icon(face, 16) : null,
  );

function reply(message) {
  close();
  replyTo(message);
}

async function copy(text) {
  close();
  await navigator.clipboard?.writeText(text).catch(() => {});
  document.body.dataset.copied = text;
  toast(t("copied"));
}

function fit(menu, x, y) {
  const { width, height } = menu.getBoundingClientRect();
  menu.style.left = `${Math.max(8, Math.min(x, window.innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, Math.min(y, window.innerHeight - height - 8))}px`;
}

function onKey(event, menu, opener) {
  const items = [...menu.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) {
    event.preventDefault();
    items[(at + step + items.length) % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    close();
    (opener.matches?.("button, [tabindex]") ? opener : opener.querySelector("button"))?.focus();
  }
}
