/**
 * A walk through the API: each part prints what it saw, in an order that does
 * not depend on chance.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { Server } from "socket.io";
import { io as connect } from "socket.io-client";

const httpServer = createServer();
const io = new Server(httpServer, { cors: { origin: "*" } });
httpServer.listen(0);
await once(httpServer, "listening");
const url = `http://localhost:${httpServer.address().port}`;
const event = (socket, name) =>
  new Promise((resolve) => socket.once(name, (...args) => resolve(args)));

// Middlewares refuse with data, or let in.
io.use((socket, next) => {
  if (socket.handshake.auth.token === "good") return next();
  const error = new Error("who are you?");
  error.data = { hint: "token" };
  next(error);
});
const stranger = connect(url, { auth: { token: "bad" } });
const [refusal] = await event(stranger, "connect_error");
console.log("refused", refusal.message, refusal.data, stranger.active);

// Events and acknowledgements, both ways, with everything that packets carry.
io.on("connection", (socket) => {
  socket.on("echo", (...args) => args.pop()(...args));
  socket.on("bytes", (bytes, answer) =>
    answer(Buffer.isBuffer(bytes), { reversed: Buffer.from(bytes).reverse() }),
  );
  socket.on("join", async (room, done) => {
    await socket.join(room);
    done([...socket.rooms].length);
  });
  socket.onAny((name) => name === "unheard of" && console.log("caught", name));
});
const options = { auth: { token: "good" }, forceNew: true };
const a = connect(url, options);
const b = connect(url, { ...options, transports: ["websocket"] });
await Promise.all([event(a, "connect"), event(b, "connect")]);
console.log("connected", a.connected, b.connected, a.id !== b.id);
console.log(
  "echo",
  await a.emitWithAck("echo", 1, "ünï", null, [true], { x: { y: [] } }),
);
const [isBuffer, { reversed }] = await new Promise((resolve) =>
  b.emit("bytes", new Uint8Array([1, 2, 3]), (...args) => resolve(args)),
);
console.log("bytes", isBuffer, [...reversed]);
a.emit("unheard of");
const serverSideOfA = io.sockets.sockets.get(a.id);
a.once("question", (x, answer) => answer(x * 2));
console.log("asked", await serverSideOfA.emitWithAck("question", 21));
try {
  await serverSideOfA.timeout(50).emitWithAck("no such listener");
} catch (error) {
  console.log("timed out", error.message);
}

// Rooms and broadcasts.
console.log("rooms", await a.emitWithAck("join", "red"));
const heard = [];
a.onAny((name, ...args) => heard.push(["a", name, ...args]));
b.onAny((name, ...args) => heard.push(["b", name, ...args]));
io.to("red").emit("to red");
io.except("red").emit("not to red");
serverSideOfA.broadcast.emit("to the others");
io.in("red").to(b.id).emit("to both");
io.socketsJoin("all");
io.to("all").emit("last", { n: 1 });
await Promise.all([event(a, "last"), event(b, "last")]);
console.log("heard", heard.sort().join(" | "));
const sockets = await io.in("red").fetchSockets();
console.log(
  "in red",
  sockets.map(({ id }) => id === a.id),
);

// Namespaces, also those made on demand.
io.of(/^\/team-\d+$/).on("connection", (socket) => {
  socket.emit("welcome", socket.nsp.name);
});
const team = connect(`${url}/team-7`, options);
console.log(...(await event(team, "welcome")));
const nowhere = connect(`${url}/nowhere`, options);
console.log((await event(nowhere, "connect_error"))[0].message);

// Between the packet and the handler.
serverSideOfA.use(([name], next) =>
  name === "forbidden" ? next(new Error("not allowed")) : next(),
);
serverSideOfA.on("error", (error) => console.log("error", error.message));
a.emit("forbidden");
await a.emitWithAck("echo");

// Leaving.
const left = event(serverSideOfA, "disconnect");
a.disconnect();
console.log("left", ...(await left));
const thrownOut = event(b, "disconnect");
io.disconnectSockets(true);
console.log("thrown out", (await thrownOut)[0]);
for (const socket of [stranger, b, team, nowhere]) socket.disconnect();
await io.close();
console.log("listening", httpServer.listening);
