/** Feathers 5: a service's methods, events, channels and errors over its sockets. */
const { feathers } = require("@feathersjs/feathers");
const { NotFound } = require("@feathersjs/errors");
const { MemoryService } = require("@feathersjs/memory");
const socketio = require("@feathersjs/socketio");
const socketClient = require("@feathersjs/socketio-client");
const { client, heard, print, program } = require("./rig.cjs");

program(async () => {
  const app = feathers();
  app.configure(
    socketio({ cors: { origin: "*" } }, (io) => {
      io.use((socket, next) => {
        socket.feathers.name = socket.handshake.auth.name;
        next(socket.feathers.name === "nobody" ? new Error("no name") : null);
      });
      io.on("connection", (socket) =>
        socket.on("raw", (value, done) => done(value)),
      );
    }),
  );
  app.use("messages", new MemoryService({ multi: true }), {
    methods: ["find", "get", "create", "patch", "remove"],
  });
  app.use("rooms", {
    get: async (id, { name, provider, headers }) => {
      if (id === "none") throw new NotFound("no such room", { id });
      return { id, name, provider, agent: typeof headers.connection };
    },
  });
  app.on("connection", (connection) => {
    print("connection", connection.name);
    app.channel(connection.name.length > 4 ? "long" : "short").join(connection);
  });
  app.on("disconnect", (connection) => print("disconnect", connection?.name));
  app.service("messages").publish("created", () => app.channel("short"));
  app
    .service("messages")
    .publish((data) => app.channel("long", "short").send({ only: data.text }));
  const http = await app.listen(0);
  await new Promise((resolve) => http.once("listening", resolve));
  const url = `http://127.0.0.1:${http.address().port}`;

  const page = (name) => {
    const socket = client(url, { auth: { name } });
    return { socket, app: feathers().configure(socketClient(socket)) };
  };
  const anna = page("anna");
  await heard(anna.socket, "connect");
  const berta = page("bertabert");
  await heard(berta.socket, "connect");
  print("nobody", ...(await heard(page("nobody").socket, "connect_error")));

  berta.socket.on("messages created", () => print("not for the long"));
  const created = heard(anna.socket, "messages created");
  const [one] = await Promise.all([
    berta.app.service("messages").create({ text: "hällo" }),
  ]);
  print("created", one, ...(await created));
  await anna.app.service("messages").create([{ text: "a" }, { text: "b" }]);
  const patched = heard(berta.socket, "messages patched");
  print("patch", await anna.app.service("messages").patch(0, { text: "ö" }));
  print("patched", ...(await patched));
  print(
    "find",
    await berta.app.service("messages").find({ query: { $limit: 2 } }),
  );
  for (const call of [
    () => berta.app.service("rooms").get("none"),
    () => berta.app.service("rooms").get("one"),
    () => berta.app.service("nothing").find(),
  ])
    print(
      "call",
      await call().catch(({ name, message, code, data }) => ({
        ...{ name, message, code, data },
      })),
    );
  const raw = await new Promise((resolve) =>
    anna.socket.emit("get", "rooms", "two", {}, (...all) => resolve(all)),
  );
  print("without its client", raw);
  print("raw", await anna.socket.emitWithAck("raw", { a: 1 }));
  const left = new Promise((resolve) => app.on("disconnect", resolve));
  berta.socket.disconnect();
  await left;
  app.emit("disconnect", app.channel("short").connections[0]);
  print("taken out", (await heard(anna.socket, "disconnect"))[0]);
  app.io.close();
});
