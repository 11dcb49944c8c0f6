// Times and sizes for people.

import { state } from "./state.js";
import { t } from "./strings.js";

const EPOCH_MS = 1420070400000n;

export const madeAt = (snowflake) => new Date(Number((BigInt(snowflake) >> 22n) + EPOCH_MS));
export const snowflakeNow = () => String(((BigInt(Date.now()) - EPOCH_MS) << 22n) | 0x3fffffn);

export const clock = (date) => date.toLocaleTimeString(state.locale, { hour: "numeric", minute: "2-digit" });
export const full = (date) => date.toLocaleString(state.locale, { dateStyle: "full", timeStyle: "short" });
export const day = (date) => date.toLocaleDateString(state.locale, { dateStyle: "long" });

export function when(date) {
  const days = Math.round((midnight(new Date()) - midnight(date)) / 86400000);
  if (days === 0) return t("today", { time: clock(date) });
  if (days === 1) return t("yesterday", { time: clock(date) });
  return date.toLocaleString(state.locale, { dateStyle: "short", timeStyle: "short" });
}

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

export function size(bytes) {
  const units = t("units").split(" ");
  let number = bytes;
  let unit = 0;
  while (number >= 1024 && unit < 2) [number, unit] = [number / 1024, unit + 1];
  return `${unit ? number.toFixed(2) : number} ${units[unit]}`;
}
