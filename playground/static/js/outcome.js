// Doing something with the bot, and showing what came of it.

import { Refused } from "./api.js";
import { openForm } from "./form.js";
import { addLocal, dropLocal } from "./messages.js";
import { person, state } from "./state.js";

const SHOW_SENDING_MS = 300;

// `send` does it; `used` ({name, type}) stands above the row that says it is on its way.
export async function handle(send, used) {
  const row = { interaction: { name: used.name, user: person() }, type: used.type };
  let pending = "";
  const soon = setTimeout(() => { pending = addLocal({ ...row, pending: true }); }, SHOW_SENDING_MS);
  let error = "";
  try {
    const outcome = await send();
    if (outcome.outcome === "form") openForm(outcome.interaction, outcome.form);
    if (outcome.outcome === "failed") error = "silent";
    settle(outcome);
  } catch (problem) {
    if (!(problem instanceof Refused)) throw problem;
    error = problem.message;
  } finally {
    clearTimeout(soon);
    if (pending) dropLocal(pending);
  }
  if (error) addLocal({ ...row, error });
}

// The answer may come back before the news of its message does.
export function settle(outcome) {
  const message = outcome.message;
  if (message && message.channel_id === state.channel && !state.messages.has(message.id)) {
    state.messages.set(message.id, message);
  }
}
