/** socket.io-redis 6, as programs of socket.io 3 have it: two servers and a Redis. */
const createAdapter = require("socket.io-redis");
const { createClient } = require("redis");
const {
  client,
  connected,
  heard,
  print,
  program,
  serve,
} = require("./rig.cjs");

const redis = () => createClient(process.env.REDIS_PATH);

async function oneOfTwo() {
  const { io, url } = await serve();
  io.adapter(
    createAdapter({
      pubClient: redis(),
      subClient: redis(),
      key: process.env.NAME,
    }),
  );
  io.on("connection", (socket) => {
    socket.on("join", (room, done) => {
      socket.join(room);
      done();
    });
    socket.on("tell", (room, data) => socket.to(room).emit("told", data));
  });
  return { io, url };
}

program(async () => {
  const [here, there] = [await oneOfTwo(), await oneOfTwo()];
  const [anna, berta, clara] = [here, there, there].map(({ url }) =>
    client(url),
  );
  for (const socket of [anna, berta]) await socket.emitWithAck("join", "a");
  await connected(clara);
  clara.on("told", () => print("told who is not in the room"));
  const all = async () => [...(await here.io.allSockets())].length;
  while ((await all()) < 3);
  const told = heard(berta, "told");
  anna.emit("tell", "a", { text: "hällo", bytes: Buffer.from([1, 2]) });
  print("told", await told);
  const everybody = Promise.all(
    [anna, berta, clara].map((s) => heard(s, "news")),
  );
  here.io.emit("news", 7);
  print("news", await everybody);
  print("in a", [...(await there.io.in("a").allSockets())].length);
  const rooms = await here.io.of("/").adapter.allRooms();
  print("rooms", rooms.size, rooms.has("a"));
  await here.io.of("/").adapter.remoteJoin(clara.id, "b");
  print("in b", [...(await here.io.in("b").allSockets())].length);
  const left = heard(berta, "disconnect");
  await here.io.of("/").adapter.remoteDisconnect(berta.id, true);
  print("berta", (await left)[0]);
});
