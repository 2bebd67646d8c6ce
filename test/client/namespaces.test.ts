import { describe, expect, it } from "vitest";
import type { ExtendedError } from "../../src/client/index.js";
import {
  connect,
  manager,
  next,
  nextValue,
  SERVERS,
  TRANSPORTS,
} from "./support.js";

describe.each(SERVERS)("namespaces of $name", ({ serve }) => {
  it.each(TRANSPORTS)(
    "are joined, used and left apart from each other over %s %s",
    async (...names) => {
      const { io: server, url } = await serve();
      for (const name of ["/a", "/b"]) {
        server
          .of(name)
          .on("connection", (peer) =>
            peer.on("who", (answer: (nsp: string) => void) => answer(name)),
          );
      }
      const io = manager(url, { transports: names.filter(Boolean) });
      const a = io.socket("/a");
      const b = io.socket("/b");
      await Promise.all([next(a, "connect"), next(b, "connect")]);
      expect(a.id).not.toBe(b.id);
      expect(await a.emitWithAck("who")).toBe("/a");
      expect(await b.emitWithAck("who")).toBe("/b");
      a.disconnect();
      expect(a.active).toBe(false);
      expect(await b.emitWithAck("who")).toBe("/b");
      a.connect();
      await next(a, "connect");
      expect(await a.emitWithAck("who")).toBe("/a");
    },
  );

  it("close the connection with the last socket", async () => {
    const { io: server, url } = await serve();
    server.of("/a");
    const io = manager(url);
    const root = io.socket("/");
    const a = io.socket("/a");
    await Promise.all([next(root, "connect"), next(a, "connect")]);
    root.disconnect();
    expect(io.engine.readyState).toBe("open");
    const closed = nextValue(io, "close");
    a.disconnect();
    expect(await closed).toBe("forced close");
  });

  it("get credentials: an object, or a function that is asked each time", async () => {
    const { io: server, url } = await serve();
    const seen: object[] = [];
    server.on("connection", (peer) => seen.push(peer.handshake.auth));
    const plain = connect(url, { auth: { token: "a" } });
    await next(plain, "connect");
    let n = 0;
    const asked = connect(url, {
      auth: (answer) => setTimeout(() => answer({ n: ++n }), 1),
    });
    await next(asked, "connect");
    asked.disconnect().connect();
    await next(asked, "connect");
    expect(seen).toEqual([{ token: "a" }, { n: 1 }, { n: 2 }]);
  });

  it("can refuse, with data, and are not tried again by themselves", async () => {
    const { io: server, url } = await serve();
    let open = false;
    server.use((_socket, go) =>
      go(
        open
          ? undefined
          : Object.assign(new Error("not you"), { data: { code: 7 } }),
      ),
    );
    const socket = connect(url);
    const error = await nextValue<ExtendedError>(socket, "connect_error");
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe("not you");
    expect(error.data).toEqual({ code: 7 });
    expect(socket.active).toBe(false);
    open = true;
    socket.connect();
    await next(socket, "connect");
  });

  it("that do not exist refuse", async () => {
    const { url } = await serve();
    const error = await nextValue<Error>(
      connect(`${url}/nowhere`),
      "connect_error",
    );
    expect(error.message).toBe("Invalid namespace");
  });

  it("hold events back that come before the socket is connected", async () => {
    const { io: server, url } = await serve();
    server.use((peer, go) => {
      go();
      setTimeout(() => peer.emit("later"));
    });
    server.on("connection", (peer) => peer.emit("first"));
    const socket = connect(url);
    const log: string[] = [];
    socket.on("connect", () => log.push("connect"));
    socket.on("first", () => log.push("first"));
    await next(socket, "later");
    expect(log).toEqual(["connect", "first"]);
  });
});
