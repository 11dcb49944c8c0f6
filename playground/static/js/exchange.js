// One interaction in the developer's view.

import { hop } from "./api.js";
import { el } from "./dom.js";
import { json } from "./json.js";
import { t } from "./strings.js";

const POLL_MS = 400;
const POLLS = 150;

export function detail(exchange) {
  return el(
    "div",
    { class: "exchange-detail", testid: "exchange-detail" },
    exchange.problem ? el("p", { class: "problem" }, exchange.problem) : null,
    ...exchange.violations.map((one) => el("p", { class: "problem", testid: "exchange-violation" }, el("b", {}, one.where), " ", one.what)),
    request(exchange),
    response(exchange),
    part("queue", "hop", way(exchange)),
    part(
      "calls",
      "calls",
      exchange.calls.length ? exchange.calls.map(call) : el("p", { class: "none" }, t("noCalls")),
    ),
  );
}

const part = (title, testid, ...children) => el("section", { class: "part", testid: `part-${testid}` }, el("h3", {}, t(title)), ...children);

function request(exchange) {
  const headers = Object.entries(exchange.request?.headers ?? {}).map(([name, value]) =>
    el("div", { class: "header-line" }, el("b", {}, name), `: ${value}`),
  );
  return part(
    "request",
    "request",
    el("p", { class: "address" }, el("b", {}, "POST "), exchange.url),
    el("div", { class: "headers" }, ...headers),
    json(exchange.request?.body ?? exchange.payload),
  );
}

function response(exchange) {
  if (!exchange.response) return part("response", "response", el("p", {}, "…"));
  const { status, ms, body } = exchange.response;
  return part(
    "response",
    "response",
    el("p", { class: "address" }, el("b", { class: status < 300 && status ? "good" : "wrong" }, status || "—"), ` ${ms} ms`),
    body ? json(body) : null,
  );
}

function way(exchange) {
  const node = el("div", { class: "hop", testid: "hop" }, "…");
  let polls = 0;
  async function look() {
    const found = await hop(exchange.id).catch(() => null);
    draw(node, found, exchange.outcome === "thinking" && !exchange.calls.length);
    const over = found ? ["done", "dead"].includes(found.state) : exchange.outcome !== "thinking";
    if (!over && ++polls < POLLS && node.isConnected) setTimeout(look, POLL_MS);
  }
  setTimeout(look);
  return node;
}

const span = (from, to) => `+${Math.max(0, (to - from) * 1000).toFixed(0)} ms`;

function draw(node, found, expected) {
  if (!found) {
    node.replaceChildren(el("p", { class: "none" }, expected ? t("waiting") : t("noHop")));
    return;
  }
  const step = (name, when, state) => el("li", { class: state }, el("span", {}, name), el("small", {}, when));
  const steps = [step(t("put"), new Date(found.put_at * 1000).toLocaleTimeString(), "past")];
  if (found.received_at) {
    steps.push(step(t("received", { count: found.receives }), span(found.put_at, found.last_received_at), "past"));
  }
  if (found.done_at) steps.push(step(t("done"), span(found.last_received_at, found.done_at), "past good"));
  else steps.push(step({ held: t("held"), dead: t("dead") }[found.state] ?? t("waiting"), "", found.state));
  node.replaceChildren(el("ol", {}, ...steps));
}

export function call(one) {
  const good = one.status < 400;
  return el(
    "details",
    { class: "call", testid: "call" },
    el(
      "summary",
      {},
      el("b", { class: `method ${one.method}` }, one.method),
      el("span", { class: "path" }, one.path),
      el("span", { class: good ? "good" : "wrong" }, one.status),
      el("small", {}, `${Math.round(one.ms)} ms`),
    ),
    ...one.files.map((file) => el("p", { class: "none" }, file)),
    one.body === null ? null : [el("h4", {}, t("body")), json(one.body)],
    one.answer ? [el("h4", {}, t("response")), json(one.answer)] : null,
  );
}
