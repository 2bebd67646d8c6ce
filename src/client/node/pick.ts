/** Options that were given, out of those that somebody else takes. */
export function pick(
  opts: object,
  names: readonly string[],
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(opts).filter(
      ([name, value]) => names.includes(name) && value !== undefined,
    ),
  );
}
