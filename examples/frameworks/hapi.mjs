/** Hapi: its HTTP server is `server.listener`. */
import Hapi from "@hapi/hapi";
import { Server } from "omnio";
import { greetings, port } from "./greetings.mjs";

const server = Hapi.server({ port });
server.route({
  method: "GET",
  path: "/hello",
  handler: () => "hello from hapi",
});

greetings(new Server(server.listener));
await server.start();
console.log(`http://localhost:${server.info.port}`);
