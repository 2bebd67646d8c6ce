/**
 * A server in whatever runtime runs this: `server.mjs <entry of dist/> <options>`.
 * Ends when it is told to on its standard input.
 */
import process from "node:process";

const [entry = "", json = "{}"] = process.argv.slice(2);
const { ConnectionHandler, Server } = await import(`../../../dist/${entry}.js`);
const { initial, echoAt, ...options } = JSON.parse(json);

/** Written again and again for who does not read. */
const FILLER = "x".repeat(65536);

/** @param {object} line */
const say = (line) => console.log(JSON.stringify(line));

/** @type {import("../../../src/runtimes/bun/index.js").Server & import("../../../src/runtimes/fetch/index.js").Server} */
const io = new Server({
  ...options,
  otherApp: {
    fetch: (/** @type {Request} */ request) =>
      new Response(`other: ${new URL(request.url).pathname}`),
  },
});

if (echoAt)
  io.serve(
    class Echo extends ConnectionHandler {
      /** @param {unknown} _request @param {Record<string, string>} params */
      onOpen(_request, { room = "" }) {
        this.room = room;
        return room !== "closed";
      }
      /** @param {unknown} message */
      onMessage(message) {
        this.send(`${this.room}: ${message}`);
      }
      /** @param {string} reason */
      onClose(reason) {
        say({ closedIn: this.room, reason });
      }
    },
    { path: echoAt },
  );

io.engine.use((_request, response, next) => {
  response.setHeader("X-Middleware", "was here");
  next();
});
// A second poll of a session, as the first finds the answer to its CONNECT.
const polls = new Map();
io.engine.on("headers", (_headers, { method, _query: { sid } }) => {
  if (method !== "GET" || sid === undefined) return;
  polls.set(sid, (polls.get(sid) ?? 0) + 1);
  if (polls.get(sid) === 2) say({ polled: sid });
});
io.engine.on("initial_headers", (headers) => {
  if (initial) headers["X-Initial"] = initial;
});
io.engine.on("connection_error", ({ code, message }) =>
  say({ refused: code, message }),
);

io.on("connection", (socket) => {
  const { address, secure } = socket.handshake;
  say({ joined: socket.id, address, secure });
  socket.on("echo", (...args) => {
    const done = args.pop();
    done(...args);
  });
  socket.on("say", (...args) => socket.emit("said", ...args));
  // All that 0.6 has words for.
  if (!echoAt) socket.on("message", (text) => socket.send(text));
  socket.on("join", (room, done) => {
    socket.join(room);
    done();
  });
  socket.on("shout", (room, ...args) => io.to(room).emit("shouted", ...args));
  socket.on("ask back", async (done) => {
    done(
      await socket.timeout(5000).emitWithAck("question", new Uint8Array([7])),
    );
  });
  socket.on("burst", (n) => {
    for (let i = 0; i < n; i++) socket.emit("burst", i);
  });
  socket.on("flood", () => {
    let most = 0;
    const timer = setInterval(() => {
      if (!socket.connected) {
        clearInterval(timer);
        return say({ flooded: socket.id, most });
      }
      socket.emit("filler", FILLER);
      most = Math.max(most, socket.bufferedAmount);
    }, 1);
  });
  socket.on("fill", (times) => {
    let sent = 0;
    let waits = 0;
    let most = 0;
    const more = () => {
      while (sent < times) {
        const goOn = socket.emit("filler", sent++, FILLER);
        most = Math.max(most, socket.bufferedAmount);
        if (goOn) continue;
        waits++;
        return socket.once("drain", more);
      }
      say({ filled: socket.id, waits, most });
    };
    more();
  });
  socket.on("transport", (done) => done(socket.conn.transport.name));
  socket.on("kick", () => socket.disconnect(true));
  socket.on("disconnect", (reason) => say({ left: socket.id, reason }));
});

if (entry === "fetch") {
  // Any server of the kind does.
  const { serve } = await import("@hono/node-server");
  const { fetch } = io.handler({
    remoteAddress: (
      /** @type {Request} */ _request,
      /** @type {import("@hono/node-server").HttpBindings} */ { incoming },
    ) => incoming.socket.remoteAddress ?? "",
  });
  serve({ fetch, port: 0 }, ({ port }) => say({ port }));
} else {
  io.listen(0);
  const { httpServer } = io;
  // As Bun and as Deno have it.
  say({ port: httpServer.port ?? Reflect.get(httpServer, "addr").port });
}

process.stdin.once("data", () => {
  io.close().then(() => {
    say({ closed: true });
    process.exit(0);
  });
});
