/** Connecting, namespaces and refusals. */
import { expect } from "vitest";
import { arrival, type ServerFeature } from "./rig.js";

export const connecting: readonly ServerFeature[] = [
  {
    name: "connect",
    async run(rig) {
      const { client, socket } = await rig.ends(await rig.start());
      await client.told.next("connect");
      const expected = rig.transport === "polling" ? "polling" : "websocket";
      expect(await client.state()).toMatchObject({
        connected: true,
        namespaces: { "/": socket.id },
        transport: expected,
      });
      expect(socket.conn.transport.name).toBe(expected);
    },
  },
  {
    name: "auth",
    async run(rig) {
      const server = await rig.start();
      const auth = { token: "s€cret", nested: { list: [1, null] } };
      const { socket } = await rig.ends(server, { auth });
      expect(socket.handshake.auth).toEqual(auth);
      expect((await rig.ends(server)).socket.handshake.auth).toEqual({});
    },
  },
  {
    name: "headers and query",
    async run(rig) {
      const server = await rig.start();
      const { socket } = await rig.ends(server, {
        url: `http://127.0.0.1:${server.port}?room=a%20b`,
        headers: { "X-Test": "yes" },
      });
      expect(socket.handshake.headers["x-test"]).toBe("yes");
      expect(socket.handshake.query["room"]).toBe("a b");
    },
  },
  {
    name: "two namespaces",
    async run(rig) {
      const server = await rig.start();
      server.io.of("/chat");
      const chat = arrival(server, "/chat");
      const { client, socket } = await rig.ends(server, {
        handled: ["/", "/chat"],
      });
      const inChat = await chat;
      expect(inChat.id).not.toBe(socket.id);
      expect((await client.state()).namespaces).toEqual({
        "/": socket.id,
        "/chat": inChat.id,
      });
      inChat.emit("where", "chat");
      expect(await client.told.next("where")).toMatchObject({ nsp: "/chat" });
      socket.emit("where", "root");
      expect(await client.told.next("where")).toMatchObject({ nsp: "/" });
    },
  },
  {
    name: "one namespace, not /",
    async run(rig) {
      const server = await rig.start();
      const { client, socket } = await rig.ends(
        server,
        { handled: ["/chat"], namespaces: "/chat" },
        "/chat",
      );
      socket.on("hello", (name: string, answer: (text: string) => void) =>
        answer(`hello ${name}`),
      );
      expect(await client.call("hello", "Ada", { namespace: "/chat" })).toBe(
        "hello Ada",
      );
      expect(server.io.sockets.sockets.size).toBe(0);
    },
  },
  {
    name: "unknown namespace",
    async run(rig) {
      const client = rig.client();
      await expect(
        rig.connect(client, await rig.start(), {
          handled: ["/nowhere"],
          // So long it waits for more answers, when it has all.
          wait_timeout: 1,
        }),
      ).rejects.toThrow("One or more namespaces failed to connect");
      expect(await client.told.args("connect_error")).toEqual([
        { message: "Invalid namespace" },
      ]);
    },
  },
  {
    name: "one of two refused",
    async run(rig) {
      const server = await rig.start();
      const client = rig.client();
      const arrived = arrival(server);
      await rig.connect(client, server, {
        handled: ["/", "/nowhere"],
        wait: false,
      });
      const socket = await arrived;
      expect(await client.told.next("connect_error")).toMatchObject({
        nsp: "/nowhere",
      });
      socket.emit("still", "here");
      expect(await client.told.args("still")).toEqual(["here"]);
    },
  },
  {
    name: "refused with data",
    async run(rig) {
      const server = await rig.start();
      server.io.use((socket, next) => {
        next(
          Object.assign(new Error("no entry"), {
            data: { code: 7, you: socket.handshake.auth },
          }),
        );
      });
      const client = rig.client();
      await rig.connect(client, server, { auth: { name: "Ada" }, wait: false });
      expect(await client.told.args("connect_error")).toEqual([
        { message: "no entry", data: { code: 7, you: { name: "Ada" } } },
      ]);
    },
  },
  {
    name: "refused without data",
    async run(rig) {
      const server = await rig.start();
      server.io.use((_, next) => next(new Error("no entry")));
      const client = rig.client();
      await rig.connect(client, server, { wait: false });
      expect(await client.told.args("connect_error")).toEqual([
        { message: "no entry" },
      ]);
    },
  },
  {
    name: "refused by allowRequest",
    async run(rig) {
      const server = await rig.start({
        allowRequest: (_, decide) => decide("full", false),
      });
      const client = rig.client();
      await expect(rig.connect(client, server)).rejects.toThrow(
        rig.transport === "websocket"
          ? "Connection error"
          : "Unexpected status code 403",
      );
      expect(await client.told.args("connect_error")).toEqual([
        rig.transport === "websocket"
          ? "Connection error"
          : { code: 4, message: "full" },
      ]);
    },
  },
  {
    name: "wrong path",
    async run(rig) {
      const server = await rig.start({ destroyUpgradeTimeout: 50 });
      await expect(
        rig.connect(rig.client(), server, { socketio_path: "elsewhere" }),
      ).rejects.toThrow(
        rig.transport === "websocket"
          ? "Connection error"
          : "Unexpected status code 404",
      );
    },
  },
  {
    name: "server of one transport",
    transports: ["upgrade"],
    async run(rig) {
      const server = await rig.start({ transports: ["polling"] });
      const { client } = await rig.ends(server);
      expect(await client.state()).toMatchObject({ transport: "polling" });
    },
  },
];
