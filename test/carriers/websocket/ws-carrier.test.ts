import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket, WebSocketServer } from "ws";
import type { WebSocketHandler } from "../../../src/carriers/websocket/carrier.js";
import {
  LibraryWebSocketCarrier,
  type LibraryOptions,
  type LibraryWebSocket,
  type SendOptions,
} from "../../../src/carriers/websocket/ws-carrier.js";
import { LINES } from "../../../src/dialects/dialect.js";
import { Outgoing } from "../../../src/dialects/outgoing.js";
import type { Unit } from "../../../src/dialects/packet.js";
import { framePorts } from "../../../src/node/frame-ports.js";
import { rawClient, restOf } from "./echo-server.js";
import { close, hex, serverFrames, text, toHex } from "./support.js";

const options: LibraryOptions = {
  dialect: { frame: (units: readonly Unit[]) => [...units] },
  line: LINES.websocket,
  ports: framePorts,
};

const hearing = (heard: unknown[]): WebSocketHandler => ({
  frame: (unit) => heard.push(unit),
  closed: (code, reason) => heard.push({ code, reason }),
  error: (error) => heard.push(error),
});

/** A library that does what the test tells it. */
class FakeLibrary extends EventEmitter implements LibraryWebSocket {
  readonly sent: {
    data: string | Uint8Array;
    options: SendOptions;
    done: (error?: Error) => void;
  }[] = [];
  readonly calls: unknown[] = [];
  fault: Error | undefined;
  send(
    data: string | Uint8Array,
    sendOptions: SendOptions,
    done: (error?: Error) => void,
  ): void {
    if (this.fault) throw this.fault;
    this.sent.push({ data, options: sendOptions, done });
  }
  close(...args: unknown[]): void {
    this.calls.push(["close", ...args]);
  }
  terminate(): void {
    this.calls.push(["terminate"]);
  }
}

function fake(more: Partial<LibraryOptions> = {}) {
  const library = new FakeLibrary();
  const heard: unknown[] = [];
  const carrier = new LibraryWebSocketCarrier(
    library,
    { ...options, ...more },
    hearing(heard),
  );
  return { library, heard, carrier };
}

describe("what the library is given", () => {
  it("is each packet, compressed if it may be and is long enough", () => {
    const { carrier, library } = fake({ compressFrom: 10 });
    const long = "x".repeat(10);
    carrier.write([
      new Outgoing([long]),
      new Outgoing([long], false, false),
      new Outgoing(["short", new Uint8Array(10)]),
    ]);
    expect(
      library.sent.map(({ data, options: { compress } }) => [data, compress]),
    ).toEqual([
      [long, true],
      [long, false],
      ["short", false],
      [new Uint8Array(10), true],
    ]);
  });

  it("has a threshold of 1024 bytes by default, counted in UTF-8", () => {
    const { carrier, library } = fake();
    carrier.write(
      ["x".repeat(1023), "x".repeat(1024), "é".repeat(512)].map(
        (unit) => new Outgoing([unit]),
      ),
    );
    expect(library.sent.map((sent) => sent.options.compress)).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("is corked for the length of a batch, also if the library throws", () => {
    const log: string[] = [];
    const cork = {
      cork: () => log.push("cork"),
      uncork: () => log.push("uncork"),
    };
    const { carrier, library } = fake({ cork });
    carrier.write([new Outgoing(["a"]), new Outgoing(["b"])]);
    expect(log).toEqual(["cork", "uncork"]);
    library.fault = new Error("not open");
    carrier.write([new Outgoing(["c"])]);
    expect(log).toEqual(["cork", "uncork", "cork", "uncork"]);
  });

  it("is writable again when all was taken", () => {
    const { carrier, library } = fake();
    expect(carrier.writable).toBe(true);
    carrier.write([new Outgoing(["abc"]), new Outgoing(["€"])]);
    expect(carrier).toMatchObject({ writable: false, bufferedBytes: 6 });
    library.sent[0]?.done();
    expect(carrier).toMatchObject({ writable: false, bufferedBytes: 3 });
    library.sent[1]?.done();
    expect(carrier).toMatchObject({ writable: true, bufferedBytes: 0 });
  });

  it("is a code only if it may be sent", () => {
    const calls = [undefined, 1000, 1005, 4000].flatMap((code) => {
      const { carrier, library } = fake();
      carrier.close(code, "why");
      carrier.close(code, "again");
      return library.calls;
    });
    expect(calls).toEqual([
      ["close"],
      ["close", 1000, "why"],
      ["close"],
      ["close", 4000, "why"],
    ]);
  });
});

describe("what the library tells", () => {
  it.each<[string, unknown, boolean | undefined, Unit]>([
    ["text as bytes (ws)", Buffer.from("ä"), false, "ä"],
    ["text as a string", "ä", undefined, "ä"],
    [
      "text as an ArrayBuffer (eiows)",
      new TextEncoder().encode("ä").buffer,
      false,
      "ä",
    ],
    ["bytes", Buffer.from("ab"), true, Buffer.from("ab")],
    ["bytes without a flag", Buffer.from("ab"), undefined, Buffer.from("ab")],
    [
      "bytes as an ArrayBuffer",
      Uint8Array.of(1, 2).buffer,
      true,
      Buffer.of(1, 2),
    ],
    ["bytes in pieces", [Buffer.of(1), Buffer.of(2)], true, Buffer.of(1, 2)],
  ])("%s", (_, data, isBinary, unit) => {
    const { library, heard } = fake();
    library.emit("message", data, isBinary);
    expect(heard).toEqual([unit]);
  });

  it("of text that is not UTF-8, if it was told not to check, ends the connection", () => {
    const { library, heard } = fake();
    library.emit("message", hex("ff"), false);
    library.emit("message", "more");
    expect(heard).toEqual([expect.any(Error)]);
    expect(library.calls).toEqual([["terminate"]]);
  });

  it("ends once, whatever follows", () => {
    const { library, heard } = fake();
    library.emit("close", 4000, Buffer.from("bye"));
    library.emit("close", 4001, Buffer.from("bye"));
    library.emit("error", new Error("late"));
    library.emit("message", "late");
    expect(heard).toEqual([{ code: 4000, reason: "bye" }]);
  });

  it("may lack a code and a reason", () => {
    const { library, heard } = fake();
    library.emit("close");
    expect(heard).toEqual([{ code: 1006, reason: "" }]);
  });

  it("after an error is nothing", () => {
    const { carrier, library, heard } = fake();
    const error = new Error("ECONNRESET");
    library.emit("error", error);
    library.emit("error", error);
    library.emit("close", 1006, "");
    carrier.write([new Outgoing(["x"])]);
    carrier.close();
    expect(heard).toEqual([error]);
    expect(library.sent).toEqual([]);
  });

  it("after close() is its end and no message", () => {
    const { carrier, library, heard } = fake();
    carrier.close();
    library.emit("message", "late", false);
    carrier.write([new Outgoing(["x"])]);
    library.emit("close", 1005, Buffer.alloc(0));
    expect([heard, library.sent]).toEqual([[{ code: 1005, reason: "" }], []]);
  });

  it("of a write that failed is the end", () => {
    const { carrier, library, heard } = fake();
    const error = new Error("EPIPE");
    carrier.write([new Outgoing(["x"]), new Outgoing(["y"])]);
    library.sent[0]?.done(error);
    library.sent[1]?.done(error);
    expect(heard).toEqual([error]);
    expect(library.calls).toContainEqual(["terminate"]);
  });
});

describe("over ws with compression", () => {
  const http = createServer();
  const wss = new WebSocketServer({
    noServer: true,
    perMessageDeflate: { threshold: 0 },
    maxPayload: 10_000,
  });
  const ends: unknown[][] = [];
  const clients: WebSocket[] = [];
  let port = 0;

  beforeAll(async () => {
    http.on("upgrade", (request, socket, head) => {
      wss.handleUpgrade(request, socket, head, (ws) => {
        const heard: unknown[] = [];
        ends.push(heard);
        const carrier: LibraryWebSocketCarrier = new LibraryWebSocketCarrier(
          ws,
          { ...options, cork: socket },
          {
            ...hearing(heard),
            frame: (unit) =>
              carrier.write([
                new Outgoing([unit], false, true),
                new Outgoing([unit], false, false),
              ]),
          },
        );
      });
    });
    await once(http.listen(0, "127.0.0.1"), "listening");
    port = (http.address() as AddressInfo).port;
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.terminate();
  });
  afterAll(async () => {
    wss.close();
    http.close();
    await once(http, "close");
  });

  async function open() {
    const client = new WebSocket(`ws://127.0.0.1:${port}`);
    clients.push(client);
    await once(client, "open");
    return client;
  }

  it("text and bytes come back, compressed or not", async () => {
    const client = await open();
    expect(client.extensions).toContain("permessage-deflate");
    for (const unit of ["ä", "y".repeat(5000), Buffer.alloc(5000, 7)]) {
      const got: Buffer[] = [];
      const both = new Promise<void>((done) => {
        client.on("message", (data: Buffer) => {
          if (got.push(data) === 2) done();
        });
      });
      client.send(unit);
      await both;
      client.removeAllListeners("message");
      for (const data of got)
        expect(toHex(data)).toBe(toHex(Buffer.from(unit)));
    }
  });

  it("compress(false) is seen on the wire", async () => {
    const raw = await rawClient(
      port,
      "Sec-WebSocket-Extensions: permessage-deflate\r\n",
    );
    const rest = restOf(raw);
    raw.write(text("y".repeat(3000)));
    // The close frame only once both answers are on their way.
    await once(raw, "data");
    raw.write(close());
    const frames = serverFrames(await rest).map(({ first }) => first);
    expect(frames).toEqual([0xc1, 0x81, 0x88]);
  });

  it("too large a message and a broken frame end the connection only", async () => {
    const bystander = await open();
    const large = await open();
    const closed = once(large, "close");
    large.send(Buffer.alloc(10_001));
    expect((await closed)[0]).toBe(1009);
    expect(ends.at(-1)).toEqual([expect.any(RangeError)]);

    const raw = await rawClient(port);
    const rest = restOf(raw);
    raw.write(text("a", { mask: null }));
    expect(serverFrames(await rest)).toEqual([
      { first: 0x88, payload: Buffer.of(3, 234) },
    ]);
    expect(ends.at(-1)).toEqual([expect.any(RangeError)]);

    const answer = once(bystander, "message");
    bystander.send("still here");
    expect(String((await answer)[0])).toBe("still here");
  });
});
