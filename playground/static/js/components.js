// Buttons and menus under a message; and the newer layouts.

import { Refused } from "./api.js";
import { el, icon } from "./dom.js";
import { openForm } from "./form.js";
import { link, markdown } from "./markdown.js";
import { settle } from "./outcome.js";
import { selectMenu } from "./select.js";
import { deed } from "./state.js";
import { t } from "./strings.js";

const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "secondary" };

export function rows(message) {
  return message.components.map((component) => layout(message, component)).filter(Boolean);
}

function layout(message, component) {
  const inside = () => (component.components ?? []).map((one) => layout(message, one));
  switch (component.type) {
    case 1:
      return el("div", { class: "row" }, ...inside());
    case 2:
      return button(message, component);
    case 3:
      return select(message, component);
    case 9:
      return el("div", { class: "section" }, el("div", {}, ...inside()), layout(message, component.accessory));
    case 10:
      return el("div", { class: "text" }, markdown(component.content));
    case 14:
      return el("hr");
    case 17: {
      const colour = component.accent_color == null ? {} : { "border-left-color": `#${component.accent_color.toString(16).padStart(6, "0")}` };
      return el("div", { class: "container", style: colour }, ...inside());
    }
    default:
      return null;
  }
}

const face = (component) => [
  component.emoji?.name ? el("span", { class: "emoji" }, component.emoji.name) : null,
  component.label ? el("span", {}, component.label) : null,
];

function button(message, component) {
  const name = `button ${STYLES[component.style]}`;
  if (component.style === 5) {
    const found = link(component.url, [...face(component).filter(Boolean), icon("link", 16)]);
    found.className = name;
    return found;
  }
  const press = (event) => use(message, event.currentTarget, { custom_id: component.custom_id });
  return el(
    "button",
    {
      class: name,
      testid: `button-${component.custom_id}`,
      disabled: component.disabled,
      "aria-label": component.label ?? component.emoji?.name,
      on: { click: press },
    },
    ...face(component),
  );
}

function select(message, component) {
  return selectMenu(component, {
    testid: `select-${component.custom_id}`,
    chosen: (values, node) => use(message, node, { custom_id: component.custom_id, values }),
  });
}

async function use(message, node, more) {
  const row = node.closest(".content");
  row.querySelector(".failed")?.remove();
  node.classList.add("busy");
  node.setAttribute("aria-busy", "true");
  let problem = "";
  try {
    const outcome = await deed("component", { message: message.id, ...more });
    if (outcome.outcome === "form") openForm(outcome.interaction, outcome.form);
    if (outcome.outcome === "failed") problem = t("failed");
    settle(outcome);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    problem = t("failed");
  } finally {
    node.classList.remove("busy");
    node.removeAttribute("aria-busy");
  }
  if (problem) row.append(el("div", { class: "failed", role: "alert", testid: "interaction-failed" }, icon("alert", 16), problem));
}
