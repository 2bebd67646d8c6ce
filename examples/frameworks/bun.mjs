/** Bun, with a route of its own: `bun examples/frameworks/bun.mjs`. */
import { Server } from "omnio/bun";
import { greetings, port } from "./greetings.mjs";

const io = new Server();
greetings(io);

const server = Bun.serve({
  port,
  routes: { "/hello": new Response("hello from bun") },
  ...io.handler(),
});
console.log(`http://localhost:${server.port}`);
