// The developer's view: what was signed and sent, what came back, what the bot called then.

import { el, icon } from "./dom.js";
import { call, detail } from "./exchange.js";
import { choose, state } from "./state.js";
import { t } from "./strings.js";

const KINDS = { 2: "command", 3: "component", 4: "autocomplete", 5: "form" };
const SHOWN = 60;
const open = new Set();
const cards = new Map();

export function drawPanel(panel) {
  document.getElementById("app").classList.toggle("with-panel", state.panel);
  panel.hidden = !state.panel;
  if (!state.panel) return;
  panel.setAttribute("aria-label", t("panel"));
  const scrolled = panel.querySelector(".exchanges")?.scrollTop ?? 0;
  const found = [...state.exchanges.values()].slice(-SHOWN).reverse();
  const list = el(
    "div",
    { class: "exchanges", testid: "exchanges" },
    found.length ? null : el("p", { class: "none" }, t("nothingYet")),
    ...found.map(card),
    loose(),
  );
  panel.replaceChildren(head(), list);
  list.scrollTop = scrolled;
}

function head() {
  const wrong = state.violations.length;
  return el(
    "header",
    { class: "panel-head" },
    el("h2", {}, t("panel")),
    el("span", { class: `badge${wrong ? " bad" : ""}`, testid: "violation-count" }, wrong ? `${t("violations")}: ${wrong}` : t("noViolations")),
    el("button", { class: "tool", "aria-label": t("close"), testid: "panel-close", on: { click: () => choose({ panel: false }) } }, icon("close")),
    el("p", {}, t(state.world.validating ? "validated" : "notValidated")),
    wrong ? el("ul", { class: "violations" }, ...state.violations.slice(-5).reverse().map(violation)) : null,
  );
}

const violation = (one) => el("li", { testid: "violation" }, el("b", {}, one.where), " ", one.what);

// A card is drawn anew only when its exchange or the language has changed.
function card(exchange) {
  const content = JSON.stringify([exchange, state.locale, open.has(exchange.id)]);
  const known = cards.get(exchange.id);
  if (known?.content === content) return known.node;
  const node = fresh(exchange);
  cards.set(exchange.id, { content, node });
  return node;
}

function fresh(exchange) {
  const shown = open.has(exchange.id);
  const bad = exchange.problem || exchange.violations.length;
  const toggle = () => {
    if (!open.delete(exchange.id)) open.add(exchange.id);
    drawPanel(document.getElementById("panel"));
  };
  const name = exchange.kind === 2 ? `/${exchange.name}` : exchange.name;
  return el(
    "section",
    { class: `exchange${bad ? " bad" : ""}`, testid: "exchange", "data-id": exchange.id },
    el(
      "button",
      { class: "exchange-head", testid: "exchange-head", "aria-expanded": String(shown), on: { click: toggle } },
      el("span", { class: `kind kind-${exchange.kind}` }, KINDS[exchange.kind]),
      el("span", { class: "exchange-name" }, name),
      el("span", { class: "exchange-user" }, exchange.user),
      el("span", { class: "exchange-result" }, result(exchange)),
    ),
    shown ? detail(exchange) : null,
  );
}

function result(exchange) {
  if (!exchange.response) return "…";
  const { status, ms } = exchange.response;
  return `${status || "—"} · ${Math.round(ms)} ms · ${exchange.outcome}`;
}

function loose() {
  if (!state.calls.length) return null;
  return el(
    "details",
    { class: "loose", testid: "other-calls" },
    el("summary", {}, `${t("otherCalls")} (${state.calls.length})`),
    ...state.calls.slice(-20).reverse().map(call),
  );
}
