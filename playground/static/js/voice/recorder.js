// A voice message: recorded here, sent as Discord's clients do (a file, its length, how loud it was).

import { Refused, say } from "../api.js";
import { el, icon, toast } from "../dom.js";
import { state } from "../state.js";
import { t } from "../strings.js";
import { clock } from "./player.js";
import { fault, MICROPHONE } from "./sound.js";

const TYPES = [["audio/ogg;codecs=opus", "ogg"], ["audio/webm;codecs=opus", "webm"], ["audio/mp4", "m4a"]];
const LONGEST_S = 300;
const MOST_BARS = 256;
const STEP_MS = 100;

export const recordButton = (start) =>
  el("button", { type: "button", class: "tool record", testid: "record", title: t("record"), "aria-label": t("record"), on: { click: start } }, icon("mic", 22));

// Fills `line` until the recording was sent or put away, then calls `over`.
export async function record(line, over) {
  let stream = null;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: MICROPHONE });
  } catch (error) {
    toast(t(`record_${fault(error)}`));
    return;
  }
  const [type, ending] = TYPES.find(([one]) => MediaRecorder.isTypeSupported(one)) ?? ["", "webm"];
  const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  const loudness = meter(stream);
  const parts = [];
  const began = performance.now();
  const { channel, user } = state;
  const shown = el("span", { class: "record-time", role: "timer" });
  const send = el("button", { class: "tool", testid: "record-send", title: t("recordSend"), "aria-label": t("recordSend"), on: { click: () => stop(true) } }, icon("send", 22));
  const drop = el("button", { class: "tool", testid: "record-cancel", title: t("recordCancel"), "aria-label": t("recordCancel"), on: { click: () => stop(false) } }, icon("close", 22));
  const keys = (event) => event.key === "Escape" && stop(false);
  const bar = el("div", { class: "recording", testid: "recording", on: { keydown: keys } }, drop, el("i", { "aria-hidden": "true" }), shown, send);
  const seconds = () => (performance.now() - began) / 1000;
  const ticking = setInterval(tick, STEP_MS);
  recorder.ondataavailable = ({ data }) => parts.push(data);
  recorder.start();
  line.replaceChildren(bar);
  send.focus();
  tick();

  function tick() {
    shown.textContent = t("recording", { time: clock(seconds()) });
    loudness.take();
    if (!line.isConnected) stop(false);
    else if (seconds() >= LONGEST_S) stop(true);
  }

  function stop(wanted) {
    if (recorder.state === "inactive") return;
    const lasted = seconds();
    clearInterval(ticking);
    recorder.onstop = async () => {
      for (const track of stream.getTracks()) track.stop();
      const waveform = loudness.close();
      if (wanted) await deliver(lasted, waveform);
      over();
    };
    recorder.stop();
  }

  async function deliver(lasted, waveform) {
    const file = new File(parts, `voice-message.${ending}`, { type: recorder.mimeType.split(";")[0] });
    try {
      await say(channel, user, "", [file], { voice: 1, duration_secs: lasted.toFixed(2), waveform });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      toast(`${t("unsent")} ${error.message}`);
    }
  }
}

// How loud it was, as a row of bytes in base64.
function meter(stream) {
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 2048 });
  const samples = new Float32Array(analyser.fftSize);
  const found = [];
  context.createMediaStreamSource(stream).connect(analyser);

  function take() {
    analyser.getFloatTimeDomainData(samples);
    const loud = Math.max(...samples.map(Math.abs));
    found.push(Math.round(255 * Math.min(1, Math.sqrt(loud))));
  }

  function close() {
    context.close();
    const step = Math.max(1, found.length / MOST_BARS);
    const bars = Array.from({ length: Math.min(MOST_BARS, found.length) }, (_, at) => found[Math.floor(at * step)]);
    return btoa(String.fromCharCode(...bars));
  }

  return { take, close };
}
