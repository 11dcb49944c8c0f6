// Files under a message: pictures shown, others as cards.

import { el, icon } from "./dom.js";
import { player } from "./voice/player.js";
import { size } from "./format.js";
import { link } from "./markdown.js";

const VOICE_MESSAGE = 8192;
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp"];

// A picture inside a frame is not shown a second time below it, as in Discord.
export function attachments(message) {
  const framed = message.embeds.flatMap((one) => [one.image?.url, one.thumbnail?.url]);
  const shown = message.attachments.filter((file) => !framed.includes(file.url));
  const voice = Boolean(message.flags & VOICE_MESSAGE);
  return shown.map((file) => {
    if (PICTURES.includes(file.content_type)) return picture(file);
    return file.content_type?.startsWith("audio/") ? player(file, voice, voice ? null : name(file)) : card(file);
  });
}

function picture(file) {
  const wide = file.width ? { "aspect-ratio": `${file.width} / ${file.height}`, width: `${Math.min(file.width, 550)}px` } : {};
  const image = el("img", { src: file.url, alt: file.description ?? file.filename, style: wide });
  const found = link(file.url, [image]);
  found.className = "picture";
  found.dataset.testid = "picture";
  return found;
}

const name = (file) => el("div", {}, link(file.url, [file.filename]), el("small", {}, size(file.size)));

const card = (file) => el("div", { class: "file", testid: "file" }, icon("file", 36), name(file));
