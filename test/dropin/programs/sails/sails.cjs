/** Sails: requests over its sockets, rooms, broadcasts and the session, with the client that Sails gives its pages. */
const { Sails } = require("sails");
const io = require("sails.io.js")(require("sioc2"));
const { print, program } = require("./rig.cjs");

io.sails.autoConnect = false;
io.sails.environment = "production";

const lift = (app, options) =>
  new Promise((resolve, reject) =>
    app.lift(options, (error) => (error ? reject(error) : resolve())),
  );

program(async () => {
  const app = new Sails();
  const handlers = {
    "GET /hello": (req, res) =>
      res.json({ hello: req.param("name"), socket: req.isSocket }),
    "POST /count": (req, res) => {
      req.session.count = (req.session.count ?? 0) + req.body.by;
      res.status(201).json({ count: req.session.count });
    },
    "GET /fail": (_req, res) => res.status(403).send("not you"),
    "PUT /rooms/:room": (req, res) => {
      app.sockets.join(req, req.params.room, () => {
        res.json({ in: req.params.room });
      });
    },
    "POST /rooms/:room": (req, res) => {
      app.sockets.broadcast(req.params.room, "said", req.body, req);
      res.json({});
    },
    "DELETE /rooms/:room": (req, res) => {
      app.sockets.leave(req, req.params.room, () => res.json({}));
    },
    "POST /everybody": (req, res) => {
      app.sockets.blast("said", { everybody: req.body.text });
      res.json({});
    },
    "GET /id": (req, res) => {
      const id = app.sockets.getId(req);
      res.json({ known: app.sockets.get(id).id === id });
    },
    "POST /end": (req, res) => {
      app.sockets.broadcast(app.sockets.getId(req), "said", { last: true });
      res.json({});
    },
  };
  await lift(app, {
    appPath: __dirname,
    environment: "development",
    // The number would be no port to it.
    port: "0",
    explicitHost: "127.0.0.1",
    globals: false,
    log: { level: "error", noShip: true },
    hooks: { grunt: false, sockets: require("sails-hook-sockets") },
    session: { secret: "a secret of tests" },
    routes: handlers,
    sockets: {
      onlyAllowOrigins: ["http://127.0.0.1"],
      beforeConnect: (handshake, proceed) =>
        proceed(undefined, handshake._query.token !== "wrong"),
      afterDisconnect: (_session, socket, done) => {
        print("left", socket.handshake.query.token);
        return done();
      },
    },
  });
  const url = `http://127.0.0.1:${app.hooks.http.server.address().port}`;

  const open = (token) =>
    io.sails.connect(url, {
      query: `token=${token}`,
      transports: ["websocket"],
      headers: { origin: "http://127.0.0.1" },
    });
  const ask = (socket, method, path, data) =>
    new Promise((resolve) =>
      socket.request({ method, url: path, data }, (body, { statusCode }) =>
        resolve([statusCode, body]),
      ),
    );
  const said = (socket) => new Promise((resolve) => socket.on("said", resolve));

  const anna = open("anna");
  const berta = open("berta");
  for (const [method, path, data] of [
    ["get", "/hello", { name: "ü" }],
    ["post", "/count", { by: 2 }],
    ["post", "/count", { by: 3 }],
    ["get", "/fail"],
    ["get", "/nothing"],
    ["get", "/id"],
    ["put", "/rooms/lobby"],
  ])
    print(`${method} ${path}`, await ask(anna, method, path, data));
  print("join", await ask(berta, "put", "/rooms/lobby"));
  let heard = said(berta);
  print("post", await ask(anna, "post", "/rooms/lobby", { text: "hällo" }));
  print("said", await heard);
  print("leave", await ask(berta, "delete", "/rooms/lobby"));
  heard = [said(anna), said(berta)];
  await ask(anna, "post", "/everybody", { text: "x" });
  print("blast", await Promise.all(heard));
  heard = said(berta);
  await ask(berta, "post", "/end");
  print("by its id", await heard);
  const page = await fetch(`${url}/hello?name=page`);
  print("page", await page.json());
  berta.disconnect();
  anna.disconnect();
  await new Promise((resolve) => app.lower(resolve));
});
