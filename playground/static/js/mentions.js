// "@name" while one writes, Discord's <@id> in what is sent.

import { avatar, el, nameOf } from "./dom.js";
import { state } from "./state.js";

const everybody = () => [state.world.bot, ...state.world.people];

// The people that fit what stands before the caret, and where their "@" is.
export function mentionable(text, caret) {
  const found = /(?:^|\s)@([^\s@]*)$/.exec(text.slice(0, caret));
  if (!found) return null;
  const wanted = found[1].toLowerCase();
  const items = everybody()
    .filter((one) => [nameOf(one), one.username].some((name) => name.toLowerCase().startsWith(wanted)))
    .map((one) => ({ user: one, testid: `mention-${one.username}`, face: [avatar(one, 20), el("span", { class: "item-name" }, ` ${nameOf(one)}`)] }));
  return { at: caret - found[1].length - 1, items };
}

export function encoded(text) {
  const names = everybody().flatMap((one) => [[nameOf(one), one.id], [one.username, one.id]]);
  names.sort(([a], [b]) => b.length - a.length);
  return names.reduce((sent, [name, id]) => sent.replaceAll(`@${name}`, `<@${id}>`), text);
}
