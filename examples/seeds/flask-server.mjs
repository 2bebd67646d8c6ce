/**
 * The second server in the guide of python-socketio, for Flask and eventlet,
 * translated, with what its last paragraphs say: `connect` inspects the headers
 * and may refuse, a broken connection runs `disconnect`.
 *
 *   node examples/seeds/flask-server.mjs 8000
 */
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { Server } from "omnio";

const page = new URL("static/index.html", import.meta.url);
const http = createServer(async (request, response) => {
  if (request.url !== "/") return response.writeHead(404).end("Not Found");
  response.setHeader("content-type", "text/html");
  response.end(await readFile(page));
});
const io = new Server(http);

io.handle("connect", (socket) => {
  console.log(`connect ${socket.id}`);
  return io.environ(socket.id).headers["x-banned"] === undefined;
});

io.handle("my message", (socket, data) => {
  console.log(`message ${JSON.stringify(data)}`);
});

io.handle("disconnect", (socket, reason) => {
  console.log(`disconnect ${socket.id}: ${reason}`);
});

http.listen(Number(process.argv[2] ?? 8000), () =>
  console.log(`listening on port ${http.address().port}`),
);
