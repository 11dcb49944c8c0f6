// The call's panel above one's own name, as in Discord; it is drawn into the same node again.

import { el, icon } from "../dom.js";
import { state, voice } from "../state.js";
import { t } from "../strings.js";
import { clock } from "./player.js";
import { call, choose, join, leave, play, setVolume, stopFile, toggleDeaf, toggleMute } from "./call.js";
import { isSpeaking } from "./speaking.js";

const node = el("section", { class: "call", testid: "call", hidden: true });
const announced = el("div", { class: "unseen", role: "status", testid: "call-status" });
const chooser = el("input", { type: "file", accept: "audio/*,.wav,.mp3,.ogg,.opus,.m4a,.flac", class: "unseen", tabindex: -1, testid: "call-file", on: { change: chosen } });
let progress = 0;

export function callPanel() {
  drawCall();
  return [node, announced];
}

export function drawCall() {
  node.hidden = call.phase === "idle";
  node.setAttribute("aria-label", t("voicePanel"));
  node.dataset.phase = call.phase;
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.testid : "";
  const inside = call.phase === "connected" ? [...connected()] : [head()];
  node.replaceChildren(...inside, ...notes(), ...rejoin(), chooser);
  if (focused) (node.querySelector(`[data-testid="${focused}"]`) ?? node.querySelector("button"))?.focus();
  announce(node.hidden ? "" : [t(TITLES[call.phase]), where(), ...notes().map((note) => note.textContent)].join(". "));
  clearInterval(progress);
  if (call.file && !call.file.reading) progress = setInterval(drawProgress, 200);
}

const TITLES = { connecting: "voiceConnecting", connected: "voiceConnected", refused: "voiceRefused", lost: "voiceLost", idle: "voiceLeave" };

function announce(text) {
  if (announced.textContent !== text) announced.textContent = text;
}

function where() {
  const guild = state.world.guilds.find((g) => g.id === call.guild);
  return [voice(call.channel)?.name, guild?.name].filter(Boolean).join(" / ");
}

function* connected() {
  const silent = call.muted || !["on", "asking"].includes(call.microphone);
  yield head();
  yield el(
    "div",
    { class: "call-tools" },
    tool(silent ? "micOff" : "mic", silent ? "unmute" : "mute", "call-mute", toggleMute, silent),
    tool(call.deaf ? "earsOff" : "ears", call.deaf ? "undeafen" : "deafen", "call-deafen", toggleDeaf, call.deaf),
    tool("note", "playFile", "call-play", () => chooser.click()),
  );
  if (call.file) yield fileRow();
  yield el("label", { class: "call-row" }, el("span", {}, t("volume")), volume());
  if (call.devices.length > 1) yield el("label", { class: "call-row" }, el("span", {}, t("microphone")), devices());
}

function head() {
  return el(
    "div",
    { class: "call-head" },
    el("div", { class: "call-where" }, el("b", { testid: "call-phase" }, icon("signal", 16), t(TITLES[call.phase])), el("small", { testid: "call-where" }, where())),
    tool(ended() ? "close" : "hangup", ended() ? "close" : "voiceLeave", "call-leave", leave),
  );
}

const ended = () => ["refused", "lost"].includes(call.phase);

function rejoin() {
  if (!ended() || call.why === "unknown") return [];
  const again = () => join(call.channel, call.guild);
  return [el("button", { class: "button secondary", testid: "call-rejoin", on: { click: again } }, t("voiceRejoin"))];
}

function tool(face, text, testid, act, pressed = null) {
  const state_ = pressed === null ? {} : { "aria-pressed": String(pressed) };
  return el("button", { class: `tool${pressed ? " off" : ""}`, testid, title: t(text), "aria-label": t(text), ...state_, on: { click: act } }, icon(face));
}

function volume() {
  return el("input", { type: "range", min: 0, max: 2, step: 0.05, value: call.volume, testid: "call-volume", "aria-label": t("volume"), "aria-valuetext": percent(), on: { input: louder } });
}

const percent = () => `${Math.round(call.volume * 100)} %`;

function louder(event) {
  setVolume(Number(event.target.value));
  event.target.setAttribute("aria-valuetext", percent());
}

function devices() {
  const options = call.devices.map((one) => el("option", { value: one.deviceId, selected: one.deviceId === call.device }, one.label));
  return el("select", { testid: "call-device", on: { change: (e) => choose(e.target.value) } }, ...options);
}

function fileRow() {
  const { name, reading, seconds } = call.file;
  if (reading) return el("div", { class: "call-file" }, el("span", {}, t("fileReading", { name })));
  return el(
    "div",
    { class: "call-file", testid: "call-playing" },
    el("span", { class: "call-file-name", title: name }, t("filePlaying", { name })),
    el("progress", { max: seconds, value: call.file.at(), "aria-label": t("filePlaying", { name }), testid: "call-progress" }),
    el("small", { class: "call-time" }, times()),
    tool("stop", "fileStop", "call-stop", stopFile),
  );
}

const times = () => `${clock(call.file.at())} / ${clock(call.file.seconds)}`;

function drawProgress() {
  const bar = node.querySelector("progress");
  if (!bar || !call.file?.at) return;
  bar.value = call.file.at();
  node.querySelector(".call-time").textContent = times();
}

function notes() {
  const found = [];
  if (call.phase === "lost") found.push([t("voiceLostWhy"), "call-problem"]);
  if (call.phase === "refused") found.push([t(`voice_${call.why}`, { why: call.problem }), "call-problem"]);
  if (call.phase === "connected" && !["on", "off"].includes(call.microphone)) found.push([t(`mic_${call.microphone}`), "call-microphone"]);
  if (call.phase === "connected" && call.problem) {
    const [what, ...name] = call.problem.split(" ");
    found.push([t(what, { name: name.join(" ") }), "call-problem"]);
  }
  return found.map(([text, testid]) => el("p", { class: "call-note", testid }, text));
}

function chosen() {
  const [file] = chooser.files;
  chooser.value = "";
  if (file) play(file);
}

// In the bar above the messages, where the panel may be out of sight.
export function callChip(open) {
  const chip = el("button", { class: "tool call-chip", testid: "call-chip", on: { click: open } }, icon("speaker", 22), el("span"));
  drawChip(chip);
  return chip;
}

export function drawChip(chip) {
  chip.hidden = call.phase === "idle";
  chip.dataset.phase = call.phase;
  chip.setAttribute("aria-label", `${t(TITLES[call.phase])}: ${where()}`);
  chip.querySelector("span").textContent = voice(call.channel)?.name ?? "";
  chip.dataset.speaking = String(isSpeaking(state.user));
}
