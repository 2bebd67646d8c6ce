/** Sessions that pages and sockets share, by the engine's middlewares: express-session and Passport, and Koa's. */
const express = require("express");
const session = require("express-session");
const Koa = require("koa");
const { createSession } = require("koa-session");
const passport = require("passport");
const { Strategy } = require("passport-local");
const { client, heard, print, program, serve } = require("./rig.cjs");

const cookieOf = (answer) =>
  answer.headers
    .getSetCookie()
    .map((each) => each.split(";")[0])
    .join("; ");

const onlyForHandshake = (middleware) => (req, res, next) =>
  req._query.sid === undefined ? middleware(req, res, next) : next();

async function withPassport() {
  passport.use(
    new Strategy((username, password, done) =>
      done(null, password === "right" && { id: 7, username }),
    ),
  );
  passport.serializeUser((user, done) => done(null, user));
  passport.deserializeUser((user, done) => done(null, user));
  const app = express();
  const sessions = session({
    secret: "a secret of tests",
    resave: false,
    saveUninitialized: false,
  });
  app.use(sessions, express.json(), passport.initialize(), passport.session());
  app.post("/login", passport.authenticate("local"), (req, res) => {
    res.json(req.user);
  });
  const { io, url } = await serve(undefined, app);
  app.post("/logout", (req, res) => {
    const { id } = req.session;
    req.session.destroy(() => {
      io.in(`session:${id}`).disconnectSockets();
      res.status(204).end();
    });
  });
  io.engine.use(onlyForHandshake(sessions));
  io.engine.use(onlyForHandshake(passport.session()));
  io.engine.use(
    onlyForHandshake((req, res, next) => {
      if (req.user) return next();
      res.writeHead(401);
      res.end();
    }),
  );
  io.on("connection", (socket) => {
    const { request } = socket;
    socket.join(`session:${request.session.id}`);
    socket.join(`user:${request.user.id}`);
    socket.on("whoami", (done) => done(request.user.username));
    socket.on("count", (done) =>
      request.session.reload((error) => {
        if (error) return socket.disconnect();
        request.session.count = (request.session.count ?? 0) + 1;
        request.session.save(() => done(request.session.count));
      }),
    );
  });

  const login = (password) =>
    fetch(`${url}/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username: "ännchen", password }),
    });
  print("wrong", (await login("wrong")).status);
  for (const transport of ["websocket", "polling"])
    print(
      "a stranger",
      (await heard(client(url, { transports: [transport] }), "connect_error"))
        .length,
    );
  const right = await login("right");
  print("right", await right.json());
  const extraHeaders = { cookie: cookieOf(right) };
  const sockets = ["websocket", "polling"].map((transport) =>
    client(url, { transports: [transport], extraHeaders }),
  );
  for (const socket of sockets) {
    print("whoami", await socket.emitWithAck("whoami"));
    print("count", await socket.emitWithAck("count"));
  }
  const news = Promise.all(sockets.map((socket) => heard(socket, "news")));
  io.to("user:7").emit("news", "for one person");
  print("news", await news);
  const ends = Promise.all(
    sockets.map((socket) => heard(socket, "disconnect")),
  );
  await fetch(`${url}/logout`, { method: "POST", headers: extraHeaders });
  print(
    "logged out",
    (await ends).map(([reason]) => reason),
  );
}

async function withKoa() {
  const app = new Koa();
  app.keys = ["a key of tests"];
  app.use(createSession({}, app));
  app.use((ctx) => {
    ctx.session.name = "berta";
    ctx.body = "hello";
  });
  const { io, url } = await serve(undefined, app.callback());
  io.use((socket, next) => {
    const ctx = app.createContext(socket.request, {});
    socket.data.name = ctx.session.name;
    next();
  });
  io.on("connection", (socket) => socket.emit("you are", socket.data.name));
  const page = await fetch(url);
  const extraHeaders = { cookie: cookieOf(page) };
  print("page", await page.text());
  print("Koa", await heard(client(url, { extraHeaders }), "you are"));
}

program(async () => {
  await withPassport();
  await withKoa();
});
