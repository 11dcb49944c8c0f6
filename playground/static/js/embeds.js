// Framed texts under a message.

import { el } from "./dom.js";
import { inline, link, markdown } from "./markdown.js";

export const embeds = (message) => message.embeds.map(embed);

function embed(one) {
  const colour = one.color == null ? null : `#${one.color.toString(16).padStart(6, "0")}`;
  const title = one.title ? el("div", { class: "embed-title" }, one.url ? link(one.url, inline(one.title)) : el("span", {}, ...inline(one.title))) : null;
  return el(
    "div",
    { class: "embed", testid: "embed", style: colour ? { "border-left-color": colour } : {} },
    el(
      "div",
      { class: "embed-main" },
      one.author ? el("div", { class: "embed-author" }, one.author.url ? link(one.author.url, [one.author.name]) : one.author.name) : null,
      title,
      one.description ? el("div", { class: "text embed-text" }, markdown(one.description)) : null,
      one.fields?.length ? el("div", { class: "embed-fields" }, ...one.fields.map(field)) : null,
      one.image ? picture(one.image, "embed-image") : null,
      footer(one),
    ),
    one.thumbnail ? picture(one.thumbnail, "embed-thumbnail") : null,
  );
}

const field = (one) =>
  el(
    "div",
    { class: one.inline ? "embed-field inline" : "embed-field" },
    el("div", { class: "embed-name" }, ...inline(one.name)),
    el("div", { class: "text" }, markdown(one.value)),
  );

function footer(one) {
  const time = one.timestamp ? new Date(one.timestamp).toLocaleString() : "";
  const text = [one.footer?.text, time].filter(Boolean).join(" • ");
  return text ? el("div", { class: "embed-footer" }, text) : null;
}

// With its size known, the page keeps its place at the end while the picture loads.
function picture(one, name) {
  const wide = one.width ? { "aspect-ratio": `${one.width} / ${one.height}`, width: `${Math.min(one.width, 400)}px` } : {};
  return /^https?:/.test(one.url) ? el("img", { class: name, src: one.url, alt: "", loading: "lazy", style: wide }) : null;
}
