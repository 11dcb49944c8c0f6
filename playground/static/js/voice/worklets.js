// In the browser's audio thread: 20 ms frames out of what is said, sound out of the frames heard.

const FRAME = 960;
const LOOK_BACK = 4; // frames kept back, so that the beginning of a word is not cut off
const HANG = 25; // frames that the gate stays open after the last voiced one
const QUIETEST = 0.004;
const ABOVE_NOISE = 2.5;

// Input 0 is the microphone, let through while somebody speaks; input 1 a sound file, sent whole.
class Sender extends AudioWorkletProcessor {
  constructor() {
    super();
    this.frame = [new Float32Array(FRAME), new Float32Array(FRAME)];
    this.filled = 0;
    this.kept = [];
    this.noise = 0.01;
    this.open = 0;
    this.file = 0;
    this.port.onmessage = ({ data }) => { this.file = data.file ? Infinity : 2; };
  }

  process(inputs) {
    const length = 128;
    for (const which of [0, 1]) {
      const found = inputs[which]?.[0];
      for (let i = 0, at = this.filled; i < length && at < FRAME; i++, at++) this.frame[which][at] = found ? found[i] : 0;
    }
    const over = this.filled + length - FRAME;
    this.filled += length;
    if (over < 0) return true;
    this.done();
    for (const which of [0, 1]) {
      const found = inputs[which]?.[0];
      for (let i = 0; i < over; i++) this.frame[which][i] = found ? found[length - over + i] : 0;
    }
    this.filled = over;
    return true;
  }

  done() {
    const [microphone, file] = this.frame;
    this.listen(microphone);
    this.kept.push(microphone.slice());
    const past = this.kept.length > LOOK_BACK ? this.kept.shift() : new Float32Array(FRAME);
    if (!this.open && !this.file) return;
    const pcm = new Int16Array(FRAME);
    for (let i = 0; i < FRAME; i++) {
      const sum = (this.open ? past[i] : 0) + (this.file ? file[i] : 0);
      pcm[i] = Math.max(-1, Math.min(1, sum)) * 32767;
    }
    if (this.open) this.open -= 1;
    if (this.file) this.file -= 1;
    this.port.postMessage(pcm.buffer, [pcm.buffer]);
  }

  listen(frame) {
    let sum = 0;
    for (const one of frame) sum += one * one;
    const loud = Math.sqrt(sum / FRAME);
    if (loud > Math.max(QUIETEST, this.noise * ABOVE_NOISE)) this.open = HANG + LOOK_BACK;
    this.noise = loud < this.noise ? this.noise * 0.8 + loud * 0.2 : Math.min(0.05, this.noise * 1.002 + 1e-6);
  }
}

const PREFILL = 3 * FRAME; // 60 ms: what a burst or a late packet may cost unnoticed
const TOO_FAR = 20 * FRAME; // 400 ms behind: catch up
const GIVE_UP = 48 * 100; // an end shorter than the prefill is played after 100 ms all the same

// Every speaker has a small buffer of their own; their sum is played.
class Player extends AudioWorkletProcessor {
  constructor() {
    super();
    this.speakers = new Map();
    this.stats = { played: 0, late: 0, skipped: 0 };
    this.port.onmessage = ({ data }) => (data.ask ? this.port.postMessage(this.stats) : this.take(data));
  }

  take({ user, pcm }) {
    if (!this.speakers.has(user)) this.speakers.set(user, { frames: [], at: 0, ready: 0, playing: false, waited: 0 });
    const one = this.speakers.get(user);
    one.frames.push(new Int16Array(pcm));
    one.ready += pcm.byteLength / 2;
    one.waited = 0;
    while (one.ready > TOO_FAR) {
      this.stats.skipped += 1;
      one.ready -= one.frames.shift().length - one.at;
      one.at = 0;
    }
  }

  process(inputs, outputs) {
    const out = outputs[0][0];
    for (const one of this.speakers.values()) {
      if (!one.playing) {
        one.waited += out.length;
        one.playing = one.ready >= PREFILL || (one.ready > 0 && one.waited > GIVE_UP);
      }
      if (one.playing) this.mix(one, out);
    }
    return true;
  }

  mix(one, out) {
    for (let i = 0; i < out.length; i++) {
      if (!one.frames.length) {
        one.playing = false;
        one.waited = 0;
        this.stats.late += 1;
        return;
      }
      out[i] += one.frames[0][one.at++] / 32768;
      one.ready -= 1;
      this.stats.played += 1;
      if (one.at === one.frames[0].length) {
        one.frames.shift();
        one.at = 0;
      }
    }
  }
}

registerProcessor("sender", Sender);
registerProcessor("player", Player);
