/** @socket.io/sticky and @socket.io/cluster-adapter: three workers behind one port. */
const cluster = require("node:cluster");
const { createServer } = require("node:http");
const { createAdapter, setupPrimary } = require("@socket.io/cluster-adapter");
const sticky = require("@socket.io/sticky");
const { Server } = require("socket.io");
const { client, heard, print, program } = require("./rig.cjs");

const WORKERS = 3;

function work() {
  const http = createServer();
  const io = new Server(http);
  io.adapter(createAdapter());
  sticky.setupWorker(io);
  io.on("connection", (socket) => {
    socket.on("worker", (done) => done(cluster.worker.id));
    socket.on("join", (room, done) => {
      socket.join(room);
      done();
    });
    socket.on("tell", (room, text) => socket.to(room).emit("told", text));
    socket.on("count", async (done) => {
      const sockets = await io.fetchSockets();
      const ids = await io.in("even").fetchSockets();
      done(sockets.length, ids.length);
    });
    socket.on("ask all", (done) =>
      io
        .timeout(5000)
        .emit("ask", (error, answers) => done(String(error), answers.sort())),
    );
    socket.on("servers", (done) =>
      io.serverSideEmit("name", (error, names) =>
        done(String(error), names.sort()),
      ),
    );
    socket.on("end", () => io.disconnectSockets());
  });
  io.on("name", (done) => done(`other`));
  process.send("ready");
}

/**
 * The answer to a handshake may be there before the primary process has heard
 * whose session it is; then the client has to begin again.
 */
const patient = (url, options) =>
  client(url, { reconnection: true, reconnectionDelay: 10, ...options });

async function lead() {
  const http = createServer();
  sticky.setupMaster(http, { loadBalancingMethod: "round-robin" });
  setupPrimary();
  // Bytes between the processes.
  cluster.setupPrimary({ serialization: "advanced" });
  for (let i = 0; i < WORKERS; i++) cluster.fork();
  await Promise.all(
    Object.values(cluster.workers).map(
      (worker) =>
        new Promise((resolve) =>
          worker.on("message", (message) => message === "ready" && resolve()),
        ),
    ),
  );
  await new Promise((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${http.address().port}`;

  const sockets = [];
  for (let i = 0; i < 6; i++) {
    const transports = i % 2 === 0 ? ["polling"] : ["websocket"];
    const socket = patient(url, { transports });
    socket.on("ask", (done) => done(i));
    await heard(socket, "connect");
    sockets.push(socket);
  }
  const workers = await Promise.all(
    sockets.map((s) => s.emitWithAck("worker")),
  );
  print("on several workers", new Set(workers).size > 1);
  for (const i of [0, 2, 4]) await sockets[i].emitWithAck("join", "even");
  const told = Promise.all([0, 2, 4].map((i) => heard(sockets[i], "told")));
  sockets[1].on("told", () => print("told who is not in the room"));
  sockets[1].emit("tell", "even", "hällo");
  print("told", await told);
  const answer = (event) =>
    new Promise((resolve) => sockets[3].emit(event, (...all) => resolve(all)));
  print("count", await answer("count"));
  print("ask all", await answer("ask all"));
  print("servers", await answer("servers"));
  const ends = Promise.all(sockets.map((s) => heard(s, "disconnect")));
  sockets[0].emit("end");
  print(
    "ends",
    (await ends).map(([reason]) => reason),
  );

  const upgrading = patient(url);
  await new Promise((resolve) =>
    upgrading.io.on("open", () => upgrading.io.engine.once("upgrade", resolve)),
  );
  print("upgraded");
  print("still there", typeof (await upgrading.emitWithAck("worker")));
  upgrading.disconnect();
  for (const worker of Object.values(cluster.workers)) worker.kill();
}

if (cluster.isPrimary) program(lead);
else work();
