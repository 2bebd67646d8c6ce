/** The client in whatever runtime runs this: `client.mjs <url>`, against `server.mjs`'s events. */
import process from "node:process";
import { io } from "../../../dist/client/index.js";

const [url = ""] = process.argv.slice(2);

for (const transports of [
  ["polling"],
  ["websocket"],
  ["polling", "websocket"],
]) {
  const socket = io(url, { transports, forceNew: true, reconnection: false });
  socket.on("connect_error", (error) => {
    console.log(JSON.stringify({ failed: String(error) }));
    process.exit(1);
  });
  if (transports.length > 1)
    await new Promise((resolve) =>
      socket.on("connect", () => socket.io.engine.once("upgrade", resolve)),
    );
  const [text, bytes] = await new Promise((resolve) =>
    socket.emit("echo", "漢字 €", new Uint8Array([0, 255]), (...answer) =>
      resolve(answer),
    ),
  );
  const transport = socket.io.engine.transport.name;
  const ended = new Promise((resolve) => socket.once("disconnect", resolve));
  socket.emit("kick");
  const reason = await ended;
  const line = { transports, transport, text, bytes: [...bytes], reason };
  console.log(JSON.stringify(line));
}
process.exit(0);
