/** socketio-wildcard: every event as the packet that it came in, on both ends. */
const wildcard = require("socketio-wildcard");
const { Manager } = require("socket.io-client");
const { client, heard, print, program, serve } = require("./rig.cjs");

program(async () => {
  const { io, url } = await serve();
  io.use(wildcard());
  io.of("/other").use(wildcard());
  for (const nsp of [io, io.of("/other")])
    nsp.on("connection", (socket) => {
      socket.on("*", ({ type, nsp, data, id }) => {
        const args = data.map((each) =>
          typeof each === "function" ? "function" : each,
        );
        print("*", type, nsp, args, typeof id);
        if (data[0] === "unknown") socket.emit("answer", data[1]);
      });
      socket.on("sum", (a, b, done) => done(a + b));
      socket.on("bytes", (bytes) => socket.emit("answer", bytes.length));
      socket.use((_event, next) => next());
    });
  for (const name of ["/", "/other"]) {
    const socket = client(url + name);
    print("sum", await socket.emitWithAck("sum", 1, 2));
    for (const [event, arg] of [
      ["unknown", { a: ["ü"] }],
      ["bytes", Buffer.from([1, 2, 3])],
    ]) {
      socket.emit(event, arg);
      print("answer", await heard(socket, "answer"));
    }
  }

  const patch = wildcard(Manager);
  const patched = client(url);
  patch(patched);
  patched.on("*", ({ data }) => print("client's *", data));
  patched.on("answer", (value) => print("client's answer", value));
  patched.emit("unknown", "x");
  await heard(patched, "answer");
});
