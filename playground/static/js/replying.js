// Which message one is about to answer.

import { el, icon, nameOf } from "./dom.js";
import { changed, state } from "./state.js";
import { t } from "./strings.js";

let to = null;

export function replyTo(message) {
  to = message;
  changed("reply");
}

// The message's id, "" for none.
export const replied = () => (to?.channel_id === state.channel ? to.id : "");

export function replyBar() {
  if (!replied()) return null;
  return el(
    "div",
    { class: "replying", testid: "replying" },
    el("span", {}, t("replyingTo", { name: nameOf(to.author) })),
    el("button", { type: "button", class: "tool", "aria-label": t("replyCancel"), on: { click: () => replyTo(null) } }, icon("close", 16)),
  );
}
