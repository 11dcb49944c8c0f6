// The list of messages: grouped, kept in place while single ones change.

import { el } from "./dom.js";
import { day, madeAt, snowflakeNow } from "./format.js";
import { draw } from "./message.js";
import { place, state } from "./state.js";
import { t } from "./strings.js";

const TOGETHER_MS = 7 * 60 * 1000;
const NEAR_END_PX = 120;
const drawn = new Map();
const local = new Map();
const followed = new WeakSet();
let shownIn = "";
let atEnd = true;

export function drawMessages(list) {
  if (shownIn !== `${state.channel} ${state.user}`) local.clear();
  shownIn = `${state.channel} ${state.user}`;
  drawn.clear();
  list.replaceChildren(beginning());
  atEnd = true;
  keepNew(list);
}

export function keepNew(list) {
  follow(list);
  const messages = [...state.messages.values(), ...local.values()].sort(byId);
  const wanted = [list.firstElementChild ?? beginning()];
  let before = null;
  for (const message of messages) {
    const date = madeAt(message.id);
    if (!before || madeAt(before.id).toDateString() !== date.toDateString()) {
      wanted.push(keyed(`day ${date.toDateString()}`, "", () => divider(date)));
    }
    const grouped = together(before, message);
    wanted.push(keyed(message.id, JSON.stringify([message, grouped]), () => draw(message, grouped)));
    before = message;
  }
  arrange(list, wanted);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

// Whoever reads the end stays there, also while pictures load above it.
function follow(list) {
  if (followed.has(list)) return;
  followed.add(list);
  list.addEventListener("scroll", () => {
    atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR_END_PX;
  });
  const stay = () => {
    if (atEnd) list.scrollTop = list.scrollHeight;
  };
  list.addEventListener("load", stay, { capture: true });
}

function keyed(id, content, make) {
  const known = drawn.get(id);
  if (known?.content === content) return known.node;
  const node = make();
  drawn.set(id, { content, node });
  return node;
}

// Moves nothing that is in its place already, so that open menus and focus survive.
function arrange(list, wanted) {
  const keep = new Set(wanted);
  for (const node of [...list.children]) if (!keep.has(node)) node.remove();
  wanted.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
}

const byId = (a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1);

function together(before, message) {
  if (!before || message.interaction || message.message_reference || before.local || message.local) return false;
  const soon = madeAt(message.id) - madeAt(before.id) < TOGETHER_MS;
  const private_ = (one) => one.flags & 64;
  return soon && before.author.id === message.author.id && private_(before) === private_(message);
}

const divider = (date) => el("div", { class: "divider", role: "separator" }, el("span", {}, day(date)));

function beginning() {
  const here = place();
  const text = here.private ? t("startPrivate", { name: here.name }) : t("start");
  const name = here.private ? here.name : `#${here.name}`;
  return el(
    "div",
    { class: "beginning" },
    el("div", { class: "big" }, here.private ? "@" : "#"),
    el("h2", {}, here.private ? name : t("welcome", { channel: name })),
    el("p", {}, text),
  );
}

// A row that only this page knows: a command on its way, or one that was not answered.
export function addLocal(row) {
  const id = snowflakeNow();
  local.set(id, { id, local: true, author: state.world.bot, flags: 0, ...row });
  keepNew(document.getElementById("messages"));
  return id;
}

export function dropLocal(id) {
  local.delete(id);
  keepNew(document.getElementById("messages"));
}
