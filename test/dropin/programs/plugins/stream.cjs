/** socket.io-stream: Node's streams over events, in both directions and both forms. */
const { createHash } = require("node:crypto");
const { PassThrough, Readable } = require("node:stream");
const ss = require("socket.io-stream");
const { client, print, program, serve } = require("./rig.cjs");

const content = Buffer.alloc(300_000, "täglich grüßt ");

const digest = async (stream) => {
  const hash = createHash("sha1");
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest("hex");
};

program(async () => {
  const { io, url } = await serve();
  io.on("connection", (socket) => {
    ss(socket).on("upload", async (stream, { name }, done) => {
      done({ name, digest: await digest(stream.pipe(new PassThrough())) });
    });
    ss(socket).on("download", (stream, name) => {
      Readable.from([content.subarray(0, 7), content.subarray(7)]).pipe(stream);
      print("asked for", name);
    });
    ss(socket).on("broken", (stream) => {
      stream.on("error", (error) => {
        print("heard of an error", error.message);
        socket.emit("was broken");
      });
    });
  });
  const expected = createHash("sha1").update(content).digest("hex");
  for (const transport of ["websocket", "polling"])
    for (const forceBase64 of [false, true]) {
      const socket = client(url, { transports: [transport] });
      const streams = ss(socket, { forceBase64 });
      const up = ss.createStream();
      const answer = new Promise((resolve) =>
        streams.emit("upload", up, { name: "ü.txt" }, resolve),
      );
      Readable.from([content]).pipe(up);
      const { name, digest: found } = await answer;
      print(transport, forceBase64, name, found === expected);

      const down = ss.createStream();
      streams.emit("download", down, "x.txt");
      const received = await digest(down.pipe(new PassThrough()));
      print(transport, forceBase64, received === expected);

      const broken = ss.createStream();
      broken.on("error", () => undefined);
      const heard = new Promise((resolve) =>
        socket.once("was broken", resolve),
      );
      streams.emit("broken", broken);
      broken.emit("error", new Error("as asked"));
      await heard;
      socket.disconnect();
    }
});
