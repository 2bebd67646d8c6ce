/**
 * What clients say that are written in other languages, by hand, from their
 * sources and documentation: the request, and the frames in their order.
 */
import { OPCODE, frame, head, text, Wire } from "../../security/wire.js";

/** A request for a WebSocket as each of them writes it, and what it says by itself as soon as it may. */
export interface Script {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Said as soon as the WebSocket is open, before the server's greeting has been read. */
  readonly atOnce?: readonly string[];
  /** Said when the greeting has come. */
  readonly greeted?: readonly string[];
}

const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

/** WebSocket++ writes its headers in the order of their names. */
const cpp = (agent: string) => ({
  Connection: "Upgrade",
  Host: "localhost:3000",
  "Sec-WebSocket-Key": KEY,
  "Sec-WebSocket-Version": "13",
  Upgrade: "websocket",
  "User-Agent": agent,
});

const CPP_PATH = "/socket.io/?EIO=4&transport=websocket&t=1449754400";

/** The official client in C++, 1.0 to 1.6.1. */
export const CPP_1: Script = {
  path: CPP_PATH,
  headers: cpp("WebSocket++/0.7.0"),
};

/** The same, in another namespace as well: only that one is asked for. */
export const CPP_1_CHAT: Script = { ...CPP_1, atOnce: ["40/chat"] };

/** 3.0 and 3.1 ask for namespaces as soon as the WebSocket is open. */
export const CPP_3: Script = {
  path: CPP_PATH,
  headers: cpp("WebSocket++/0.8.2"),
  atOnce: ["40"],
};

export const CPP_3_CHAT: Script = { ...CPP_3, atOnce: ["40/chat", "40"] };

export const CPP_3_AUTH: Script = { ...CPP_3, atOnce: ['40{"token":"123"}'] };

/** The component for Unity: it pings as soon as it sees that the WebSocket is open. */
export const UNITY: Script = {
  path: "/socket.io/?EIO=4&transport=websocket",
  headers: {
    "User-Agent": "websocket-sharp/1.0",
    Host: "127.0.0.1:4567",
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
  },
  atOnce: ["2"],
};

/** Java 2.x, with `transports: ["websocket"]`. */
export const JAVA_2: Script = {
  path: "/socket.io/?EIO=4&transport=websocket",
  headers: {
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": KEY,
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Extensions": "permessage-deflate",
    Host: "localhost:3000",
    "Accept-Encoding": "gzip",
    "User-Agent": "okhttp/3.12.12",
  },
  greeted: ['40{"token":"123"}'],
};

/** Swift 16, with `.forceWebsockets(true)`. */
export const SWIFT_16: Script = {
  path: "/socket.io/?transport=websocket&EIO=4",
  headers: {
    Host: "localhost:3000",
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": KEY,
    Origin: "http://localhost:3000",
  },
  greeted: ["40"],
};

/** A WebSocket of a client's, on which nothing has been said. */
export async function open(
  port: number,
  { path, headers }: Script,
): Promise<Wire> {
  const wire = await Wire.open(port);
  wire.send(head("GET", path, headers));
  return wire.until(() => wire.status === 101);
}

/** The same, greeted, with what it says unasked. */
export async function play(port: number, script: Script): Promise<Wire> {
  const wire = await open(port, script);
  wire.send(...(script.atOnce ?? []).map(text));
  await wire.hears(/^0\{/);
  wire.send(...(script.greeted ?? []).map(text));
  return wire;
}

/** The greetings that it has been given. */
export function greetings(wire: Wire): Record<string, unknown>[] {
  return wire.messages
    .filter((message) => message.startsWith("0{"))
    .map((message) => JSON.parse(message.slice(1)) as Record<string, unknown>);
}

/** Bytes as Engine.IO 3 writes them: behind the type of a message. */
export const old = (...bytes: number[]): Buffer =>
  frame(OPCODE.binary, Buffer.from([4, ...bytes]));

/** The binary messages that have come, byte by byte. */
export function bytes(wire: Wire): number[][] {
  return wire.frames
    .filter(({ opcode }) => opcode === OPCODE.binary)
    .map(({ payload }) => [...payload]);
}
