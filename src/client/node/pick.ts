/** Options that were given, out of those that somebody else takes. An empty text or 0 is nothing that they know. */
export function pick(
  opts: object,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(opts).filter(
      ([name, value]) =>
        names.includes(name) && ![undefined, "", 0].includes(value as string),
    ),
  );
}
