/** Koa: its callback is a listener of an HTTP server like any other. */
import { createServer } from "node:http";
import Koa from "koa";
import { Server } from "omnio";
import { greetings, port } from "./greetings.mjs";

const app = new Koa();
app.use(async (context, next) => {
  if (context.path === "/hello") context.body = "hello from koa";
  else await next();
});

const http = createServer(app.callback());
greetings(new Server(http));
http.listen(port, () => {
  console.log(`http://localhost:${http.address().port}`);
});
