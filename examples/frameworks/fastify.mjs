/** Fastify: its HTTP server is `app.server`, and is there before it listens. */
import Fastify from "fastify";
import { Server } from "omnio";
import { greetings, port } from "./greetings.mjs";

const app = Fastify();
app.get("/hello", async () => "hello from fastify");

const io = new Server(app.server);
greetings(io);
// Before the routes close, so that no socket keeps the server open.
app.addHook("preClose", () => io.close());

console.log(await app.listen({ port }));
