// Discord's markdown as DOM nodes. Untrusted text only ever becomes text nodes and checked links.

import { el, icon } from "./dom.js";
import { person, place, role, state, voice } from "./state.js";
import { t } from "./strings.js";

const FENCE = /```(?:([\w+-]+)\n)?\n?([^]*?)\n?```/g;
const LIST = /^(\s*)([-*]|\d{1,4}\.) +(.*)$/;

export function markdown(text) {
  const found = document.createDocumentFragment();
  let at = 0;
  for (const match of text.matchAll(FENCE)) {
    blocks(found, text.slice(at, match.index).replace(/\n$/, ""));
    found.append(el("pre", { class: "fence" }, el("code", { "data-language": match[1] ?? "" }, match[2])));
    at = match.index + match[0].length;
  }
  blocks(found, text.slice(at).replace(at ? /^\n/ : /^$/, ""));
  return found;
}

function blocks(into, text) {
  if (!text) return;
  const lines = text.split("\n");
  let plain = [];
  const flush = () => {
    if (plain.length) into.append(el("div", { class: "lines" }, ...inline(plain.join("\n"))));
    plain = [];
  };
  while (lines.length) {
    const taken = block(lines);
    if (taken) {
      flush();
      into.append(taken);
    } else {
      plain.push(lines.shift());
    }
  }
  flush();
}

function block(lines) {
  const heading = /^(#{1,3}) +(\S.*)$/.exec(lines[0]);
  if (heading) return lines.shift() && el(`h${heading[1].length}`, {}, ...inline(heading[2]));
  const small = /^-# +(\S.*)$/.exec(lines[0]);
  if (small) return lines.shift() && el("small", { class: "subtext" }, ...inline(small[1]));
  if (/^>>> /.test(lines[0])) {
    const rest = lines.splice(0).join("\n").slice(4);
    return quote(rest);
  }
  if (/^> /.test(lines[0])) {
    const quoted = [];
    while (lines.length && /^> /.test(lines[0])) quoted.push(lines.shift().slice(2));
    return quote(quoted.join("\n"));
  }
  return LIST.test(lines[0]) ? list(lines, 0) : null;
}

function quote(text) {
  const inside = el("blockquote");
  blocks(inside, text);
  return inside;
}

function list(lines, indent) {
  const first = LIST.exec(lines[0]);
  const ordered = /\d/.test(first[2]);
  const found = el(ordered ? "ol" : "ul", ordered ? { start: Number.parseInt(first[2], 10) } : {});
  while (lines.length) {
    const match = LIST.exec(lines[0]);
    if (!match || match[1].length < indent) break;
    if (match[1].length > indent + 1 && found.lastChild) {
      found.lastChild.append(list(lines, match[1].length));
    } else {
      found.append(el("li", {}, ...inline(match[3])));
      lines.shift();
    }
  }
  return found;
}

const wrap = (tag) => (m) => el(tag, {}, ...inline(m[1]));
const RULES = [
  [/\\([^\p{L}\p{N}\s])/u, (m) => m[1]],
  [/(`+)([^]*?[^`])\1(?!`)/, (m) => el("code", { class: "inline" }, m[2])],
  [/\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?(?: +"[^"\n]*")?\)/, (m) => link(m[2], inline(m[1]))],
  [/<(https?:\/\/[^\s>]+)>/, (m) => link(m[1])],
  [/https?:\/\/[^\s<]+[^\s<.,:;"'\])!?*_~|]/, (m) => link(m[0])],
  [/<@!?(\d+)>/, (m) => mention(person(m[1]), m[0])],
  [/<@&(\d+)>/, (m) => el("span", { class: "mention" }, `@${role(m[1])?.name ?? m[1]}`)],
  [/<#(\d+)>/, (m) => el("span", { class: "mention" }, ...channelName(m[1]))],
  [/<\/([-_'\p{L}\p{N} ]{1,100}):\d+>/u, (m) => el("span", { class: "mention" }, `/${m[1]}`)],
  [/<t:(-?\d{1,13})(?::([tTdDfFR]))?>/, (m) => moment(Number(m[1]), m[2])],
  [/<a?:(\w+):\d+>/, (m) => `:${m[1]}:`],
  [/@(?:everyone|here)/, (m) => el("span", { class: "mention" }, m[0])],
  [/\|\|([^]+?)\|\|/, (m) => spoiler(m[1])],
  [/\*\*([^]+?)\*\*(?!\*)/, wrap("strong")],
  [/__([^]+?)__(?!_)/, wrap("u")],
  [/~~([^]+?)~~(?!~)/, wrap("s")],
  [/\*(?=\S)([^*]*(?:\*\*[^*]+\*\*[^*]*)*?\S|\S)\*(?!\*)/, wrap("em")],
  [/(?<![\p{L}\p{N}_])_(?=\S)([^_]+?)_(?![\p{L}\p{N}_])/u, wrap("em")],
];

export function inline(text) {
  const found = [];
  let rest = text;
  while (rest) {
    let best = null;
    for (const [pattern, make] of RULES) {
      const match = pattern.exec(rest);
      if (match && (!best || match.index < best.match.index)) best = { match, make };
    }
    if (!best) break;
    if (best.match.index) found.push(rest.slice(0, best.match.index));
    found.push(best.make(best.match));
    rest = rest.slice(best.match.index + best.match[0].length);
  }
  return rest ? [...found, rest] : found;
}

// Only http and https: the pattern that found the address saw to that, and URL() looks again.
export function link(address, children = [address]) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return el("span", {}, ...children);
  }
  if (!/^https?:$/.test(url.protocol)) return el("span", {}, ...children);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow", title: url.href }, ...children);
}

function channelName(id) {
  const spoken = voice(id);
  return spoken ? [icon("speaker", 14), ` ${spoken.name}`] : [`#${place(id).name}`];
}

function mention(user, raw) {
  return user ? el("span", { class: "mention" }, `@${user.global_name ?? user.username}`) : raw;
}

function spoiler(text) {
  const show = (event) => {
    if (event.type === "keydown" && !["Enter", " "].includes(event.key)) return;
    event.currentTarget.classList.add("shown");
  };
  const attributes = { class: "spoiler", role: "button", tabindex: 0, "aria-label": t("reveal") };
  return el("span", { ...attributes, on: { click: show, keydown: show } }, el("span", {}, ...inline(text)));
}

const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

function moment(seconds, style = "f") {
  const date = new Date(seconds * 1000);
  if (style !== "R") return el("span", { class: "moment" }, date.toLocaleString(state.locale, STYLES[style]));
  const relative = new Intl.RelativeTimeFormat(state.locale, { numeric: "auto" });
  const away = seconds - Date.now() / 1000;
  const [unit, length] = [["day", 86400], ["hour", 3600], ["minute", 60]].find(([, s]) => Math.abs(away) >= s) ?? ["second", 1];
  return el("span", { class: "moment" }, relative.format(Math.round(away / length), unit));
}
