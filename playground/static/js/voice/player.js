// A sound under a message: play, pause, seek. A voice message shows how loud it is, as in Discord.

import { el, icon } from "../dom.js";
import { t } from "../strings.js";

const BARS = 48;
let heard = null;

export function player(file, voice, caption) {
  const sound = el("audio", { src: file.url, preload: "metadata" });
  const button = el("button", { class: "player-go", testid: "player-go", "aria-label": label("playSound"), title: t("playSound"), on: { click: toggle } }, icon("play", 22));
  const seek = el("input", { type: "range", class: "player-seek", min: 0, max: file.duration_secs ?? 1, step: 0.01, value: 0, "aria-label": t("seek"), on: { input: () => { sound.currentTime = Number(seek.value); } } });
  const time = el("small", { class: "player-time", testid: "player-time" }, file.duration_secs ? clock(file.duration_secs) : "");
  for (const what of ["play", "pause", "ended"]) sound.addEventListener(what, drawButton);
  for (const what of ["timeupdate", "durationchange"]) sound.addEventListener(what, drawTime);
  sound.addEventListener("error", () => { time.textContent = t("soundBad"); });
  const track = el("div", { class: "player-track" }, voice && file.waveform ? bars(file.waveform) : null, seek);
  return el("div", { class: `player${voice ? " voice" : ""}`, testid: voice ? "voice-message" : "sound", role: "group", "aria-label": label() }, button, el("div", { class: "player-main" }, caption, el("div", { class: "player-line" }, track, time)), sound);

  function label(what = "") {
    return [what && t(what), voice ? t("voiceMessage") : file.filename].filter(Boolean).join(": ");
  }

  function toggle() {
    if (!sound.paused) return sound.pause();
    if (heard !== sound) heard?.pause();
    heard = sound;
    return sound.play();
  }

  function drawButton() {
    const what = sound.paused ? "playSound" : "pauseSound";
    button.replaceChildren(icon(sound.paused ? "play" : "pause", 22));
    button.setAttribute("aria-label", label(what));
    button.title = t(what);
  }

  // A recording that was streamed to its file does not say how long it is until it was heard.
  function drawTime() {
    const whole = Number.isFinite(sound.duration) ? sound.duration : file.duration_secs ?? 0;
    if (whole) seek.max = whole;
    seek.value = sound.currentTime;
    seek.style.setProperty("--done", `${whole ? (100 * sound.currentTime) / whole : 0}%`);
    const shown = sound.paused && !sound.currentTime ? whole : sound.currentTime;
    time.textContent = clock(shown);
    seek.setAttribute("aria-valuetext", `${clock(sound.currentTime)} / ${clock(whole)}`);
  }
}

export const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

function bars(waveform) {
  const bytes = [...atob(waveform)].map((one) => one.charCodeAt(0));
  const step = Math.max(1, bytes.length / BARS);
  const shown = Array.from({ length: Math.min(BARS, bytes.length) }, (_, at) => Math.max(...bytes.slice(Math.floor(at * step), Math.floor((at + 1) * step) || 1)));
  return el("div", { class: "player-bars", "aria-hidden": "true" }, ...shown.map((one) => el("i", { style: { height: `${10 + (90 * one) / 255}%` } })));
}
