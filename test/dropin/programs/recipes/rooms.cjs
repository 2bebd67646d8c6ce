/** Rooms: who is told what, the adapter's events, and what the server does with sockets that it has found. */
const { client, heard, print, program, serve, until } = require("./rig.cjs");

program(async () => {
  const { io, url } = await serve();
  const names = new Map();
  const named = (id) => names.get(id) ?? id;
  const { adapter } = io.of("/");
  const events = [];
  for (const event of ["create-room", "join-room", "leave-room", "delete-room"])
    adapter.on(event, (room, id) => events.push([event, room, id ?? ""]));
  const sockets = new Map();
  io.on("connection", (socket) => {
    const { name } = socket.handshake.auth;
    names.set(socket.id, name);
    socket.data.name = name;
    sockets.set(name, socket);
    socket.on("ping me", (done) => done(name));
  });
  const people = {};
  for (const name of ["anna", "berta", "clara", "dora"]) {
    people[name] = client(url, { auth: { name }, transports: ["websocket"] });
    await heard(people[name], "connect");
  }
  const told = async (send) => {
    const heardBy = [];
    const last = Promise.all(
      Object.entries(people).map(
        ([name, socket]) =>
          new Promise((resolve) => {
            const news = (value) => heardBy.push([name, value]);
            socket.on("news", news);
            socket.once("last", () => {
              socket.off("news", news);
              resolve();
            });
          }),
      ),
    );
    send();
    io.emit("last");
    await last;
    return heardBy.sort();
  };

  for (const [name, rooms] of [
    ["anna", ["a", "ab"]],
    ["berta", ["b", "ab"]],
    ["clara", ["c"]],
  ])
    await sockets.get(name).join(rooms);
  const [anna] = [sockets.get("anna")];
  for (const [what, send] of Object.entries({
    everybody: () => io.emit("news", 1),
    "a room": () => io.to("ab").emit("news", 2),
    "two rooms, once each": () => io.to("a").to("ab").emit("news", 3),
    "a list of rooms": () => io.in(["a", "c"]).emit("news", 4),
    "all but a room": () => io.except("ab").emit("news", 5),
    "a room but one": () => io.to("ab").except("a").emit("news", 6),
    "all but the sender": () => anna.broadcast.emit("news", 7),
    "the room but the sender": () => anna.to("ab").emit("news", 8),
    "the sender's exceptions": () => anna.except(["b", "c"]).emit("news", 9),
    "one by its id": () => anna.to(sockets.get("dora").id).emit("news", 10),
    "a room that is not there": () => io.to("nobody").emit("news", 11),
    "local and volatile": () => io.local.volatile.to("c").emit("news", 12),
    bytes: () =>
      io
        .compress(false)
        .to("c")
        .emit("news", Buffer.from([1])),
  }))
    print(what, await told(send));

  print("rooms", [...adapter.rooms.keys()].map(named).sort());
  print("of anna", [...anna.rooms].map(named));
  await anna.leave("ab");
  io.in("ab").socketsJoin(["x", "y"]);
  io.in("b").socketsLeave("y");
  io.socketsJoin("all");
  const found = await io.in("x").fetchSockets();
  print(
    "found",
    found.map(({ id, data, rooms, handshake }) => ({
      id: named(id),
      data,
      rooms: [...rooms].map(named).sort(),
      auth: handshake.auth,
    })),
  );
  for (const each of await io.fetchSockets()) each.join(`of ${each.data.name}`);
  print("told alone", await told(() => found[0].emit("news", 13)));
  print("all", (await io.in("all").allSockets()).size);
  const answers = await io
    .timeout(50)
    .to("all")
    .emitWithAck("ping me")
    .catch(String);
  print("answers of those who do not answer", answers);
  for (const [name, socket] of Object.entries(people))
    socket.on("who", (done) => done(name));
  print("answers", (await io.timeout(5000).emitWithAck("who")).sort());
  print("of one", await anna.emitWithAck("who"));
  const ends = [
    heard(people.berta, "disconnect"),
    heard(people.clara, "disconnect"),
  ];
  io.in("x").disconnectSockets();
  io.in("c").disconnectSockets(true);
  print("ends", await Promise.all(ends));
  await until(() => io.of("/").sockets.size === 2);
  print(
    "left",
    [...io.of("/").sockets.values()].map(({ data }) => data.name),
  );
  print(
    "events",
    events.map((event) => event.map(named)),
  );
});
