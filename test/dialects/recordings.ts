/** Recordings of the generations before 1.0: test/vectors/v06.json and v09.json. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  type HostedDialect,
  type HttpAnswer,
  type HttpRequest,
  type Knock,
  LINES,
} from "../../src/dialects/dialect.js";
import { ProtocolError } from "../../src/dialects/packet.js";
import type { Packet, Signal, Unit } from "../../src/dialects/packet.js";
import { receive } from "./support.js";

interface Vector {
  comment: string;
  /** Who says it. */
  from: "client" | "server" | "both";
  line: keyof typeof LINES;
  frames: Unit[];
  items: (Packet | Signal)[];
  reads?: true;
}

interface Exchange {
  server?: string;
  comment: string;
  method: string;
  path: string;
  does: "greet" | "poll" | "post" | "stream" | "leave" | "refuse";
  code?: number;
  body?: string;
  type?: string;
  items?: (Packet | Signal)[];
  answer: { status: number; type?: string; body: string } | null;
}

interface Recordings {
  vectors: Vector[];
  http: Exchange[];
}

export function load(name: string): Recordings {
  const file = new URL(`../vectors/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, "utf8")) as Recordings;
}

/** A request as the engine hands it over. */
export function ask(url: string, more: Partial<HttpRequest> = {}): HttpRequest {
  const [path, search] = url.split("?");
  const query = Object.fromEntries(new URLSearchParams(search));
  return { method: "GET", path, query, upgrade: false, ...more };
}

export function knockAt(
  { door }: HostedDialect,
  url: string,
  more?: Partial<HttpRequest>,
): Knock {
  const knock = door.knock(ask(url, more));
  if (knock === undefined) throw new Error(`nobody opens at ${url}`);
  return knock;
}

/** The layer that refuses it, or what came out. */
export function outcome(decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ProtocolError) return error.layer;
    throw error;
  }
}

export function testVectors(
  vectors: Vector[],
  dialect: HostedDialect,
  client = dialect,
): void {
  describe.each(vectors)("$comment", ({ from, line, frames, items, reads }) => {
    test("is read", () => {
      const reader = from === "server" ? client : dialect;
      expect(receive(reader, frames, LINES[line])).toEqual(items);
    });

    if (reads || items[0]?.type === "open") return;
    test("is written", () => {
      const units = items.flatMap((item) => dialect.encode(item));
      expect(dialect.frame(units, LINES[line])).toEqual(frames);
    });
  });
}

/** What our door answers in the place of the recorded server. */
export function replay(
  dialect: HostedDialect,
  { does, code, method, path, items = [] }: Exchange,
): HttpAnswer | undefined {
  const { door } = dialect;
  const knock = knockAt(dialect, path, { method });
  const units = items.flatMap((item) => dialect.encode(item));
  switch (does) {
    case "greet":
      expect(knock).toMatchObject({ apart: true, sid: undefined });
      return door.greet?.(
        { sid: "SID", upgrades: [], pingInterval: 1, pingTimeout: 1 },
        ["polling", "websocket"],
        knock,
      );
    case "poll": {
      const [payload] = dialect.frame(units, knock.line);
      return door.polled(payload, knock, true);
    }
    case "post":
      return door.posted(knock);
    case "leave":
      expect(knock.leave).toBe(true);
      return door.posted(knock);
    case "stream": {
      expect(knock).toMatchObject({ streams: true, line: LINES.stream });
      const stream = door.stream?.(knock);
      if (stream === undefined) throw new Error("no stream");
      const pieces = dialect
        .frame(units, knock.line)
        .map((payload) => stream.piece(payload));
      const body = String(stream.head.body) + pieces.join("");
      return { ...stream.head, body };
    }
    case "refuse":
      if (code === 5) expect(knock.refused).toBe(5);
      return door.refuse(code ?? 0, "words", knock);
  }
}

/** What a POST brings. */
export function readPost(
  dialect: HostedDialect,
  { path, body, type }: Pick<Exchange, "path" | "body" | "type">,
): (Packet | Signal)[] {
  const knock = knockAt(dialect, path, { method: "POST" });
  const bytes = new TextEncoder().encode(body);
  const frame = dialect.door.readPost(bytes, type, knock);
  return receive(dialect, [frame], knock.line);
}
