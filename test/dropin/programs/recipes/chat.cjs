/** A chat: names, typing, rooms that tell who came and went, history, and limits. */
const {
  client,
  connected,
  heard,
  print,
  program,
  serve,
  until,
} = require("./rig.cjs");

function chat(io) {
  const history = new Map();
  let people = 0;
  io.on("connection", (socket) => {
    socket.on("add user", (name, done) => {
      if (socket.data.name) return done({ error: "already here" });
      socket.data.name = name;
      people++;
      socket.emit("login", { people });
      socket.broadcast.emit("user joined", { name, people });
      done({ ok: true });
    });
    socket.on("typing", () => {
      socket.broadcast.volatile.emit("typing", socket.data.name);
    });
    socket.on("enter", async (room, done) => {
      await socket.join(room);
      socket.to(room).emit("entered", room, socket.data.name);
      done((history.get(room) ?? []).slice(-2));
    });
    socket.on("say", (room, text, done) => {
      if (!socket.rooms.has(room)) return done?.({ error: "not in there" });
      const message = { by: socket.data.name, text };
      history.set(room, [...(history.get(room) ?? []), message]);
      io.to(room).emit("said", room, message);
      done?.({ ok: true, length: history.get(room).length });
    });
    socket.on("disconnecting", (reason) => {
      for (const room of socket.rooms)
        if (room !== socket.id)
          socket.to(room).emit("left", room, socket.data.name, reason);
    });
    socket.on("disconnect", () => {
      if (!socket.data.name) return;
      people--;
      socket.broadcast.emit("user left", { name: socket.data.name, people });
    });
  });
}

program(async () => {
  const { io, url } = await serve();
  chat(io);
  const [anna, berta, clara] = [
    { transports: ["websocket"] },
    { transports: ["polling"] },
    {},
  ].map((options) => client(url, options));
  await Promise.all([anna, berta, clara].map(connected));
  const login = heard(anna, "login");
  const first = [heard(berta, "user joined"), heard(clara, "user joined")];
  print("anna", await anna.emitWithAck("add user", "ännchen"), await login);
  print("joined", await Promise.all(first));
  print("anna", await anna.emitWithAck("add user", "again"));
  const joined = [heard(anna, "user joined"), heard(clara, "user joined")];
  print("berta", await berta.emitWithAck("add user", "berta"));
  print("joined", await Promise.all(joined));
  await clara.emitWithAck("add user", "clara");

  const typing = heard(anna, "typing");
  berta.emit("typing");
  print("typing", await typing);
  print("not in there", await clara.emitWithAck("say", "tea", "psst"));
  print("history", await anna.emitWithAck("enter", "tea"));
  const entered = heard(anna, "entered");
  await berta.emitWithAck("enter", "tea");
  print("entered", await entered);
  const said = [];
  berta.on("said", (...all) => said.push(all));
  for (const text of ["eins", "zwei 😀", "drei\n\u2028"])
    print("say", await anna.emitWithAck("say", "tea", text));
  await until(() => said.length === 3);
  print("history", await clara.emitWithAck("enter", "tea"));
  const all = Promise.all([anna, berta, clara].map((s) => heard(s, "said")));
  clara.emit("say", "tea", "vier");
  print("said", await all);
  await until(() => said.length === 4);
  print("berta heard", said);
  const left = [heard(anna, "left"), heard(anna, "user left")];
  clara.disconnect();
  print("left", await Promise.all(left));
  print("sockets", (await io.fetchSockets()).length);
});
