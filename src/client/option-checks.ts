/**
 * What a manager cannot work with, in one sentence when it is made. The page's
 * bundles leave it out for their size: there a wrong delay is the default one.
 */
/** Whatever is falsy is the default, as in the reference. */
const NUMBERS = [
  "reconnectionAttempts",
  "reconnectionDelay",
  "reconnectionDelayMax",
  "randomizationFactor",
  "timeout",
  "requestTimeout",
  "ackTimeout",
  "retries",
];

/**
 * A text of a number, as environment variables are, means the number.
 *
 * @throws {TypeError} a number or a list is none
 */
export function checkOptions(opts: object): void {
  const options = opts as Readonly<Record<string, unknown>>;
  for (const name of NUMBERS) {
    const value = options[name];
    const number = typeof value === "string" ? +value : value;
    if (!value || value === true || Number(number) >= 0) continue;
    throw new TypeError(
      `${name} must be a number, 0 or more, but it is ${JSON.stringify(value)}`,
    );
  }
  if (options.transports && options.transportImplementations)
    throw new TypeError(
      "give either `transports` or `transportImplementations`, not both",
    );
  for (const name of ["transports", "transportImplementations"]) {
    const list = options[name];
    if (list && !Array.isArray(list))
      throw new TypeError(
        `${name} must be a list such as ["websocket"], but it is ${JSON.stringify(list)}`,
      );
  }
}
