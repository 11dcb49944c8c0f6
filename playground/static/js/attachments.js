// Files under a message: pictures shown, others as cards.

import { el, icon } from "./dom.js";
import { size } from "./format.js";
import { link } from "./markdown.js";

const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

// A picture inside a frame is not shown a second time below it, as in Discord.
export function attachments(message) {
  const framed = message.embeds.flatMap((one) => [one.image?.url, one.thumbnail?.url]);
  const shown = message.attachments.filter((file) => !framed.includes(file.url));
  return shown.map((file) => (PICTURES.includes(file.content_type) ? picture(file) : card(file)));
}

function picture(file) {
  const wide = file.width ? { "aspect-ratio": `${file.width} / ${file.height}`, width: `${Math.min(file.width, 550)}px` } : {};
  const image = el("img", { src: file.url, alt: file.description ?? file.filename, style: wide });
  const found = link(file.url, [image]);
  found.className = "picture";
  found.dataset.testid = "picture";
  return found;
}

function card(file) {
  const name = link(file.url, [file.filename]);
  return el("div", { class: "file", testid: "file" }, icon("file", 36), el("div", {}, name, el("small", {}, size(file.size))));
}
