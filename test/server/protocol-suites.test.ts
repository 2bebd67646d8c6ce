/**
 * The checks of the protocols, asked of the reference and of ours. Those of
 * Engine.IO go through the public option `parser`: its decoder keeps what it
 * gets until the namespace is open, and its encoder sends events as they came.
 */
import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import type { RawPacket } from "../../src/dialects/dialect.js";
import type { ServerOptions } from "../../src/index.js";
import { both, type Site } from "./beside.js";
import { engineChecks, REVISIONS, type Check } from "./protocol-checks.js";
import { socketChecks } from "./protocol-socket-checks.js";

const TIMES = { pingInterval: 300, pingTimeout: 200, maxHttpBufferSize: 1e6 };

/** Messages come back as they are. `asks`: how its revision asks for a namespace. */
function echo(asks: (key: string) => Partial<RawPacket>) {
  const waiting = new Map<string, Decoder>();
  class Encoder {
    encode({ type, data }: RawPacket): unknown[] {
      return type === 2 ? [(data as unknown[])[1]] : [];
    }
  }
  class Decoder extends EventEmitter {
    #queue: unknown[] | undefined;
    #open = false;
    add(chunk: unknown) {
      if (this.#open) return this.#say(chunk);
      if (this.#queue === undefined) {
        const key = String(waiting.size);
        waiting.set(key, this);
        this.#queue = [chunk];
        this.emit("decoded", { type: 0, nsp: "/echo", ...asks(key) });
      } else this.#queue.push(chunk);
    }
    flush() {
      this.#open = true;
      for (const chunk of this.#queue ?? []) this.#say(chunk);
    }
    destroy() {
      this.#queue = [];
    }
    #say(chunk: unknown) {
      const data = ["message", chunk];
      this.emit("decoded", { type: 2, nsp: "/echo", data });
    }
  }
  const program = ({ io }: Site) => {
    io.of("/echo").on("connection", (socket) => {
      socket.on("message", (chunk: unknown) => socket.send(chunk));
      waiting.get(String(socket.handshake.auth.key))?.flush();
    });
  };
  return { parser: { Encoder, Decoder }, program };
}

function check(
  asked: Check,
  options: () => Partial<ServerOptions> & { program?: (site: Site) => void },
) {
  return async () => {
    const { program, ...given } = options();
    const { expected } = asked;
    const [ours, theirs] = await both({ ...TIMES, ...given }, (site) => {
      program?.(site);
      return asked.run(site);
    });
    expect(ours).toEqual(theirs);
    if (expected !== undefined) expect(ours).toEqual(expected);
  };
}

describe.each(REVISIONS)("$name, by a parser that echoes", (revision) => {
  for (const one of engineChecks(revision))
    test(
      one.what,
      check(one, () => ({
        ...echo(
          revision.query === "EIO=4"
            ? (key) => ({ data: { key } })
            : (key) => ({ nsp: `/echo?key=${key}` }),
        ),
        allowEIO3: true,
      })),
    );
});

describe("Socket.IO 5", () => {
  const program = ({ io }: Site) => {
    for (const nsp of ["/", "/custom"])
      io.of(nsp).on("connection", (socket) => {
        socket.emit("auth", socket.handshake.auth);
        socket.on("message", (...args: unknown[]) =>
          socket.emit("message-back", ...args),
        );
        socket.on("message-with-ack", (...args: unknown[]) => {
          const answer = args.pop() as (...args: unknown[]) => void;
          answer(...args);
        });
      });
  };
  for (const one of socketChecks)
    test(
      one.what,
      check(one, () => ({ connectTimeout: 200, program })),
    );
});
