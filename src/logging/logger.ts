/**
 * Where logs go: to standard error, or to a logger that the application has
 * already. Loggers differ in the shape of their methods, and agree on taking a
 * sentence; so that is what they get.
 */
import { isNamed, namesInDebug } from "./debug.js";

/**
 * A logger of the application: `console`, pino, winston and the like, or one
 * that says `warning`, as Python's do. A level that it lacks goes to the next
 * one it has; `debug` goes nowhere then.
 */
export interface Logger {
  debug?(message: string): unknown;
  info?(message: string): unknown;
  warn?(message: string): unknown;
  warning?(message: string): unknown;
  error(message: string): unknown;
}

/** `true`: standard error, from `info` on. */
export type LoggerOption = boolean | Logger;

/** What logs are written with. It does not exist while they are off. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/**
 * The log of one part, such as `omnio:client`.
 *
 * @param option - the option's value
 * @param name - which the variable DEBUG may ask for as well
 * @param optionName - for the error
 * @returns nothing if it is off: then logging costs a look at `undefined`
 * @throws {TypeError} the option is no logger
 */
export function logFor(
  option: LoggerOption | undefined,
  name: string,
  optionName = "logger",
): Log | undefined {
  const debugged = isNamed(name, namesInDebug());
  if (option === undefined || option === false)
    return debugged ? toConsole(name, true) : undefined;
  if (option === true) return toConsole(name, debugged);
  if (!isLogger(option))
    throw new TypeError(
      `the option "${optionName}" must be true, false or a logger with the methods info, warn (or warning) and error, such as console; it is ${option === null ? "null" : `a ${typeof option} without them`}`,
    );
  return toLogger(option, name);
}

/** A session's id is a secret and so is what is like it: enough to tell two apart. */
export function shortened(id: string | undefined): string {
  return id === undefined ? "none" : `${id.slice(0, 4)}…`;
}

/** An address without what may be secret in it: user, password and query. */
export function withoutSecrets(address: string): string {
  return address
    .replace(/[?#].*$/s, "")
    .replace(/^(\w+:\/\/|\/\/)[^/]*@/, "$1");
}

function isLogger(value: unknown): value is Logger {
  return (
    (typeof value === "object" || typeof value === "function") &&
    value !== null &&
    "error" in value &&
    typeof value.error === "function"
  );
}

function toConsole(name: string, debug: boolean): Log {
  const write = (level: string) => (message: string) =>
    console.error(`${new Date().toISOString()} ${level} ${name} ${message}`);
  return {
    debug: debug ? write("DEBUG") : () => {},
    info: write("INFO"),
    warn: write("WARN"),
    error: write("ERROR"),
  };
}

function toLogger(logger: Logger, name: string): Log {
  const write = (methods: readonly (keyof Logger)[]) => (message: string) => {
    const method = methods.find((one) => typeof logger[one] === "function");
    try {
      if (method !== undefined) logger[method]?.(`${name} ${message}`);
    } catch {
      // A log that cannot be written must not end what it tells of.
    }
  };
  return {
    debug: write(["debug"]),
    info: write(["info", "debug"]),
    warn: write(["warn", "warning", "info", "error"]),
    error: write(["error"]),
  };
}
