// The call that this tab is in: where, how well, who speaks, what is sent.

import { changed, on, state } from "../state.js";
import { BadFile, openSound } from "./sound.js";
import { forget, note } from "./speaking.js";

const KEPT = "playground.voice";
const MOST_WAITING = 96000;
const FAILED = ["denied", "missing", "busy"];

const kept = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
export const call = {
  phase: "idle", // connecting, connected, refused, lost
  channel: "",
  guild: "",
  why: "",
  microphone: "off", // asking, on, denied, missing, busy
  devices: [],
  device: "",
  muted: kept.muted ?? false,
  deaf: false,
  volume: kept.volume ?? 1,
  file: null, // { name, reading } or { name, seconds, at() }
  problem: "",
};
let user = "";
let socket = null;
let sound = null;
let turn = 0;

const tell = () => changed("call");
const keep = () => localStorage.setItem(KEPT, JSON.stringify({ muted: call.muted, volume: call.volume }));
export const busy = () => ["connecting", "connected"].includes(call.phase);

export async function join(channel, guild) {
  if (busy() && call.channel === channel) return;
  await end();
  const mine = ++turn;
  user = state.user;
  Object.assign(call, { phase: "connecting", channel, guild, why: "", problem: "" });
  tell();
  try {
    const opened = await openSound((pcm) => say(mine, pcm));
    if (mine !== turn) return opened.close();
    sound = opened;
  } catch (error) {
    if (mine === turn) await over("refused", "noSound", error.message);
    return;
  }
  sound.setVolume(call.deaf ? 0 : call.volume);
  connect(mine);
}

function connect(mine) {
  const line = new WebSocket(`${state.world.voice}?${new URLSearchParams({ user })}`);
  line.binaryType = "arraybuffer";
  line.onopen = () => line.send(JSON.stringify({ do: "join", channel: call.channel }));
  line.onmessage = ({ data }) => {
    if (mine !== turn) return;
    if (typeof data === "string") news(mine, JSON.parse(data));
    else heard(data);
  };
  line.onclose = () => {
    if (mine === turn) over("lost", "");
  };
  socket = line;
}

function news(mine, told) {
  if (told.is === "joined") {
    const first = call.phase === "connecting";
    Object.assign(call, { phase: "connected", channel: told.channel });
    tell();
    tellMuted();
    if (first && !call.muted) listen(mine);
  } else over("refused", told.why);
}

// How the call ended; the panel says so until it is closed or one joins again.
async function over(phase, why, problem = "") {
  await end();
  Object.assign(call, { phase, why, problem });
  tell();
}

export async function leave() {
  await end();
  Object.assign(call, { phase: "idle", channel: "", guild: "", why: "", problem: "" });
  tell();
}

async function end() {
  turn += 1;
  const [line, opened] = [socket, sound];
  socket = sound = null;
  Object.assign(call, { microphone: "off", file: null });
  forget();
  line?.close();
  await opened?.close();
}

function heard(data) {
  const view = new DataView(data);
  const speaker = String(view.getBigUint64(0));
  note(speaker, new Int16Array(data, 8));
  sound?.hear(speaker, data.slice(8));
}

function say(mine, pcm) {
  if (mine !== turn || call.phase !== "connected" || socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount > MOST_WAITING) return;
  note(user, new Int16Array(pcm));
  socket.send(pcm);
}

async function listen(mine = turn) {
  if (!navigator.mediaDevices) call.microphone = "denied";
  else {
    call.microphone = "asking";
    tell();
    const found = await sound.listen(call.device);
    const devices = found === "on" ? await sound?.devices() : [];
    if (mine !== turn) return;
    Object.assign(call, { microphone: found, devices: devices ?? [] });
    if (call.muted) sound.deafen();
  }
  tell();
}

// Presses of the microphone's button: also asks again after a refusal.
export function toggleMute() {
  const again = call.phase === "connected" && FAILED.includes(call.microphone);
  call.muted = !again && !call.muted;
  keep();
  if (call.phase !== "connected") return tell();
  tellMuted();
  if (!call.muted) return listen();
  sound.deafen();
  call.microphone = "off";
  tell();
}

export function toggleDeaf() {
  call.deaf = !call.deaf;
  sound?.setVolume(call.deaf ? 0 : call.volume);
  tellMuted();
  tell();
}

function tellMuted() {
  if (call.phase === "connected") socket.send(JSON.stringify({ do: "mute", muted: call.muted, deaf: call.deaf }));
}

export function setVolume(value) {
  call.volume = value;
  keep();
  if (!call.deaf) sound?.setVolume(value);
}

export function choose(device) {
  call.device = device;
  if (!call.muted && sound) listen();
}

export async function play(file) {
  const mine = turn;
  Object.assign(call, { file: { name: file.name, reading: true }, problem: "" });
  tell();
  try {
    const playing = await sound.play(file, () => {
      if (mine !== turn || call.file !== shown) return;
      call.file = null;
      tell();
    });
    const shown = { name: file.name, ...playing };
    if (mine === turn) call.file = shown;
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    if (mine === turn) Object.assign(call, { file: null, problem: `${error.message} ${file.name}` });
  }
  tell();
}

export const stopFile = () => sound?.stop();
export const heardSoFar = () => sound?.stats() ?? { played: 0, late: 0, skipped: 0 };

// Somebody else at the page is not in the call.
on("place", () => {
  if (call.phase !== "idle" && user !== state.user) leave();
});
