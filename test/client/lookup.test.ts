import { describe, expect, it } from "vitest";
import { io, Manager, type Socket } from "../../src/client/index.js";
import { afterTest, connect, next, reference } from "./support.js";

/** `io` itself, with its cache; connections are closed after the test. */
function lookup(...args: Parameters<typeof io>): Socket {
  const socket = io(...args);
  afterTest(() => socket.io._close());
  return socket;
}

describe("io()", () => {
  it("shares one connection between the namespaces of a server", async () => {
    const { io: server, url } = await reference();
    server.of("/a");
    const root = lookup(url);
    const a = lookup(`${url}/a`);
    expect(a.io).toBe(root.io);
    expect([root.nsp, a.nsp]).toEqual(["/", "/a"]);
    await Promise.all([next(root, "connect"), next(a, "connect")]);
    expect(server.engine.clientsCount).toBe(1);
  });

  it("opens another one for a namespace that has a socket", async () => {
    const { url } = await reference();
    const first = lookup(url);
    expect(lookup(url).io).not.toBe(first.io);
  });

  it.each([
    { forceNew: true },
    { multiplex: false },
    { "force new connection": true },
  ])("opens another one for %o", async (options) => {
    const { url } = await reference();
    const first = lookup(url);
    expect(lookup(`${url}/a`, options).io).not.toBe(first.io);
  });

  it("opens another one for another path or port", async () => {
    const { url } = await reference();
    const other = await reference();
    const first = lookup(url);
    expect(lookup(`${url}/a`, { path: "/else" }).io).not.toBe(first.io);
    expect(lookup(`${other.url}/a`).io).not.toBe(first.io);
  });

  it("shares a new one when all sockets of the old one were disconnected", async () => {
    const { url } = await reference();
    const first = lookup(url);
    await next(first, "connect");
    first.disconnect();
    const second = lookup(url);
    expect(second.io).not.toBe(first.io);
    expect(lookup(`${url}/a`).io).toBe(second.io);
  });

  it("takes options alone", async () => {
    const { port } = await reference();
    // As in a page, the address is completed from it; here from the options.
    const manager = new Manager({
      hostname: "localhost",
      port,
      autoConnect: false,
    });
    afterTest(() => manager._close());
    const socket = manager.socket("/");
    socket.connect();
    await next(socket, "connect");
  });

  it("gives the socket of a namespace again, connected again", async () => {
    const { url } = await reference();
    const socket = lookup(url);
    await next(socket, "connect");
    socket.disconnect();
    expect(socket.io.socket("/")).toBe(socket);
    await next(socket, "connect");
  });

  it("takes options of the socket from the same object", async () => {
    const { io: server, url } = await reference();
    const connected = next<[{ handshake: { auth: object } }]>(
      server,
      "connection",
    );
    connect(url, { auth: { token: "x" } });
    const [{ handshake }] = await connected;
    expect(handshake.auth).toEqual({ token: "x" });
  });
});
