/** fastify-socket.io: a server that comes and goes with Fastify's. */
const fastify = require("fastify");
const plugin = require("fastify-socket.io").default;
const { client, connected, heard, print, program } = require("./rig.cjs");

program(async () => {
  const app = fastify();
  app.register(plugin, { cors: { origin: "*" } });
  app.get("/", async () => "hello from Fastify");
  app.post("/tell", async ({ body }) => {
    app.io.to("lobby").emit("told", body);
    return { sockets: (await app.io.fetchSockets()).length };
  });
  await app.ready();
  app.io.on("connection", (socket) => {
    socket.join("lobby");
    socket.on("add", (a, b, done) => done(a + b));
  });
  const url = await app.listen({ port: 0, host: "127.0.0.1" });

  print("page", await (await fetch(url)).text());
  const script = await fetch(`${url}/socket.io/socket.io.js`);
  print("script", script.status, script.headers.get("content-type"));
  print("nothing", (await fetch(`${url}/nothing`)).status);
  const sockets = [
    { transports: ["polling"] },
    { transports: ["websocket"] },
    {},
  ].map((options) => client(url, options));
  for (const socket of sockets) {
    await connected(socket);
    print("add", await socket.emitWithAck("add", 1, 2));
  }
  const told = Promise.all(sockets.map((socket) => heard(socket, "told")));
  const answer = await fetch(`${url}/tell`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ text: "hällo" }),
  });
  print("answer", await answer.json(), await told);
  const ends = Promise.all(
    sockets.map((socket) => heard(socket, "disconnect")),
  );
  await app.close();
  print(
    "closed",
    (await ends).map(([reason]) => reason),
  );
});
