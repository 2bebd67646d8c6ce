/**
 * The first server in the guide of python-socketio, for aiohttp, translated:
 * a page and static files beside a namespace with three handlers.
 *
 *   node examples/seeds/aiohttp-server.mjs 8080
 */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import express from "express";
import { Server } from "omnio";

const app = express();
const http = createServer(app);
const io = new Server(http);
const here = new URL("static/", import.meta.url);

app.get("/", async (request, response) => {
  response.type("html").send(await readFile(new URL("index.html", here)));
});
app.use("/static", express.static(here.pathname));

const chat = io.of("/chat");

chat.handle("connect", (socket) => {
  console.log(`connect ${socket.id} from ${socket.handshake.address}`);
});

chat.handle("chat message", (socket, data) => {
  console.log(`message ${data}`);
  io.emitTo("reply", undefined, { room: socket.id, namespace: "/chat" });
});

chat.handle("disconnect", (socket) => {
  console.log(`disconnect ${socket.id}`);
});

http.listen(Number(process.argv[2] ?? 8080), () =>
  console.log(`listening on port ${http.address().port}`),
);
