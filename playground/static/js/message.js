// One message: who, when, what, and what can be done with it.

import { attachments } from "./attachments.js";
import { rows } from "./components.js";
import { avatar, el, icon, nameOf } from "./dom.js";
import { embeds } from "./embeds.js";
import { clock, full, madeAt, when } from "./format.js";
import { inline, markdown } from "./markdown.js";
import { openMenu } from "./menu.js";
import { dropLocal } from "./messages.js";
import { dismiss } from "./api.js";
import { state } from "./state.js";
import { localised, t } from "./strings.js";

const EPHEMERAL = 64;
const LOADING = 128;

export function draw(message, grouped) {
  const ephemeral = Boolean(message.flags & EPHEMERAL) || message.local;
  const node = el(
    "article",
    {
      class: `message${grouped ? " grouped" : ""}${ephemeral ? " ephemeral" : ""}`,
      testid: "message",
      "data-id": message.id,
      "data-flags": message.flags,
      tabindex: 0,
      "aria-label": `${nameOf(message.author)}: ${message.content ?? ""}`,
    },
    above(message),
    grouped
      ? el("time", { class: "aside", title: full(madeAt(message.id)) }, clock(madeAt(message.id)))
      : el("div", { class: "face" }, avatar(message.author)),
    el("div", { class: "content" }, grouped ? null : head(message), ...body(message), ephemeral ? privacy(message) : null),
    message.local ? null : tools(message),
  );
  if (!message.local) {
    node.addEventListener("contextmenu", (event) => {
      if (event.target.closest("a, input, textarea")) return;
      event.preventDefault();
      openMenu(message, event.clientX, event.clientY, node);
    });
  }
  return node;
}

function above(message) {
  const used = message.interaction;
  if (used) {
    return el(
      "div",
      { class: "above", testid: "used" },
      avatar(used.user, 16),
      el("span", { class: "user" }, nameOf(used.user)),
      ` ${t("used")} `,
      el("span", { class: "mention" }, commandName(used.name, message.type)),
    );
  }
  const reference = message.message_reference;
  if (!reference) return null;
  const replied = state.messages.get(reference.message_id);
  const go = () => {
    const node = document.querySelector(`[data-id="${CSS.escape(reference.message_id)}"]`);
    node?.scrollIntoView({ block: "center", behavior: "smooth" });
  };
  const text = replied?.content.split("\n").find((line) => line.trim()) ?? t("lost");
  return el(
    "button",
    { class: "above reply", on: { click: go } },
    ...(replied ? [avatar(replied.author, 16), el("span", { class: "user" }, nameOf(replied.author)), " "] : []),
    el("span", { class: "quoted" }, ...inline(text.replace(/^(#{1,3}|>|-#|[-*]) /, ""))),
  );
}

function commandName(name, type) {
  const [head, ...rest] = name.split(" ");
  const command = state.commands.find((c) => c.name === name || c.name === head);
  if (type === 23 || command?.type === 3) return command ? localised(command, "name", state.locale) : name;
  const shown = command ? localised(command, "name", state.locale) : head;
  return `/${[shown, ...rest].join(" ")}`;
}

function head(message) {
  const date = madeAt(message.id);
  return el(
    "header",
    {},
    el("span", { class: `author${message.author.bot ? " bot" : ""}` }, nameOf(message.author)),
    message.author.bot ? el("span", { class: "tag" }, icon("check", 12), t("app")) : null,
    el("time", { title: full(date), datetime: date.toISOString() }, when(date)),
  );
}

function body(message) {
  if (message.local) return [localBody(message)];
  if (message.flags & LOADING) return [thinking(message)];
  const edited = message.edited_timestamp
    ? el("span", { class: "edited", title: full(new Date(message.edited_timestamp)), testid: "edited" }, t("edited"))
    : null;
  const text = el("div", { class: "text", testid: "text" }, markdown(message.content));
  const last = text.lastElementChild;
  if (edited) (last?.matches(".lines, .subtext") ? last : text).append(" ", edited);
  return [
    message.content || edited ? text : null,
    ...embeds(message),
    ...attachments(message),
    ...rows(message),
  ];
}

const thinking = (message) =>
  el(
    "div",
    { class: "thinking", testid: "thinking" },
    dots(),
    el("em", {}, t("thinking", { name: nameOf(message.author) })),
  );

export const dots = () => el("span", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));

function localBody(message) {
  if (message.pending) return el("div", { class: "thinking", testid: "pending" }, dots(), el("em", {}, t("sending")));
  return el("div", { class: "silent", testid: "failed" }, icon("alert", 18), message.error === "silent" ? t("silent") : message.error);
}

function privacy(message) {
  if (message.pending) return null;
  const away = () => (message.local ? dropLocal(message.id) : dismiss(message.id, state.user));
  return el(
    "div",
    { class: "privacy", testid: "privacy" },
    icon("eye", 16),
    t("onlyYou"),
    " • ",
    el("button", { class: "link", testid: "dismiss", on: { click: away } }, t("dismiss")),
  );
}

function tools(message) {
  const open = (event) => {
    const { left, bottom } = event.currentTarget.getBoundingClientRect();
    openMenu(message, left, bottom + 4, event.currentTarget);
  };
  return el(
    "div",
    { class: "tools" },
    el(
      "button",
      { testid: "more", title: t("more"), "aria-label": t("more"), "aria-haspopup": "menu", on: { click: open } },
      icon("dots"),
    ),
  );
}
