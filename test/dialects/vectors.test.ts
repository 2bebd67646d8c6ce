/** Real frames of each generation, as data: test/vectors/. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Dialect, LINES } from "../../src/dialects/dialect.js";
import { eio3, eio4, type Eio3Options } from "../../src/dialects/index.js";
import type { Packet, Signal, Unit } from "../../src/dialects/packet.js";
import { receive } from "./support.js";

interface Vector {
  comment: string;
  from: "client" | "server" | "both";
  line: keyof typeof LINES;
  frames: unknown[];
  items: unknown[];
  reads?: true;
  text?: Eio3Options["text"];
}

function load(name: string): Vector[] {
  const file = new URL(`../vectors/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { vectors: Vector[] })
    .vectors;
}

/** `{"hex":"..."}` is bytes, anywhere. */
function withBytes(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withBytes);
  const entries = Object.entries(value);
  if (entries[0]?.[0] === "hex")
    return new Uint8Array(Buffer.from(String(entries[0][1]), "hex"));
  return Object.fromEntries(entries.map(([k, v]) => [k, withBytes(v)]));
}

function runAll(name: string, make: (vector: Vector) => Dialect) {
  describe.each(load(name))(`${name}: $comment`, (vector) => {
    const dialect = make(vector);
    const line = LINES[vector.line];
    const frames = withBytes(vector.frames) as Unit[];
    const items = withBytes(vector.items) as (Packet | Signal)[];

    test("is read", () => {
      expect(receive(dialect, frames, line)).toEqual(items);
    });

    if (vector.reads) return;
    test("is written", () => {
      const units = items.flatMap((item) => dialect.encode(item));
      expect(dialect.frame(units, line)).toEqual(frames);
    });
  });
}

runAll("eio4", () => eio4());
runAll("eio3", ({ text }) => eio3({ text }));
