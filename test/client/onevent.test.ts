/**
 * Plugins of socket.io-client put a function of theirs in the place of
 * `socket.onevent`, around it (vue-socket.io-extended, vue-socket.io and many
 * programs with the same lines) or instead of it (socketio-wildcard, which then
 * asks for `socket.ack`). The reference's client beside ours.
 */
import { io as official } from "socket.io-client";
import { expect, test } from "vitest";
import { io as own } from "../../src/client/index.js";
import { afterTest, nextValue, SERVERS } from "./support.js";

interface Packet {
  type: number;
  nsp: string;
  data: unknown[];
  id?: number | null;
}

interface Pluggable {
  nsp: string;
  connected: boolean;
  onevent: (this: Pluggable, packet: Packet) => void;
  ack(id: number): (...args: unknown[]) => void;
  on(event: string, listener: (...args: never[]) => void): unknown;
  onAny(listener: (...args: unknown[]) => void): unknown;
  disconnect(): unknown;
}

interface Peer {
  emit(event: string, ...args: unknown[]): unknown;
  emitWithAck(event: string, ...args: unknown[]): Promise<unknown>;
}

type Plugin = (socket: Pluggable, heard: unknown[]) => void;

const shown = (values: readonly unknown[]) =>
  values.map((value) => (typeof value === "function" ? "function" : value));

const plugins: Record<string, Plugin> = {
  "a function around it": (socket, heard) => {
    const { onevent } = socket;
    socket.onevent = function (packet) {
      const { type, nsp, data, id } = packet;
      heard.push(["before", type, nsp, shown(data), typeof id]);
      onevent.call(this, packet);
      heard.push(["after", shown(packet.data)]);
    };
  },
  "a function instead of it": (socket, heard) => {
    socket.onevent = function ({ data, id }) {
      if (id != null) this.ack(id)("by the plugin");
      heard.push(["instead", shown(data)]);
    };
  },
  "events of its own": (socket) => {
    const { onevent } = socket;
    socket.onevent = function (packet) {
      onevent.call(this, packet);
      onevent.call(this, { ...packet, data: ["*", ...packet.data], id: null });
    };
  },
  nothing: () => undefined,
};

test.each(
  SERVERS.flatMap(({ name, serve }) =>
    Object.keys(plugins).map((plugin) => [name, plugin, serve] as const),
  ),
)("%s: %s", async (_name, plugin, serve) => {
  const { io: server, url } = await serve();
  const transcript = async (connect: unknown) => {
    const peer = nextValue<Peer>(server.of("/plugins") as never, "connection");
    const socket = (connect as (url: string, options: object) => Pluggable)(
      `${url}/plugins`,
      { forceNew: true },
    );
    afterTest(() => socket.disconnect());
    const heard: unknown[] = [];
    plugins[plugin]?.(socket, heard);
    socket.onAny((...args) => heard.push(["any", shown(args)]));
    socket.on("*", (...args: unknown[]) => heard.push(["*", shown(args)]));
    socket.on("ask", (...args: unknown[]) => {
      heard.push(["ask", shown(args)]);
      (args.at(-1) as (answer: string) => void)("by the listener");
    });
    const connected = await peer;
    connected.emit("news", 1, "ü", Buffer.from([1]));
    return [await connected.emitWithAck("ask", 2), heard];
  };
  const expected = await transcript(official);
  expect(await transcript(own)).toEqual(expected);
});
