/** Hono in Node.js: `serve` returns the HTTP server. */
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { Server } from "omnio";
import { greetings, port } from "./greetings.mjs";

const app = new Hono();
app.get("/hello", (context) => context.text("hello from hono"));

const http = serve({ fetch: app.fetch, port }, (address) => {
  console.log(`http://localhost:${address.port}`);
});
greetings(new Server(http));
