/** Deno, with Hono for the other routes: `deno run -A examples/frameworks/deno.mjs`. */
import { Hono } from "hono";
import { Server } from "omnio/deno";
import { greetings, port } from "./greetings.mjs";

const app = new Hono();
app.get("/hello", (context) => context.text("hello from deno"));

const io = new Server({ otherApp: app });
greetings(io);

const onListen = (address) => console.log(`http://localhost:${address.port}`);
Deno.serve({ port, onListen }, io.handler());
