// Making elements without innerHTML: strings become text nodes, whatever they contain.

export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  node.append(...children.flat(Infinity).filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

function set(node, name, value) {
  if (value === undefined || value === null || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "testid") {
    node.dataset.testid = value;
  } else if (name === "style") {
    for (const [key, text] of Object.entries(value)) node.style.setProperty(key, text);
  } else if (name in node && !name.includes("-") && !["list", "form", "role"].includes(name)) {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? "" : value);
  }
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  hash: "M10 4 8.500 10H4v2h4l-1 4H3v2h3.500L5.500 22h2l1-4h4l-1 4h2l1-4H19v-2h-4l1-4h4v-2h-3.500L18 4h-2l-1.500 6h-4L12 4zm0 8h4l-1 4H9z",
  dots: "M5 10a2 2 0 1 0 0 4 2 2 0 0 0 0-4m7 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4m7 0a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  plus: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20m1 5v4h4v2h-4v4h-2v-4H7v-2h4V7z",
  code: "m8.500 6-6 6 6 6 1.500-1.500L5.500 12 10 7.500zm7 0L14 7.500l4.500 4.500-4.500 4.500 1.500 1.500 6-6z",
  menu: "M3 5h18v2H3zm0 6h18v2H3zm0 6h18v2H3z",
  close: "m6.400 5 5.600 5.600L17.600 5 19 6.400 13.400 12l5.600 5.600-1.400 1.400-5.600-5.600L6.400 19 5 17.600l5.600-5.600L5 6.400z",
  file: "M6 2h8l5 5v15H6zm8 1.500V8h4.500z",
  eye: "M12 5C6 5 2 12 2 12s4 7 10 7 10-7 10-7-4-7-10-7m0 3a4 4 0 1 1 0 8 4 4 0 0 1 0-8m0 2a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  reply: "M10 9V5l-8 7 8 7v-4.100c5 0 8.500 1.600 11 5.100-1-5-4-10-11-11",
  chevron: "m7 9 5 5 5-5 1.400 1.400L12 16.800l-6.400-6.400z",
  check: "m9 16.200-4.200-4.200L3.400 13.400 9 19 21 7l-1.400-1.400z",
  copy: "M8 3h11v14h-2V5H8zM5 7h10v14H5z",
  apps: "M4 4h7v7H4zm9 0h7v7h-7zM4 13h7v7H4zm9 0h7v7h-7z",
  alert: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20m-1 5h2v7h-2zm0 9h2v2h-2z",
  people: "M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8m7.500 0a3 3 0 1 0 0-6 3 3 0 0 0 0 6M2 20c0-4 3-6.500 7-6.500s7 2.500 7 6.500zm15.500 0c0-2.500-.8-4.500-2.100-6 3.600-.3 6.600 1.700 6.600 6z",
  crown: "M3 18h18v2H3zM3 7l4.500 4L12 4l4.500 7L21 7l-2 9H5z",
  speaker: "M3 9h4l5-4.500v15L7 15H3zm12-1.200a5.500 5.500 0 0 1 0 8.400v-2.700a3 3 0 0 0 0-3zm0-4.200a9 9 0 0 1 0 16.800v-2.200a7 7 0 0 0 0-12.400z",
  lock: "M7 10V8a5 5 0 0 1 10 0v2h1.500v10h-13V10zm2 0h6V8a3 3 0 0 0-6 0z",
  mic: "M12 3a3 3 0 0 1 3 3v5a3 3 0 0 1-6 0V6a3 3 0 0 1 3-3m-6 8h2a4 4 0 0 0 8 0h2a6 6 0 0 1-5 5.900V19h3v2H8v-2h3v-2.100A6 6 0 0 1 6 11",
  micOff: "M12 3a3 3 0 0 1 3 3v5l-6-6a3 3 0 0 1 3-2M4.400 3 21 19.600 19.600 21l-4.300-4.300a6 6 0 0 1-2.300.9V19h3v2H8v-2h3v-1.400A6 6 0 0 1 6 11h2a4 4 0 0 0 5.700 3.600L3 4.400zM16 11h2q0 1.800-.9 3.200l-1.500-1.500q.4-.8.4-1.700",
  ears: "M12 4a8 8 0 0 1 8 8v7h-5v-7h3a6 6 0 0 0-12 0h3v7H4v-7a8 8 0 0 1 8-8",
  earsOff: "M12 4a8 8 0 0 1 8 8v5l-5-5h3A6 6 0 0 0 8.700 7L7.300 5.600A8 8 0 0 1 12 4M4.400 3 21 19.600 19.600 21l-2-2H15v-2.600L6.900 8.300A6 6 0 0 0 6 12h3v7H4v-7q0-2.900 1.500-5.100L3 4.400z",
  hangup: "M12 8.500c-4 0-7.500 1.300-10 3.800l2.700 3.900 4.300-1.500v-2.600q3-.9 6 0v2.600l4.300 1.500 2.700-3.900c-2.500-2.500-6-3.800-10-3.800",
  note: "M9 4h11v11.500a3 3 0 1 1-2-2.800V8h-7v9.500a3 3 0 1 1-2-2.800z",
  play: "M7 4.500v15l12-7.500z",
  pause: "M6 5h4v14H6zm8 0h4v14h-4z",
  stop: "M6 6h12v12H6z",
  send: "m3 4 19 8-19 8 3-8zm5 7v2l6-1z",
  signal: "M3 15h3v5H3zm5-4h3v9H8zm5-4h3v13h-3zm5-4h3v17h-3z",
  link: "M14 3h7v7h-2V6.400l-8.300 8.300-1.400-1.400L17.600 5H14zM5 5h6v2H7v10h10v-4h2v6H5z",
};

export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", size);
  svg.setAttribute("height", size);
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  path.setAttribute("fill", "currentColor");
  svg.append(path);
  return svg;
}

const COLOURS = ["#5865f2", "#3ba55c", "#eb459e", "#f0883e", "#00a8b5", "#9b59b6"];

export function avatar(user, size = 40) {
  if (user.bot) return el("img", { class: "avatar", src: "/static/icon.svg", alt: "", width: size, height: size });
  const name = user.global_name ?? user.username;
  const colour = COLOURS[Number(BigInt(user.id) >> 17n) % COLOURS.length];
  const style = { background: colour, width: `${size}px`, height: `${size}px`, "font-size": `${size * 0.42}px` };
  return el("span", { class: "avatar", "aria-hidden": "true", style }, name.slice(0, 1).toUpperCase());
}

export const nameOf = (user) => user?.global_name ?? user?.username ?? "?";

let hiding = 0;
export function toast(text) {
  const node = document.getElementById("toast");
  node.textContent = text;
  node.classList.add("shown");
  clearTimeout(hiding);
  hiding = setTimeout(() => node.classList.remove("shown"), 2500);
}
