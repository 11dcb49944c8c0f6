// What of the page changes when a call or who sits where does; the rest stays as it is.

import { guild } from "../state.js";
import { t } from "../strings.js";
import { voiceChannels } from "./channels.js";
import { drawCall, drawChip } from "./panel.js";
import { isSpeaking } from "./speaking.js";

export function drawVoice() {
  drawCall();
  drawChips();
  const shown = document.querySelector(".voice-channels");
  const here = guild();
  if (!shown || shown.dataset.guild !== here?.id) return;
  const focused = shown.contains(document.activeElement) ? document.activeElement.dataset.testid : "";
  const fresh = voiceChannels(here);
  shown.replaceWith(fresh);
  if (focused) fresh.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
}

export function drawSpeaking() {
  for (const row of document.querySelectorAll(".sitter")) {
    const speaks = isSpeaking(row.dataset.user);
    if (row.dataset.speaking === String(speaks)) continue;
    row.dataset.speaking = String(speaks);
    row.querySelector(".sitter-speaks").textContent = speaks ? t("speaking") : "";
  }
  drawChips();
}

function drawChips() {
  for (const chip of document.querySelectorAll(".call-chip")) drawChip(chip);
}
