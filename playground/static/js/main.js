// The page: builds its parts and draws them when something changes.

import { drawComposer } from "./composer.js";
import { drawHeader, drawRail, drawSidebar } from "./navigation.js";
import { drawMessages, keepNew } from "./messages.js";
import { drawPanel } from "./panel.js";
import { drawSpeaking, drawVoice } from "./voice/drawing.js";
import { on, start, state } from "./state.js";

on("place", () => {
  document.documentElement.lang = state.locale;
  drawRail(document.getElementById("rail"));
  drawSidebar(document.getElementById("sidebar"));
  drawHeader(document.getElementById("header"));
  drawMessages(document.getElementById("messages"));
  drawComposer(document.getElementById("composer"));
  drawPanel(document.getElementById("panel"));
});
on("messages", () => keepNew(document.getElementById("messages")));
for (const what of ["call", "voice"]) on(what, drawVoice);
on("speaking", drawSpeaking);
on("exchanges", () => drawPanel(document.getElementById("panel")));

await start();
document.body.dataset.ready = "true";
