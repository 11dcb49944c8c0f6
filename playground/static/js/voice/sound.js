// Microphone, sound files and loudspeaker of one call.

const HZ = 48000;
const MOST_FILE = 50 << 20;
const FAULTS = { NotAllowedError: "denied", SecurityError: "denied", NotFoundError: "missing", OverconstrainedError: "missing" };

export const MICROPHONE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 };

// Why there is no microphone: "denied", "missing", "busy".
export const fault = (error) => FAULTS[error.name] ?? "busy";

export class BadFile extends Error {}

// `said` gets 20 ms of what is to be sent, as an ArrayBuffer of 16-bit samples.
export async function openSound(said) {
  const context = new AudioContext({ sampleRate: HZ, latencyHint: "interactive" });
  await context.audioWorklet.addModule("/static/js/voice/worklets.js");
  await context.resume();
  const mono = { channelCount: 1, channelCountMode: "explicit", outputChannelCount: [1] };
  const sender = new AudioWorkletNode(context, "sender", { ...mono, numberOfInputs: 2 });
  const player = new AudioWorkletNode(context, "player", { ...mono, numberOfInputs: 0 });
  const volume = context.createGain();
  sender.connect(context.destination);
  player.connect(volume).connect(context.destination);
  sender.port.onmessage = ({ data }) => said(data);
  let stream = null;
  let microphone = null;
  let file = null;

  function hear(user, pcm) {
    player.port.postMessage({ user, pcm }, [pcm]);
  }

  // Returns "on", or why not: "denied", "missing", "busy".
  async function listen(device = "") {
    deafen();
    const exactly = device ? { deviceId: { exact: device } } : {};
    let found = null;
    try {
      found = await navigator.mediaDevices.getUserMedia({ audio: { ...MICROPHONE, ...exactly } });
    } catch (error) {
      return fault(error);
    }
    deafen();
    if (context.state === "closed") {
      for (const track of found.getTracks()) track.stop();
      return "busy";
    }
    stream = found;
    microphone = context.createMediaStreamSource(stream);
    microphone.connect(sender, 0, 0);
    return "on";
  }

  function deafen() {
    microphone?.disconnect();
    for (const track of stream?.getTracks() ?? []) track.stop();
    microphone = stream = null;
  }

  // Sends a file in real time. `ended` is called once it is over or stopped. Returns { seconds, at }.
  async function play(chosen, ended) {
    if (chosen.size > MOST_FILE) throw new BadFile("fileBig");
    let buffer = null;
    try {
      buffer = await context.decodeAudioData(await chosen.arrayBuffer());
    } catch {
      throw new BadFile("fileBad");
    }
    stop();
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(sender, 0, 1);
    source.connect(volume);
    file = source;
    source.onended = () => {
      source.disconnect();
      if (file === source) {
        file = null;
        sender.port.postMessage({ file: false });
      }
      ended();
    };
    sender.port.postMessage({ file: true });
    const began = context.currentTime;
    source.start();
    return { seconds: buffer.duration, at: () => Math.min(buffer.duration, context.currentTime - began) };
  }

  function stop() {
    file?.stop();
  }

  // How many samples were played, how often a speaker ran dry, how many frames were skipped.
  function stats() {
    return new Promise((resolve) => {
      player.port.onmessage = ({ data }) => resolve(data);
      player.port.postMessage({ ask: true });
    });
  }

  async function close() {
    deafen();
    stop();
    if (context.state !== "closed") await context.close();
  }

  const setVolume = (value) => { volume.gain.value = value; };
  const devices = async () => (await navigator.mediaDevices.enumerateDevices()).filter((d) => d.kind === "audioinput" && d.label);
  return { hear, listen, deafen, play, stop, stats, close, setVolume, devices };
}
