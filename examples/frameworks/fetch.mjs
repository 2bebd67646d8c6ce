/**
 * A server of `fetch`, with an application of the same kind behind it. Any
 * runtime that turns a Request into a Response can run the default export;
 * where it has no WebSocket to offer, as here, clients stay with polling.
 */
import { serve } from "@hono/node-server";
import { Server } from "omnio/fetch";
import { greetings, port } from "./greetings.mjs";

const io = new Server({
  otherApp: {
    fetch: (request) =>
      new URL(request.url).pathname === "/hello"
        ? new Response("hello from fetch")
        : new Response("not found", { status: 404 }),
  },
});
greetings(io);

const handler = io.handler();
export default handler;

serve({ fetch: handler.fetch, port }, (address) => {
  console.log(`http://localhost:${address.port}`);
});
