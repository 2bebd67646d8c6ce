/** socket.io-prometheus: wraps the methods of each socket to count. */
const { register } = require("prom-client");
const metrics = require("socket.io-prometheus");
const { client, heard, print, program, serve } = require("./rig.cjs");

program(async () => {
  const { io, url } = await serve();
  metrics(io);
  const left = new Promise((resolve) =>
    io.on("connection", (socket) => {
      socket.on("hello", (name, done) => {
        socket.emit("greeting", `hello ${name}`);
        done("said");
      });
      socket.on("bye", () => socket.emit("bye", { at: "last" }));
      socket.on("disconnect", resolve);
    }),
  );
  const [anna, berta] = [client(url), client(url)];
  print("ack", await anna.emitWithAck("hello", "ännchen"));
  print("ack", await berta.emitWithAck("hello", "berta"));
  anna.emit("bye");
  print("bye", await heard(anna, "bye"));
  berta.disconnect();
  await left;
  console.log(await register.metrics());
});
