// Which commands fit what was typed after the slash.

import { el } from "./dom.js";
import { localised } from "./strings.js";

export function matching(commands, typed, locale) {
  const wanted = typed.trim().toLowerCase();
  return entries(commands)
    .map((entry) => ({ ...entry, name: nameOf(entry, locale), plain: plainOf(entry) }))
    .filter(({ name, plain }) => name.includes(wanted) || plain.includes(wanted))
    .sort((a, b) => Number(b.name.startsWith(wanted)) - Number(a.name.startsWith(wanted)) || a.name.localeCompare(b.name))
    .map((entry) => item(entry, locale));
}

// Every subcommand is an entry of its own.
function entries(commands) {
  return commands.filter((c) => c.type === 1).flatMap((command) => below(command, command, []));
}

function below(command, node, path) {
  const inner = (node.options ?? []).filter((o) => o.type <= 2);
  if (!inner.length) return [{ command, leaf: node, path }];
  return inner.flatMap((one) => below(command, one, [...path, one]));
}

export const nameOf = ({ command, path }, locale) => [command, ...path].map((one) => localised(one, "name", locale)).join(" ");
const plainOf = ({ command, path }) => [command, ...path].map((one) => one.name).join(" ");

function item(entry, locale) {
  const options = (entry.leaf.options ?? []).filter((o) => o.required);
  return {
    ...entry,
    testid: `command-${entry.plain.replaceAll(" ", "-")}`,
    face: [
      el("span", { class: "item-name" }, `/${entry.name}`),
      ...options.map((o) => el("span", { class: "item-option" }, localised(o, "name", locale))),
      el("small", {}, localised(entry.leaf, "description", locale)),
    ],
  };
}
