/**
 * Node's own HTTP server, with the Socket.IO server as a handler that the
 * program calls where it likes. `new Server(http)` does the same by itself.
 */
import { createServer } from "node:http";
import { Server } from "omnio";
import { greetings, port } from "./greetings.mjs";

const io = new Server();
greetings(io);
const sockets = io.handler();

const http = createServer((request, response) => {
  if (request.url === "/hello") response.end("hello from http");
  else sockets(request, response);
});
http.on("upgrade", sockets.upgrade);
http.listen(port, () => {
  console.log(`http://localhost:${http.address().port}`);
});
