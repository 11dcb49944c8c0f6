// The stand-in, asked over HTTP; and its news.

export class Refused extends Error {
  constructor(status, body) {
    super(firstFault(body) ?? body?.message ?? `HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

function firstFault(body) {
  let place = body?.errors;
  while (place && !place._errors) place = Object.values(place)[0];
  return place?._errors[0]?.message;
}

async function ask(path, options = {}) {
  const answer = await fetch(path, options);
  const text = await answer.text();
  const found = text ? JSON.parse(text) : null;
  if (!answer.ok) throw new Refused(answer.status, found);
  return found;
}

const query = (values) => new URLSearchParams(values).toString();

const post = (path, body) =>
  ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

export const world = (user) => ask(`/playground/world?${query({ user })}`);
export const messages = (channel, user) => ask(`/playground/channels/${channel}/messages?${query({ user })}`);
export const commands = (channel, user) => ask(`/playground/commands?${query({ channel, user })}`);
export const interact = (deed) => post("/playground/interactions", deed);
export const dismiss = (message, user) => post("/playground/dismiss", { message, user });
export const exchanges = () => ask("/playground/exchanges");
export const violations = () => ask("/playground/violations");
export const hop = (id) => ask(`/playground/exchanges/${id}/hop`);

// `more`: what else belongs to the message (reply_to; voice, duration_secs, waveform).
export function say(channel, user, content, files, more = {}) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ user, content, ...more })) form.append(name, value);
  files.forEach((file, index) => form.append(`files[${index}]`, file, file.name));
  return ask(`/playground/channels/${channel}/messages`, { method: "POST", body: form });
}

export function upload(channel, file) {
  const form = new FormData();
  form.append("channel", channel);
  form.append("file", file, file.name);
  return ask("/playground/uploads", { method: "POST", body: form });
}

// Calls `heard` with each change; reconnects by itself. Returns how to stop.
export function news(user, after, heard) {
  const source = new EventSource(`/playground/events?${query({ user, after })}`);
  source.onmessage = (event) => heard(JSON.parse(event.data));
  return () => source.close();
}
