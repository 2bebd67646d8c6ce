/** socketio-file-upload: files in chunks, by the events that its page sends. */
const { once } = require("node:events");
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const Uploads = require("socketio-file-upload");
const { client, heard, print, program, serve } = require("./rig.cjs");

program(async () => {
  const folder = mkdtempSync(join(tmpdir(), "uploads-"));
  const { io, url } = await serve();
  let written;
  io.on("connection", (socket) => {
    const uploads = new Uploads();
    uploads.dir = folder;
    uploads.maxFileSize = 250_000;
    for (const event of ["start", "saved", "error"])
      uploads.on(event, ({ file, error }) =>
        print(event, file.name, file.bytesLoaded, error?.message),
      );
    uploads.on("saved", ({ file }) => {
      written = once(file.writeStream, "close");
    });
    uploads.listen(socket);
  });
  const chunk = Buffer.alloc(100_000, "ä");
  for (const [id, name, chunks] of [
    [1, "täglich.txt", 2],
    [2, "big.txt", 3],
  ])
    for (const base64 of [false, true]) {
      const socket = client(url);
      const file = { id, name, mtime: 0, encoding: "octet", size: 0 };
      socket.emit("siofu_start", file);
      const [{ name: base }] = await heard(socket, "siofu_ready");
      print("ready", base);
      for (let i = 0; i < chunks; i++) {
        const content = base64 ? chunk.toString("base64") : chunk;
        const next = Promise.race([
          heard(socket, "siofu_chunk"),
          heard(socket, "siofu_error"),
        ]);
        socket.emit("siofu_progress", { id, size: 0, content, base64 });
        print("next", await next);
      }
      if (chunks > 2) continue;
      const complete = heard(socket, "siofu_complete");
      socket.emit("siofu_done", { id });
      print("complete", await complete);
      await written;
      const saved = readFileSync(join(folder, `${base}.txt`));
      print("the same", saved.equals(Buffer.concat([chunk, chunk])));
    }
  rmSync(folder, { recursive: true });
});
