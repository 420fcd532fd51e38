import { element } from "./element.js";

const MINUTE = 60_000;
const format = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

/** A moment of the server's, for a person in front of this device. @param seconds Unix time */
export function moment(seconds: number): HTMLTimeElement {
  const date = new Date(seconds * 1000);
  return element("time", { datetime: date.toISOString() }, format.format(Math.round(date.getTime() / MINUTE) * MINUTE));
}
