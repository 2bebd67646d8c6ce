/**
 * Clients of nine generations in one room of one server: each says something,
 * all hear it, text intact.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { GENERATIONS } from "../../src/dialects/generations.js";
import { io as ours } from "../../src/client/index.js";
import { Server } from "../../src/index.js";
import {
  client06,
  client07,
  client08,
  client09,
} from "./old/peers/old-clients.js";

const require = createRequire(import.meta.url);

/** What a member of the room can do, whatever library it comes from. */
interface Member {
  on(event: string, listener: (...args: never[]) => void): unknown;
  send(text: string): unknown;
  disconnect(): unknown;
}

type Kind = "websocket" | "polling";

interface Library {
  readonly name: string;
  open(port: number, kind: Kind): Promise<Member> | Member;
}

const old = [
  ["0.6.18", client06()],
  ["0.7.11", client07()],
  ["0.8.7", client08()],
  ["0.9.17", client09()],
] as const;

afterAll(async () => {
  await Promise.all(old.map(([, peer]) => peer.shutDown()));
});

type Io = (url: string, options: object) => Member;

function load(alias: string): Io {
  const library = require(alias) as Io & { io?: Io };
  return library.io ?? library;
}

const today = (name: string, connect: Io): Library => ({
  name,
  open: (port, kind) =>
    connect(`http://localhost:${port}`, {
      transports: [kind],
      forceNew: true,
      reconnection: false,
    }),
});

const LIBRARIES: readonly Library[] = [
  ...old.map(([name, peer]): Library => ({
    name,
    open: (port, kind) =>
      peer.open(port, {
        transport: kind === "polling" ? "xhr-polling" : kind,
      }),
  })),
  today("1.7.4", load("sioc1")),
  today("2.5.0", load("sioc2")),
  today("3.1.3", load("sioc3")),
  today("4.8.4", load("socket.io-client")),
  today("ours", ours),
];

// No line breaks, U+2028 among them: 0.7 loses plain text with one in it, with its own servers too.
const TEXT = "plain, é € 漢字 😀, \u0000, \ufffd.";

/**
 * Half of a surrogate pair is no character, and UTF-8 has no bytes for it. What
 * is JSON on the wire keeps it as an escape; in plain text of the clients
 * before 1.0 it is U+FFFD when it leaves them.
 */
const HALF = "half \ud800 of a pair";
const withoutHalves = (text: string): string =>
  text.replace("\ud800", "\ufffd");

test.each<Kind>(["websocket", "polling"])(
  "nine generations in one room over %s",
  { timeout: 60_000 },
  async (kind) => {
    const http = createServer();
    const io = new Server(http, { generations: "all" });
    const names = new Set<string>();
    const generations = new Set<string>();
    io.on("connection", (socket) => {
      names.add(socket.dialect.name);
      for (const name of socket.dialect.generations) generations.add(name);
      void socket.join("room");
      socket.on("message", (text: string) => {
        io.to("room").emit("message", text);
      });
    });
    http.listen(0);
    await once(http, "listening");
    const { port } = http.address() as AddressInfo;

    const heard = new Map<string, string[]>();
    const members: Member[] = [];
    try {
      for (const library of LIBRARIES) {
        const member = await library.open(port, kind);
        const texts: string[] = [];
        heard.set(library.name, texts);
        member.on("message", (text: string) => texts.push(text));
        members.push(member);
      }
      await expect
        .poll(() => io.sockets.sockets.size, { timeout: 20_000 })
        .toBe(LIBRARIES.length);

      const said = LIBRARIES.map(({ name }) => `${name}: ${TEXT}`);
      members.forEach((member, index) => void member.send(said[index]));
      for (const { name } of LIBRARIES)
        await expect
          .poll(() => [name, heard.get(name)?.toSorted()], { timeout: 20_000 })
          .toEqual([name, said.toSorted()]);

      // Over polling the client of 0.6 dies of it before it has sent anything.
      const arrived = LIBRARIES.flatMap(({ name }, index) => {
        if (kind === "polling" && name === "0.6.18") return [];
        const text = `${name}: ${HALF}`;
        void members[index]?.send(text);
        return index < old.length ? withoutHalves(text) : text;
      });
      for (const { name } of LIBRARIES)
        await expect
          .poll(() => [name, heard.get(name)?.toSorted()], { timeout: 20_000 })
          .toEqual([name, [...said, ...arrived].toSorted()]);
      expect([...names].toSorted()).toEqual(["eio3", "eio4", "v06", "v09"]);
      expect([...generations].toSorted().toReversed()).toEqual(GENERATIONS);
    } finally {
      for (const member of members) void member.disconnect();
      await io.close();
    }
  },
);
