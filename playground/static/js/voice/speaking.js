// Who speaks just now, as far as this tab hears it.

import { changed } from "../state.js";

const SPEAKS_MS = 250;
const AUDIBLE = 200; // of 32767: what silence between words does not reach
const speaks = new Map();

export const isSpeaking = (who) => speaks.has(who);

// Somebody was heard: 16-bit samples.
export function note(who, samples) {
  if (!samples.some((one) => one > AUDIBLE || one < -AUDIBLE)) return;
  const before = speaks.get(who);
  clearTimeout(before);
  const quiet = () => {
    speaks.delete(who);
    changed("speaking");
  };
  speaks.set(who, setTimeout(quiet, SPEAKS_MS));
  if (!before) changed("speaking");
}

export function forget() {
  for (const soon of speaks.values()) clearTimeout(soon);
  speaks.clear();
  changed("speaking");
}
