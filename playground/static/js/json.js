// JSON for reading: indented, keys and strings coloured.

import { el } from "./dom.js";

const TOKEN = /("(?:\\.|[^"\\])*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

export function json(value) {
  const text = typeof value === "string" ? indented(value) : JSON.stringify(value, null, 2) ?? "";
  const found = el("pre", { class: "json" });
  let at = 0;
  for (const match of text.matchAll(TOKEN)) {
    found.append(text.slice(at, match.index));
    const kind = match[2] ? "key" : match[1] ? "string" : "value";
    found.append(el("span", { class: kind }, match[1] ?? match[0]), match[2] ?? "");
    at = match.index + match[0].length;
  }
  found.append(text.slice(at));
  return found;
}

function indented(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
