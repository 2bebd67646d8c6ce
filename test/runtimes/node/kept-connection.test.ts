/** Plain requests that are answered without Node's HTTP: that they are answered alike. */
import { once } from "node:events";
import { createServer } from "node:http";
import { Socket } from "node:net";
import { gunzipSync } from "node:zlib";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { KeptConnection } from "../../../src/runtimes/node/kept-connection.js";
import { NodeOpening } from "../../../src/runtimes/node/opening.js";
import { clock } from "../../../src/runtimes/node/platform.js";
import { Patience } from "../../../src/server/patience.js";
import { Asker, closed, held, HELLO, joined, open } from "./asker.js";

const withoutDate = (head: string) =>
  head
    .replace(/\r\nDate: [A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} .* GMT\r\n/, "\r\n")
    .toLowerCase();

describe("a session", () => {
  test("goes by without a request of Node's being made", async () => {
    const made = vi.spyOn(NodeOpening.prototype, "request", "get");
    onTestFinished(() => made.mockRestore());
    const { site, byNode, poller, poster, url } = await joined();
    const poll = poller.ask("GET", url);
    expect((await poster.ask("POST", url, '42["echo",1]')).body).toBe("ok");
    expect((await poll).body).toBe('42["echo",1]');
    expect(byNode).not.toHaveBeenCalled();
    expect(made).not.toHaveBeenCalled();
    const [conn] = Object.values(site.engine.clients);
    expect(conn.request).toMatchObject({
      method: "GET",
      url: HELLO,
      upgrade: false,
      headers: { host: "a" },
      _query: { EIO: "4", transport: "polling" },
    });
    expect(conn.remoteAddress).toMatch(/127\.0\.0\.1$/);
  });

  test("is answered in the words that Node would use", async () => {
    const { site, byNode, poller, poster, url } = await joined();
    const ask = async () => {
      const poll = poller.ask("GET", url);
      const post = poster.ask("POST", url, '42["echo",1]');
      const answers = await Promise.all([poll, post]);
      return answers.map(({ head, body }) => withoutDate(head) + body);
    };
    const ours = await ask();
    expect(byNode).not.toHaveBeenCalled();
    site.http.on("request", () => {});
    expect(await ask()).toEqual(ours);
    expect(byNode).toHaveBeenCalledTimes(2);
    expect(ours[0]).toMatch(/\r\nkeep-alive: timeout=5\r\n/);
  });

  test("that nobody knows is refused, and the next may be another", async () => {
    const { byNode, asker } = await open();
    const asked = await asker();
    const { head, body } = await asked.ask(
      "GET",
      `${HELLO}&sid=nobody`,
      undefined,
      "User-Agent: a;MSIE 8",
    );
    expect(head).toMatch(/^HTTP\/1.1 400 Bad Request\r\n/);
    expect(head).toMatch(/\r\nX-XSS-Protection: 0\r\n/);
    expect(body).toBe('{"code":1,"message":"Session ID unknown"}');
    await asked.hello();
    expect(byNode).not.toHaveBeenCalled();
  });

  test("may say what is not ASCII", async () => {
    const { byNode, poller, poster, url } = await joined();
    for (const text of ["caf\u00e9", "\u20ac", "\u{1f600}"]) {
      const packet = Buffer.from(`42["echo","${text}"]`).toString("latin1");
      await poster.ask("POST", url, packet);
      expect((await poller.ask("GET", url)).body).toBe(packet);
    }
    expect(byNode).not.toHaveBeenCalled();
  });

  test("gets long answers compressed, if it wants them", async () => {
    const { byNode, poller, poster, url } = await joined();
    const packet = `42["echo","${"a".repeat(2000)}"]`;
    await poster.ask("POST", url, packet);
    const { head, body } = await poller.ask(
      "GET",
      url,
      undefined,
      "Accept-Encoding: gzip",
    );
    expect(head).toMatch(/\r\nContent-Encoding: gzip\r\nVary: Accept-Enc/);
    expect(gunzipSync(Buffer.from(body, "latin1")).toString()).toBe(packet);
    await poster.ask("POST", url, packet);
    expect((await poller.ask("GET", url)).body).toBe(packet);
    expect(byNode).not.toHaveBeenCalled();
  });

  test("is told the application's headers, but where an answer ends is ours", async () => {
    const { site, byNode, asker } = await open({
      allowRequest: (_request, decide) => {
        site.engine.once("initial_headers", (headers: object) => {
          Object.assign(headers, {
            "X-Own": ["1", "2"],
            "content-length": "3",
            "Transfer-Encoding": "chunked",
            Connection: "close",
          });
        });
        decide(null, true);
      },
    });
    const asked = await asker();
    const { head } = await asked.ask("GET", HELLO);
    expect(head).toMatch(/\r\nX-Own: 1\r\nX-Own: 2\r\n/);
    expect(head.match(/\r\ncontent-length: /gi)).toHaveLength(1);
    expect(head).not.toMatch(/chunked|close/);
    expect(byNode).not.toHaveBeenCalled();
  });

  test("that posts too much is told so", async () => {
    const { site, byNode, poster, url } = await joined({
      maxHttpBufferSize: 20,
    });
    const { head } = await poster.ask("POST", url, `42["${"a".repeat(20)}"]`);
    expect(head).toMatch(/^HTTP\/1.1 413 Payload Too Large\r\n/);
    expect(site.closed).toEqual(["transport error"]);
    expect(byNode).not.toHaveBeenCalled();
  });

  test("that posts bytes gets memory of their own", async () => {
    const { site, byNode, asker } = await open();
    const asked = await asker();
    const url = (await asked.hello()).replace("EIO=4", "EIO=3");
    const old = await asker();
    const hello = await old.ask("GET", HELLO.replace("EIO=4", "EIO=3"));
    const sid = /"sid":"([^"]+)"/.exec(hello.body)?.[1] ?? "";
    const unit = [
      Buffer.from([0, 1, 2, 255]),
      Buffer.from('451-["bytes",{"_placeholder":true,"num":0}]').subarray(1),
    ];
    const heard = vi.fn();
    const [conn] = Object.values(site.engine.clients).filter(
      ({ id }) => id === sid,
    );
    conn.on("data", heard);
    const body = Buffer.concat([
      Buffer.from([1, 4, 255, 4]),
      unit[0].subarray(0, 3),
    ]);
    await old.ask(
      "POST",
      url.replace(/sid=.*/, `sid=${sid}`),
      body.toString("latin1"),
      "Content-Type: application/octet-stream",
    );
    const [[bytes]] = heard.mock.calls as [[Buffer]];
    expect([...bytes]).toEqual([0, 1, 2]);
    expect(bytes.buffer.byteLength).toBe(body.length);
    expect(byNode).not.toHaveBeenCalled();
  });

  test("ends when its client leaves while a poll is held", async () => {
    const { site, byNode, poller, url } = await joined();
    poller.write("GET", url);
    await held(site);
    poller.socket.destroy();
    await expect.poll(() => site.closed).toEqual(["transport error"]);
    expect(byNode).not.toHaveBeenCalled();
  });

  test("finds its first request when its connection has gone", async () => {
    const { site, poller } = await joined();
    poller.socket.destroy();
    await once(poller.socket, "close");
    const [conn] = Object.values(site.engine.clients);
    expect(conn.request.headers.host).toBe("a");
  });
});

describe("requests of one connection", () => {
  test("wait for the answer before theirs", async () => {
    const { site, byNode, poller, poster, url } = await joined();
    poller.write("GET", url);
    await held(site);
    poller.write("POST", url, '42["echo",2]');
    await poster.ask("POST", url, '42["echo",1]');
    expect((await poller.answer()).body).toBe('42["echo",1]');
    expect((await poller.answer()).body).toBe("ok");
    expect((await poller.ask("GET", url)).body).toBe('42["echo",2]');
    expect(byNode).not.toHaveBeenCalled();
  });

  test("are not read as long as an answer is not taken", async () => {
    const { site, byNode, poster, url } = await joined();
    const met = once(site.http, "connection") as Promise<[Socket]>;
    const slow = new Asker(await site.tcp());
    const [socket] = await met;
    slow.socket.pause();
    slow.write("GET", url);
    await held(site);
    const [conn] = Object.values(site.engine.clients);
    // More than a kernel keeps for a connection.
    conn.send("a".repeat(20_000_000));
    await vi.waitFor(() => expect(socket.writableNeedDrain).toBe(true));
    await poster.ask("POST", url, '42["echo",1]');
    slow.write("GET", url);
    await vi.waitFor(() => expect(socket.isPaused()).toBe(true));
    expect(socket.readableLength).toBeGreaterThan(0);
    slow.socket.resume();
    expect((await slow.answer()).body).toHaveLength(20_000_001);
    expect((await slow.answer()).body).toBe('42["echo",1]');
    expect(byNode).not.toHaveBeenCalled();
  });

  test("go on at Node's when one is not plain, and stay there", async () => {
    const { byNode, poller, poster, url } = await joined();
    const { body } = await poller.ask("GET", "/", undefined);
    expect(body).toBe("the application");
    await poster.ask("POST", url, '42["echo",1]');
    expect(byNode).not.toHaveBeenCalled();
    expect((await poller.ask("GET", url)).body).toBe('42["echo",1]');
    expect(byNode).toHaveBeenCalledOnce();
  });

  test("may end with one for a WebSocket", async () => {
    const { asker, byNode } = await open();
    const asked = await asker();
    await asked.hello();
    asked.write(
      "GET",
      "/socket.io/?EIO=4&transport=websocket",
      undefined,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    );
    const said = (await once(asked.socket, "data")) as [Buffer];
    expect(said[0].toString("latin1")).toMatch(/^HTTP\/1.1 101 [^]*0{"sid"/);
    expect(byNode).not.toHaveBeenCalled();
  });
});

describe("a connection that asks for nothing more", () => {
  test("is closed when its time is over", async () => {
    const http = createServer({ keepAliveTimeout: 30 });
    // Newer Nodes have a setting for it; here it is 1 s.
    Object.assign(http, { keepAliveTimeoutBuffer: 10 });
    const { asker } = await open({}, http);
    const asked = await asker();
    await asked.hello();
    await closed(asked.socket);
    const kept = await asker();
    await kept.hello();
    http.keepAliveTimeout = 7000;
    expect((await kept.ask("GET", HELLO)).head).toMatch(/timeout=7\r\n/);
    const { head } = await (await asker()).ask("GET", HELLO);
    expect(head).toMatch(/\r\nKeep-Alive: timeout=7\r\n/);
    http.keepAliveTimeout = 0;
    const other = await (await asker()).ask("GET", HELLO);
    expect(other.head).toMatch(/\r\nConnection: keep-alive\r\n/);
    expect(other.head).not.toMatch(/timeout/);
  });

  test("is closed with the server, and a held poll is answered before", async () => {
    const { site, poller, poster, url } = await joined();
    poller.write("GET", url);
    await held(site);
    const ends = [poller, poster].map(({ socket }) => closed(socket));
    const over = once(site.http, "close");
    site.engine.close();
    site.http.close();
    const { head } = await poller.answer();
    expect(head).toMatch(/\r\nConnection: close\r\n/);
    await Promise.all([...ends, over]);
  });

  /** One whose client has yet to take most of its answer, for longer than connections are kept. */
  async function overdue() {
    const http = createServer({ keepAliveTimeout: 10 });
    Object.assign(http, { keepAliveTimeoutBuffer: 0 });
    const met = once(http, "connection") as Promise<[Socket]>;
    const { site, asker } = await open({}, http);
    const slow = await asker();
    const [socket] = await met;
    const url = await slow.hello();
    slow.write("GET", url);
    await held(site);
    slow.socket.pause();
    const [conn] = Object.values(site.engine.clients);
    // More than a kernel keeps for a connection.
    conn.send("a".repeat(20_000_000));
    await vi.waitFor(() => expect(socket.timeout).toBe(30_000));
    return { slow, socket };
  }

  test("is not closed while its answer is on its way", async () => {
    const { slow } = await overdue();
    const ended = closed(slow.socket);
    slow.socket.resume();
    expect((await slow.answer()).body).toHaveLength(20_000_001);
    await ended;
  });

  test("is closed if its client takes nothing of an answer", async () => {
    const { socket } = await overdue();
    // As Node does it when nothing has moved for so long.
    socket.emit("timeout");
    expect(socket.destroyed).toBe(true);
  });

  test("waits for nothing when it has gone before its answer", () => {
    const patience = new Patience(clock, 1000);
    const add = vi.spyOn(patience, "add");
    const keeper = { connections: new Set<never>(), patience, keeps: 1000 };
    const gone = new KeptConnection(new Socket().destroy(), keeper);
    gone.begin({ cutOff: () => {} });
    gone.answered(false);
    gone.answered(true);
    expect(add).not.toHaveBeenCalled();
    expect(gone.socket.listenerCount("close")).toBe(1);
  });

  test("is given the same time for its last answer", async () => {
    const socket = new Socket();
    socket._write = () => {};
    const keeper = {
      connections: new Set<never>(),
      patience: new Patience(clock, 1000),
      keeps: 1000,
    };
    const slow = new KeptConnection(socket, keeper);
    socket.write("a");
    socket.end();
    slow.overdue();
    await new Promise(setImmediate);
    expect(socket.errored).toBeNull();
    expect(socket.timeout).toBe(30_000);
    socket.destroy();
  });

  test("tells the application of its errors", async () => {
    const { site, asker } = await open();
    const met = once(site.http, "connection") as Promise<[Socket]>;
    const asked = await asker();
    const [socket] = await met;
    await asked.hello();
    const told = once(site.http, "clientError");
    const error = new Error("lost");
    socket.destroy(error);
    expect(await told).toEqual([error, socket]);
  });

  test("is closed with all others", async () => {
    const { site, poller, poster, url } = await joined();
    poller.write("GET", url);
    await held(site);
    const ends = [poller, poster].map(({ socket }) => closed(socket));
    const met = once(site.http, "connection");
    ends.push(closed(await site.tcp()));
    await met;
    site.http.closeAllConnections();
    await Promise.all(ends);
    await expect.poll(() => site.closed).toEqual(["transport error"]);
  });
});
