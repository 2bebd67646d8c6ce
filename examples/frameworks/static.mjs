/**
 * No framework at all: the server gives out the page, the client and what is
 * said, on one port. Needs the package `@fastify/send`.
 */
import { Server } from "omnio";
import { greetings, port } from "./greetings.mjs";

const io = new Server(port, {
  staticFiles: {
    "/": new URL("public/index.html", import.meta.url),
    "/static": new URL("public", import.meta.url),
  },
  otherApp: (request, response) => {
    if (request.url === "/hello") response.end("hello from a function");
    else response.writeHead(404).end("not found");
  },
});
greetings(io);
io.httpServer.on("listening", () => {
  console.log(`http://localhost:${io.httpServer.address().port}`);
});
