/** Values on their way to and from Python: bytes and tuples, which JSON has not. */

/** A tuple of Python: several arguments of an event, several values of an acknowledgement. */
export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}

export const tuple = (...items: unknown[]): Tuple => new Tuple(items);

export function pack(value: unknown): unknown {
  if (value instanceof Uint8Array)
    return { $bytes: Buffer.from(value).toString("base64") };
  if (value instanceof Tuple) return { $tuple: value.items.map(pack) };
  if (Array.isArray(value)) return value.map(pack);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, pack(item)]),
  );
}

export function unpack(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unpack);
  if (typeof value !== "object" || value === null) return value;
  const entries: [string, unknown][] = Object.entries(value);
  const [key, item] = entries[0] ?? [];
  if (key === "$bytes") return Buffer.from(String(item), "base64");
  if (key === "$tuple" && Array.isArray(item))
    return new Tuple(item.map(unpack));
  return Object.fromEntries(
    entries.map(([name, each]) => [name, unpack(each)]),
  );
}
