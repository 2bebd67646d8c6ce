/**
 * `DEBUG=omnio:*`, the variable that many programs in JavaScript read: names
 * apart by commas, `*` for anything, a leading `-` for what is not meant.
 */

/** The variable, or in browsers `localStorage.debug`. */
export function namesInDebug(): string {
  if (typeof process !== "undefined") {
    const { DEBUG } = process.env ?? {};
    if (DEBUG !== undefined) return DEBUG;
  }
  try {
    return typeof localStorage === "undefined"
      ? ""
      : (localStorage.getItem("debug") ?? "");
  } catch {
    // Some pages may not ask.
    return "";
  }
}

/** Whether the list asks for the name. */
export function isNamed(name: string, list: string): boolean {
  let named = false;
  for (const entry of list.split(/[\s,]+/)) {
    if (entry.startsWith("-")) {
      if (matches(name, entry.slice(1))) return false;
    } else if (entry && matches(name, entry)) named = true;
  }
  return named;
}

function matches(name: string, pattern: string): boolean {
  const [start = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return name === start;
  if (!name.startsWith(start)) return false;
  let at = start.length;
  const end = rest.pop() ?? "";
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - end.length >= at && name.endsWith(end);
}
