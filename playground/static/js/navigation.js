// Servers, channels, who you are, and the bar above the messages.

import { avatar, el, icon, nameOf } from "./dom.js";
import { choose, enter, guild, person, place, state, visit } from "./state.js";
import { t } from "./strings.js";
import { callChip, callPanel } from "./voice/panel.js";
import { voiceChannels } from "./voice/channels.js";

const app = () => document.getElementById("app");
export const closeDrawer = () => app().classList.remove("drawer");

export function drawRail(rail) {
  rail.setAttribute("aria-label", t("servers"));
  const home = {
    name: t("privateChats"),
    testid: "guild-private",
    chosen: !state.guild,
    face: icon("people", 26),
    go: () => visit(state.world.private),
  };
  const guilds = state.world.guilds.map((one) => ({
    name: one.name,
    testid: `guild-${one.id}`,
    chosen: one.id === state.guild,
    face: one.name.split(" ").map((word) => word[0]).join(""),
    go: () => visit(one.channels[0].id),
  }));
  rail.replaceChildren(server(home), el("div", { class: "rule" }), ...guilds.map(server));
}

const server = ({ name, testid, chosen, face, go }) =>
  el(
    "button",
    { class: `server${chosen ? " chosen" : ""}`, testid, title: name, "aria-label": name, "aria-current": chosen ? "true" : null, on: { click: go } },
    face,
  );

export function drawSidebar(sidebar) {
  const here = guild();
  const rows = here ? here.channels.map(channelRow) : [privateRow()];
  sidebar.replaceChildren(
    el("header", { class: "guild-name", testid: "guild-name" }, here?.name ?? t("privateChats")),
    el(
      "nav",
      { class: "channels", "aria-label": t("channels") },
      el("h2", {}, here ? t("textChannels") : t("privateChats")),
      ...rows,
      here ? voiceChannels(here) : null,
    ),
    ...callPanel(),
    me(),
  );
}

const channelRow = (channel) =>
  row(channel.id, `channel-${channel.name}`, icon("hash"), channel.name);

const privateRow = () =>
  row(state.world.private, "channel-private", avatar(state.world.bot, 32), state.world.bot.username);

function row(id, testid, face, name) {
  const chosen = id === state.channel;
  const go = () => {
    visit(id);
    closeDrawer();
  };
  const attributes = { class: `channel${chosen ? " chosen" : ""}`, testid, "aria-current": chosen ? "page" : null };
  return el("button", { ...attributes, on: { click: go } }, face, el("span", {}, name));
}

function me() {
  const user = person();
  const role = guild()?.admins.includes(user.id) ? t("admin") : t("member");
  const people = state.world.people.map((one) =>
    el("option", { value: one.id, selected: one.id === user.id }, nameOf(one)),
  );
  const languages = [["en-US", "English"], ["ru", "Русский"]].map(([value, name]) =>
    el("option", { value, selected: value === state.locale }, name),
  );
  return el(
    "section",
    { class: "me" },
    avatar(user, 32),
    el(
      "label",
      { class: "who" },
      el("select", { testid: "person", "aria-label": t("switchPerson"), on: { change: (e) => enter(e.target.value) } }, ...people),
      el("small", { testid: "role" }, role),
    ),
    el(
      "select",
      { class: "language", testid: "language", "aria-label": t("language"), on: { change: (e) => choose({ locale: e.target.value }) } },
      ...languages,
    ),
  );
}

export function drawHeader(header) {
  const here = place();
  const toggle = () => choose({ panel: !state.panel });
  header.replaceChildren(
    el(
      "button",
      { class: "tool burger", testid: "burger", "aria-label": t("openMenu"), on: { click: () => app().classList.toggle("drawer") } },
      icon("menu", 24),
    ),
    here.private ? avatar(state.world.bot, 24) : icon("hash", 24),
    el("h1", { testid: "channel-name" }, here.name),
    here.topic ? el("p", { class: "topic", title: here.topic }, here.topic) : null,
    el("span", { class: "space" }),
    callChip(() => app().classList.add("drawer")),
    el(
      "button",
      { class: `tool${state.panel ? " on" : ""}`, testid: "toggle-panel", title: t("panel"), "aria-label": t("panel"), "aria-pressed": String(state.panel), on: { click: toggle } },
      icon("code", 24),
    ),
  );
}

document.addEventListener("click", (event) => {
  if (event.target.closest(".chat") && !event.target.closest(".burger, .call-chip")) closeDrawer();
});
