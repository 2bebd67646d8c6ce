/** Middlewares of every kind: the server's, namespaces', engine's, events'; catch-all listeners; errors with data. */
const {
  client,
  connected,
  heard,
  print,
  program,
  serve,
} = require("./rig.cjs");

program(async () => {
  const { io, url } = await serve({
    allowRequest: (req, callback) =>
      callback(
        req.headers["x-banned"] ? "you are banned" : null,
        !req.headers["x-banned"],
      ),
  });
  const seen = [];
  io.engine.use((req, res, next) => {
    res.setHeader("x-by", "a middleware");
    seen.push(req._query.sid === undefined ? "handshake" : req.method);
    if (req.headers["x-teapot"]) {
      res.writeHead(418);
      return res.end("a teapot");
    }
    next();
  });
  io.engine.on("connection_error", ({ code, message, context }) =>
    print("connection_error", code, message, Object.keys(context)),
  );
  io.engine.on("initial_headers", (headers) => (headers["x-first"] = "yes"));
  io.engine.on("headers", (headers) => (headers["x-each"] = "yes"));

  io.use((socket, next) => {
    const { token } = socket.handshake.auth;
    if (token === "expired")
      return next(
        Object.assign(new Error("not authorized"), {
          data: { code: 7, retry: ["ü"] },
        }),
      );
    socket.data.steps = ["first"];
    setImmediate(next);
  });
  io.use(async (socket, next) => {
    await Promise.resolve();
    socket.data.steps.push("second");
    next();
  });
  const numbered = io.of(/^\/dynamic-\d+$/);
  numbered.use((socket, next) => {
    const [, n] = /(\d+)$/.exec(socket.nsp.name);
    socket.data.n = Number(n);
    next(socket.data.n > 9 ? new Error("too many") : undefined);
  });
  numbered.on("connection", (socket) => socket.emit("n", socket.data.n));
  io.of((name, auth, next) => next(null, auth?.secret === name)).on(
    "connection",
    (socket) => socket.emit("found", socket.nsp.name),
  );
  io.on("connection", (socket) => {
    const order = [];
    socket.use(([event, ...args], next) => {
      order.push(event);
      if (event === "forbidden") return next(new Error("forbidden event"));
      if (event === "drop") return;
      args[0] = "changed";
      next();
    });
    socket.use((packet, next) => {
      if (packet[0] === "change") packet[1] = "changed";
      next();
    });
    socket.on("error", (error) => socket.emit("failed", error.message));
    socket.onAny((event) => order.push(`any ${event}`));
    socket.prependAny((event) => order.push(`first ${event}`));
    socket.onAnyOutgoing((event) => order.push(`out ${event}`));
    socket.on("change", (value, done) => done(value));
    socket.on("order", (done) => done(order.splice(0)));
    socket.on("steps", (done) => done(socket.data.steps));
  });

  for (const headers of [{ "x-banned": "1" }, { "x-teapot": "1" }, {}]) {
    const answer = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, {
      headers,
    });
    const text = await answer.text();
    const by = ["x-by", "x-first", "x-each"].map((name) =>
      answer.headers.get(name),
    );
    print("polling", answer.status, by, text.startsWith("0{") || text);
  }
  for (const query of [
    "transport=polling",
    "EIO=4&transport=x",
    "EIO=4&transport=polling&sid=x",
  ]) {
    const answer = await fetch(`${url}/socket.io/?${query}`);
    print(query, answer.status, await answer.text());
  }
  seen.length = 0;
  print(
    "expired",
    await heard(client(url, { auth: { token: "expired" } }), "connect_error"),
  );
  const anna = client(url, {
    auth: (set) => setTimeout(set, 1, { token: "x" }),
  });
  print("steps", await anna.emitWithAck("steps"));
  print("change", await anna.emitWithAck("change", "as it was"));
  const failed = heard(anna, "failed");
  anna.emit("forbidden", 1);
  print("failed", await failed);
  anna.emit("drop");
  print("order", await anna.emitWithAck("order"));
  for (const name of ["dynamic-3", "dynamic-10", "dynamic-x"]) {
    const socket = client(`${url}/${name}`);
    print(
      name,
      await Promise.race([heard(socket, "n"), heard(socket, "connect_error")]),
    );
  }
  for (const secret of ["/hidden", "wrong"]) {
    const socket = client(`${url}/hidden`, { auth: { secret } });
    print(
      secret,
      await Promise.race([
        heard(socket, "found"),
        heard(socket, "connect_error"),
      ]),
    );
  }
  const again = client(url, { auth: { token: "expired" } });
  await heard(again, "connect_error");
  again.auth.token = "new";
  again.connect();
  await connected(again);
  print("with a new token", again.connected, new Set(seen).has("handshake"));
});
