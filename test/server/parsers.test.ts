/** Parsers whose decoders take time: the same program with the reference, and ours. */
import { EventEmitter } from "node:events";
import { io as theirConnect } from "socket.io-client";
import { describe, expect, test } from "vitest";
import { io as ourConnect } from "../../src/client/index.js";
import type { Parser, RawPacket } from "../../src/dialects/dialect.js";
import { atEnd, both, KINDS, site, until, type Kind } from "./beside.js";

/** JSON, given to the application when `wait` says so, and what befell each decoder. */
function slow(wait: (done: () => void) => void) {
  const decoders: Decoder[] = [];
  class Encoder {
    encode({ type, nsp, data, id }: RawPacket): unknown[] {
      return [JSON.stringify({ type, nsp, data, id })];
    }
  }
  class Decoder extends EventEmitter {
    readonly added: unknown[] = [];
    destroyed = 0;
    constructor() {
      super();
      decoders.push(this);
    }
    add(chunk: unknown): unknown {
      this.added.push(chunk);
      wait(() => this.emit("decoded", JSON.parse(String(chunk))));
      return undefined;
    }
    destroy() {
      this.destroyed++;
    }
  }
  return { parser: { Encoder, Decoder }, decoders };
}

const later = (done: () => void): void => void setImmediate(done);

/** Work in the thread pool, in order, as with WebCrypto or zlib. */
function inOrder() {
  let last: Promise<unknown> = Promise.resolve();
  return (done: () => void) => {
    last = last.then(() => new Promise(setImmediate)).then(done);
  };
}

const CLIENTS = [
  ["the reference's client", theirConnect],
  ["our client", ourConnect as unknown as typeof theirConnect],
] as const;

describe.each(KINDS)("a decoder that takes time with %s", (_, kind) => {
  test.each(CLIENTS)(
    "and %s: events, answers, and their order, over an upgrade",
    async (_, connect) => {
      const { parser } = slow(inOrder());
      const { io, url } = await site(kind, { parser });
      const heard: number[] = [];
      io.on("connection", (socket) => {
        socket.on("n", (n: number) => heard.push(n));
        socket.on("ask", (value: unknown, answer: (value: unknown) => void) =>
          answer(value),
        );
      });
      const socket = connect(url, { parser, forceNew: true });
      atEnd(() => socket.disconnect());
      let upgraded = false;
      socket.io.on("open", () =>
        socket.io.engine.on("upgrade", () => (upgraded = true)),
      );
      let sent = 0;
      while (!upgraded || sent < 20) {
        socket.emit("n", sent++);
        await new Promise(setImmediate);
      }
      expect(await socket.emitWithAck("ask", ["é", 1])).toEqual(["é", 1]);
      expect(heard).toEqual(Array.from({ length: sent }, (_, n) => n));
    },
  );
});

/** A WebSocket that is in. */
async function joined(kind: Kind, parser: Parser) {
  const one = await site(kind, { parser });
  const heard: unknown[] = [];
  const gone = new Promise<string>((resolve) => {
    one.io.on("connection", (socket) => {
      socket.on("error", (error: Error) => heard.push(error.message));
      socket.on("a", (value: unknown) => heard.push(value));
      socket.on("disconnect", resolve);
    });
  });
  const stream = one.stream();
  await stream.say('4{"type":0,"nsp":"/"}');
  await stream.take(2);
  return { ...one, io: one.io, stream, heard, gone };
}

const event = (value: unknown): RawPacket => ({
  type: 2,
  nsp: "/",
  data: ["a", value],
});

describe("one decoder for each connection", () => {
  test.each(KINDS)(
    "%s: made once, destroyed once, silent afterwards",
    async (_, kind) => {
      const { parser, decoders } = slow((done) => done());
      const { stream, heard, gone } = await joined(kind, parser);
      await stream.say("4" + JSON.stringify(event(1)));
      await until(() => heard.length > 0);
      expect(decoders).toHaveLength(1);
      expect(decoders[0].added).toHaveLength(2);
      stream.socket.close();
      await gone;
      await new Promise(setImmediate);
      expect(decoders[0].destroyed).toBe(1);
      decoders[0].emit("decoded", event("too late"));
      await new Promise(setImmediate);
      expect(heard).toEqual([1]);
    },
  );

  test("none for a probe", async () => {
    const { parser, decoders } = slow((done) => done());
    const made = await both({ parser }, async (site) => {
      const before = decoders.length;
      const session = await site.open();
      const stream = site.stream(session.replace("polling", "websocket"));
      await stream.say("2probe");
      expect(await stream.next()).toBe("3probe");
      return before;
    });
    expect(made).toHaveLength(2);
    // One for each of the two servers' connections.
    expect(decoders).toHaveLength(2);
  });

  test.each(KINDS)("%s: several packets of one chunk", async (_, kind) => {
    class Doubling extends slow((done) => done()).parser.Decoder {
      override add(chunk: unknown) {
        const packet = JSON.parse(String(chunk)) as RawPacket;
        this.emit("decoded", packet);
        if (packet.type === 2) this.emit("decoded", event("again"));
        return undefined;
      }
    }
    const { parser } = slow(later);
    const { stream, heard } = await joined(kind, {
      ...parser,
      Decoder: Doubling,
    });
    await stream.say("4" + JSON.stringify(event(1)));
    await until(() => heard.length > 1);
    expect(heard).toEqual([1, "again"]);
  });
});

describe("errors of a decoder", () => {
  const failing = (fail: (decoder: EventEmitter) => unknown) => {
    const { parser, decoders } = slow((done) => done());
    class Decoder extends parser.Decoder {
      override add(chunk: unknown): unknown {
        if (String(chunk).includes('"a"')) return fail(this);
        return super.add(chunk);
      }
    }
    return { parser: { ...parser, Decoder }, decoders };
  };

  test("thrown at once: the same words and reason as there", async () => {
    const [ours, theirs] = await Promise.all(
      KINDS.map(async ([, kind]) => {
        const { parser } = failing(() => {
          throw new TypeError("bad key");
        });
        const { stream, heard, gone } = await joined(kind, parser);
        await stream.say("4" + JSON.stringify(event(1)));
        return [await gone, ...heard];
      }),
    );
    expect(ours).toEqual(theirs);
    expect(ours).toEqual(["forced close", "bad key"]);
  });

  test.each<[string, (decoder: EventEmitter) => unknown]>([
    ["a promise that is rejected", () => Promise.reject(new Error("bad key"))],
    [
      "its event error",
      (decoder) => later(() => decoder.emit("error", new Error("bad key"))),
    ],
  ])(
    "later, by %s: a parse error of that connection alone",
    async (_, fail) => {
      const { parser, decoders } = failing(fail);
      const [, ours] = KINDS[0];
      const { io, stream, heard, gone } = await joined(ours, parser);
      const others = io.engine.clients;
      await stream.say("4" + JSON.stringify(event(1)));
      expect(await gone).toBe("parse error");
      expect(heard).toEqual(["bad key"]);
      expect(decoders[0].destroyed).toBe(1);
      expect(Object.keys(others)).toEqual([]);
    },
  );

  test("later, in our client", async () => {
    const { parser } = slow((done) => done());
    class Decoder extends parser.Decoder {
      override async add(chunk: unknown): Promise<void> {
        await new Promise(setImmediate);
        if (String(chunk).includes('"bad"')) throw new Error("bad key");
        super.add(chunk);
      }
    }
    const { io, url } = await site(KINDS[0][1], { parser });
    io.on("connection", (socket) => socket.emit("bad"));
    const socket = ourConnect(url, {
      parser: { ...parser, Decoder },
      forceNew: true,
      reconnection: false,
    });
    const [reason, error] = await new Promise<unknown[]>((resolve) =>
      socket.on("disconnect", (...args) => resolve(args)),
    );
    expect(reason).toBe("parse error");
    expect(error).toMatchObject({ message: "bad key" });
  });

  test("a packet that is none, later, ends the connection and not the process", async () => {
    const { parser, decoders } = slow(later);
    const { stream, gone } = await joined(KINDS[0][1], parser);
    decoders[0].emit("decoded", { type: 2, nsp: "/", data: "no list" });
    expect(await gone).toBe("parse error");
    expect(await stream.next()).toBe("closed");
  });

  test("a client's decoder ends with its connection, and each connection has one", async () => {
    const { parser, decoders } = slow((done) => done());
    const { io, url } = await site(KINDS[0][1], {
      parser: slow((done) => done()).parser,
    });
    const joined = () =>
      new Promise<{ disconnect(close: boolean): void }>((resolve) =>
        io.once("connection", resolve),
      );
    const first = joined();
    const socket = ourConnect(url, {
      parser,
      forceNew: true,
      reconnectionDelay: 1,
    });
    atEnd(() => socket.disconnect());
    const one = await first;
    const again = joined();
    socket.on("disconnect", () => socket.connect());
    one.disconnect(true);
    await again;
    expect(decoders.map(({ destroyed }) => destroyed)).toEqual([1, 0]);
  });
});
