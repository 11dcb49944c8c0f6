// Where people write: plain messages, or a command with its options.

import { Refused, say } from "./api.js";
import { commandLine } from "./commandline.js";
import { el, icon, toast } from "./dom.js";
import { dropZone, LARGEST } from "./dropzone.js";
import { encoded, mentionable } from "./mentions.js";
import { matching } from "./picker.js";
import { popover } from "./popover.js";
import { replied, replyBar, replyTo } from "./replying.js";
import { on, place, state } from "./state.js";
import { t } from "./strings.js";
import { record, recordButton } from "./voice/recorder.js";

const drafts = new Map();
let line = null;

export function drawComposer(root) {
  line?.leave();
  line = null;
  const here = place();
  if (!here.writable) {
    root.replaceChildren(el("div", { class: "box closed" }, commandOnly(root), el("span", {}, t("closed"))));
    return;
  }
  plain(root, drafts.get(state.channel) ?? "");
}

on("reply", () => {
  const root = document.getElementById("composer");
  if (!root.querySelector("textarea")) return;
  plain(root, drafts.get(state.channel) ?? "");
  root.querySelector("textarea").focus();
});

// A channel may be closed for messages and open for commands.
function commandOnly(root) {
  return el("button", { class: "tool slash", testid: "slash", "aria-label": t("apps"), on: { click: () => plain(root, "/") } }, icon("apps", 22));
}

function plain(root, text) {
  const here = place();
  const list = popover();
  const zone = dropZone({ id: "attach", testid: "attach", most: 10 });
  const input = el("textarea", {
    class: "write",
    testid: "composer",
    rows: 1,
    value: text,
    placeholder: t("placeholder", { channel: here.private ? `@${here.name}` : `#${here.name}` }),
    "aria-label": t("placeholder", { channel: here.name }),
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    on: { input: typed, keydown: keys, paste: pasted },
  });
  const attach = el("label", { class: "tool attach", title: t("attach") }, icon("plus", 24), zone.node.querySelector("input"));
  zone.node.querySelector(".zone-face").remove();
  zone.node.classList.add("pending-files");
  const again = () => {
    plain(root, drafts.get(state.channel) ?? "");
    root.querySelector("textarea")?.focus();
  };
  const row = el("div", { class: "line" }, attach, input, recordButton(() => record(row, again)));
  const box = el("div", { class: "box", on: { dragover: over, dragleave: out, drop: dropped } }, zone.node, replyBar(), row);
  list.own(input);
  root.replaceChildren(list.node, box);
  typed();

  function typed() {
    drafts.set(state.channel, input.value);
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 300)}px`;
    const wanted = /^\/([^\n]*)$/.exec(input.value);
    if (!wanted) return mention();
    if (!zoneEmpty()) return list.hide();
    list.show({
      title: state.world.bot.username,
      items: matching(state.commands, wanted[1], state.locale),
      empty: t("noCommands"),
      chosen: (item) => command(item.command, item.path),
    });
  }

  function mention() {
    const found = mentionable(input.value, input.selectionStart);
    if (!found?.items.length) return list.hide();
    list.show({
      title: t("mention"),
      items: found.items,
      chosen: ({ user }) => {
        const [before, behind] = [input.value.slice(0, found.at), input.value.slice(input.selectionStart)];
        const name = `@${user.global_name ?? user.username} `;
        input.value = before + name + behind;
        input.selectionStart = input.selectionEnd = before.length + name.length;
        typed();
      },
    });
  }

  function zoneEmpty() {
    return !zone.files().length;
  }

  function keys(event) {
    if (event.isComposing) return;
    if (list.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      send();
    }
  }

  async function send() {
    const files = zone.files();
    if (!input.value.trim() && !files.length) return;
    if (files.some((file) => file.size > LARGEST)) return toast(t("tooBig"));
    const text = input.value;
    input.value = "";
    typed();
    try {
      await say(state.channel, state.user, encoded(text), files, replied() ? { reply_to: replied() } : {});
      replyTo(null);
      plain(root, "");
      root.querySelector("textarea")?.focus();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      input.value = text;
      toast(`${t("unsent")} ${error.message}`);
    }
  }

  function command(chosen, path) {
    list.hide();
    drafts.delete(state.channel);
    line = commandLine(root, chosen, path, (left) => {
      line = null;
      plain(root, left);
      root.querySelector("textarea")?.focus();
    });
  }

  function pasted(event) {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    zone.take(event.clipboardData.files);
  }

  function over(event) {
    event.preventDefault();
    box.classList.add("over");
  }

  function out() {
    box.classList.remove("over");
  }

  function dropped(event) {
    event.preventDefault();
    out();
    zone.take(event.dataTransfer.files);
  }
}
