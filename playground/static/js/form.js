// Forms (Discord: modals).

import { Refused, upload } from "./api.js";
import { el, icon } from "./dom.js";
import { fieldOf } from "./fields.js";
import { markdown } from "./markdown.js";
import { settle } from "./outcome.js";
import { deed, state } from "./state.js";
import { t } from "./strings.js";

export function openForm(interaction, form) {
  const fields = new Map();
  const parts = form.components.flatMap((part) => drawn(part, fields));
  const problem = el("div", { class: "form-problem", role: "alert", testid: "form-problem" });
  const submit = el("button", { class: "button primary", type: "submit", testid: "form-submit" }, t("submit"));
  const cancel = (testid, ...face) =>
    el("button", { class: testid === "form-cancel" ? "button plain" : "tool", type: "button", testid, "aria-label": t("cancel"), on: { click: () => dialog.close() } }, ...face);
  const send = async (event) => {
    event.preventDefault();
    problem.textContent = "";
    const bad = [...fields.values()].filter((field) => !field.check());
    if (bad.length) return bad[0].node.querySelector("textarea, input, button").focus();
    submit.disabled = true;
    problem.textContent = await sent(interaction, fields);
    submit.disabled = false;
    if (!problem.textContent) dialog.close();
  };
  const dialog = el(
    "dialog",
    { class: "form", testid: "form", "aria-label": form.title, on: { close: () => dialog.remove() } },
    el(
      "form",
      { noValidate: true, on: { submit: send } },
      el(
        "header",
        {},
        el("img", { src: "/static/icon.svg", alt: "", width: 32, height: 32 }),
        el("h2", { testid: "form-title" }, form.title),
        cancel("form-close", icon("close")),
      ),
      el(
        "div",
        { class: "form-parts" },
        el("p", { class: "warning" }, icon("alert", 18), el("span", {}, t("formWarning", { name: state.world.bot.username }))),
        ...parts,
        problem,
      ),
      el("footer", {}, cancel("form-cancel", t("cancel")), submit),
    ),
  );
  document.getElementById("layer").append(dialog);
  dialog.showModal();
  dialog.querySelector("textarea, input, .select-face")?.focus();
}

function drawn(part, fields) {
  if (part.type === 10) return [el("div", { class: "text" }, markdown(part.content))];
  if (part.type === 18) return [labelled(part.label, part.description, part.component, fields)];
  return part.components.map((component) => labelled(component.label, null, component, fields));
}

function labelled(label, description, component, fields) {
  const field = fieldOf(component);
  fields.set(component.custom_id, field);
  const required = component.required !== false && component.type !== 23;
  return el(
    "div",
    { class: "form-part", testid: `field-${component.custom_id}` },
    el("label", { htmlFor: field.id }, label, required ? el("span", { class: "star" }, " *") : null),
    description ? el("small", {}, description) : null,
    field.node,
  );
}

// Returns what to say when it did not work, "" when it did.
async function sent(interaction, fields) {
  try {
    const values = {};
    for (const [name, field] of fields) values[name] = await valueOf(field);
    const outcome = await deed("modal", { form: interaction, values });
    settle(outcome);
    return outcome.outcome === "failed" ? t("formFailed") : "";
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.status === 413 ? t("tooBig") : error.message;
  }
}

async function valueOf(field) {
  if (!field.files) return field.value();
  const kept = await Promise.all(field.files().map((file) => upload(state.channel, file)));
  return kept.map((file) => file.id);
}
