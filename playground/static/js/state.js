// What the page knows, and who wants to hear when that changes.

import * as api from "./api.js";
import { speak } from "./strings.js";

const KEPT = "playground";
const listeners = new Map();

export const state = {
  world: null,
  user: "",
  guild: "",
  channel: "",
  locale: "en-US",
  messages: new Map(),
  commands: [],
  exchanges: new Map(),
  calls: [],
  violations: [],
  panel: false,
};

export function on(what, listener) {
  if (!listeners.has(what)) listeners.set(what, []);
  listeners.get(what).push(listener);
}

export function changed(what, detail) {
  for (const listener of listeners.get(what) ?? []) listener(detail);
}

export function person(id = state.user) {
  return state.world.people.find((p) => p.id === id) ?? (id === state.world.bot.id ? state.world.bot : null);
}

export const guild = () => state.world.guilds.find((g) => g.id === state.guild) ?? null;

export function voice(id) {
  return state.world.guilds.flatMap((g) => g.voice).find((c) => c.id === id) ?? null;
}

export const role = (id) => state.world.guilds.flatMap((g) => g.roles).find((r) => r.id === id) ?? null;

// Of the guild that is shown; those that an option of a command may name.
export function channels() {
  const here = guild();
  return here ? [...here.channels.map((c) => ({ ...c, type: 0 })), ...here.voice.map((c) => ({ ...c, type: 2 }))] : [];
}

export function place(id = state.channel) {
  for (const one of state.world.guilds) {
    const found = one.channels.find((c) => c.id === id);
    if (found) return found;
  }
  return { id: state.world.private, name: state.world.bot.username, private: true, writable: true };
}

let stop = () => {};
let loading = 0;
let meanwhile = null; // news that came while a channel is loaded, which may not know of them

export async function start() {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
  state.locale = kept.locale ?? (navigator.language.startsWith("ru") ? "ru" : "en-US");
  state.panel = kept.panel ?? window.innerWidth >= 1200;
  speak(state.locale);
  await enter(kept.user ?? "", kept.channel ?? "");
}

export async function enter(user, channel = state.channel) {
  stop();
  state.world = await api.world(user);
  state.user = state.world.me;
  const record = await api.exchanges();
  state.exchanges = new Map(record.exchanges.map((e) => [e.id, e]));
  state.calls = record.calls;
  state.violations = await api.violations();
  stop = api.news(state.user, state.world.event, heard);
  await visit(channel);
}

export async function visit(channel) {
  const visible = state.world.guilds.flatMap((g) => g.channels.map((c) => [c.id, g.id]));
  const found = visible.find(([id]) => id === channel);
  if (channel !== state.world.private) [state.channel, state.guild] = found ?? visible[0];
  else [state.channel, state.guild] = [channel, ""];
  remember();
  const mine = ++loading;
  const late = (meanwhile = []);
  const [shown, commands] = await Promise.all([
    api.messages(state.channel, state.user),
    api.commands(state.channel, state.user),
  ]);
  if (mine !== loading) return;
  state.messages = new Map(shown.messages.map((m) => [m.id, m]));
  state.commands = commands;
  meanwhile = null;
  late.forEach(heard);
  changed("place");
}

export function choose(changes) {
  Object.assign(state, changes);
  speak(state.locale);
  remember();
  changed("place");
}

function remember() {
  const { user, channel, locale, panel } = state;
  localStorage.setItem(KEPT, JSON.stringify({ user, channel, locale, panel }));
}

async function heard({ kind, data }) {
  if (kind.startsWith("message") || kind === "commands") meanwhile?.push({ kind, data });
  if (kind === "message_create" || kind === "message_update") {
    if (data.channel_id !== state.channel) return;
    state.messages.set(data.id, data);
    changed("messages", data.id);
  } else if (kind === "message_delete") {
    state.messages.delete(data.id);
    changed("messages", data.id);
  } else if (kind === "exchange") {
    state.exchanges.set(data.id, data);
    changed("exchanges", data.id);
  } else if (kind === "call") {
    once(state.calls, data);
    changed("exchanges", "");
  } else if (kind === "violation") {
    once(state.violations, data);
    changed("exchanges", data.interaction);
  } else if (kind === "voice_state") {
    seat(data);
    changed("voice");
  } else if (kind === "restart") {
    await enter(state.user, state.channel);
  } else if (kind === "commands") {
    state.commands = await api.commands(state.channel, state.user);
    changed("commands");
  }
}

// Somebody sat down in a voice channel, moved, got up, or muted themselves.
function seat({ guild_id, channel_id, user_id, self_mute, self_deaf }) {
  const channels = state.world.guilds.find((g) => g.id === guild_id)?.voice ?? [];
  for (const one of channels) {
    const at = one.sitting.findIndex((s) => s.user === user_id);
    const here = one.id === channel_id;
    const now = { user: user_id, muted: self_mute, deaf: self_deaf };
    if (at >= 0) one.sitting.splice(at, 1, ...(here ? [now] : []));
    else if (here) one.sitting.push(now);
  }
}

// What was loaded a moment ago may come once more as news.
function once(list, data) {
  if (!list.some((one) => one.at === data.at)) list.push(data);
}

// Sends what the person did here; the outcome is for whoever asked.
export function deed(kind, more) {
  const { user, channel, locale } = state;
  return api.interact({ user, channel, locale, kind, ...more });
}
