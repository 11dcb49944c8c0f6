// Voice channels in the sidebar, and who sits in them.

import { avatar, el, icon, nameOf } from "../dom.js";
import { person, state } from "../state.js";
import { t } from "../strings.js";
import { busy, call, join } from "./call.js";
import { isSpeaking } from "./speaking.js";

export function voiceChannels(guild) {
  if (!state.world.voice || !guild.voice.length) return null;
  return el(
    "section",
    { class: "voice-channels", testid: "voice-channels", "data-guild": guild.id },
    el("h2", {}, t("voiceChannels")),
    ...guild.voice.map((channel) => voiceChannel(channel, guild)),
  );
}

function voiceChannel(channel, guild) {
  const here = busy() && call.channel === channel.id;
  const { name, user_limit: limit, sitting } = channel;
  const label = !channel.connectable ? t("voiceLocked", { channel: name }) : t(here ? "voiceHere" : "voiceJoin", { channel: name });
  const seats = limit ? t("voiceSeats", { channel: "", count: sitting.length, limit }).replace(/^: /, "") : "";
  return el(
    "div",
    { class: "voice-channel" },
    el(
      "button",
      {
        class: `channel${here ? " chosen" : ""}`,
        testid: `voice-${name}`,
        "aria-label": [label, seats].filter(Boolean).join(", "),
        "aria-current": here ? "true" : null,
        title: label,
        on: { click: () => join(channel.id, guild.id) },
      },
      icon(channel.connectable ? "speaker" : "lock"),
      el("span", { class: "voice-name" }, name),
      limit ? el("span", { class: "seats", "aria-hidden": "true" }, `${sitting.length}/${limit}`) : null,
    ),
    sitting.length ? el("ul", { class: "sitting", "aria-label": t("voiceSitting", { channel: name }) }, ...sitting.map(sitter)) : null,
  );
}

function sitter({ user, muted, deaf }) {
  const who = person(user);
  return el(
    "li",
    { class: "sitter", testid: `sitter-${who?.username}`, "data-user": user, ...speaking(user) },
    avatar(who ?? { id: user, username: "?" }, 24),
    el("span", { class: "sitter-name" }, nameOf(who)),
    el("span", { class: "unseen sitter-speaks" }, isSpeaking(user) ? t("speaking") : ""),
    muted ? sign("micOff", t("muted")) : null,
    deaf ? sign("earsOff", t("deafened")) : null,
  );
}

const speaking = (user) => ({ "data-speaking": String(isSpeaking(user)) });
const sign = (name, text) => el("span", { class: "sign", role: "img", "aria-label": text, title: text }, icon(name, 16));
