/** express-socket.io-session: the session of a page, read and written in handlers. */
const express = require("express");
const session = require("express-session");
const shared = require("express-socket.io-session");
const { client, print, program, serve } = require("./rig.cjs");

program(async () => {
  const app = express();
  const store = new session.MemoryStore();
  const sessions = session({
    secret: "a secret of tests",
    resave: true,
    saveUninitialized: true,
    store,
  });
  app.use(sessions);
  app.get("/login/:name", (req, res) => {
    req.session.name = req.params.name;
    res.send("in");
  });
  app.get("/session", (req, res) => {
    const { name, count } = req.session;
    res.json({ name, count });
  });
  const { io, url } = await serve(undefined, app);
  io.use(shared(sessions, { autoSave: true }));
  io.on("connection", (socket) => {
    socket.on("who", (done) => done(socket.handshake.session.name));
    socket.on("count", (done) => {
      const { session } = socket.handshake;
      session.count = (session.count ?? 0) + 1;
      done(session.count);
    });
  });

  const login = await fetch(`${url}/login/anna`);
  const cookie = login.headers.get("set-cookie").split(";")[0];
  for (const transport of ["websocket", "polling"]) {
    const socket = client(url, {
      transports: [transport],
      extraHeaders: { cookie },
    });
    print("who", await socket.emitWithAck("who"));
    print("count", await socket.emitWithAck("count"));
    print("count", await socket.emitWithAck("count"));
    const page = await fetch(`${url}/session`, { headers: { cookie } });
    print("the page sees", await page.json());
    socket.disconnect();
  }
  const stranger = client(url);
  print("a stranger", await stranger.emitWithAck("who"));
});
