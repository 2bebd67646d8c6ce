/**
 * `DEBUG=omnio:*`, the variable that many programs in JavaScript read: names
 * apart by commas, `*` for anything, a leading `-` for what is not meant.
 */

/**
 * The variable, or in browsers `localStorage.debug`. Node.js has a
 * `localStorage` too, which prints a warning when it is touched, so that where
 * there are variables nothing else is looked at.
 */
export function namesInDebug(): string {
  if (typeof process !== "undefined") {
    const { env, versions } = process as Partial<typeof process>;
    const names = mayReadDebug() ? env?.["DEBUG"] : "";
    if (names !== undefined) return names;
    if (versions?.node !== undefined) return "";
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

/** Deno asks whoever sits at the terminal, or throws, when a variable is read without the right to. */
function mayReadDebug(): boolean {
  const { Deno } = globalThis as { Deno?: DenoPermissions };
  const query = { name: "env", variable: "DEBUG" };
  const answer = Deno?.permissions?.querySync(query);
  return answer === undefined || answer.state === "granted";
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

/** What is used of Deno. */
interface DenoPermissions {
  readonly permissions?: {
    querySync(query: { name: string; variable: string }): { state: string };
  };
}
