/** Express: both on the HTTP server that Express is given. */
import { createServer } from "node:http";
import express from "express";
import { Server } from "omnio";
import { greetings, port } from "./greetings.mjs";

const app = express();
app.get("/hello", (_request, response) => {
  response.send("hello from express");
});

const http = createServer(app);
greetings(new Server(http));
http.listen(port, () => {
  console.log(`http://localhost:${http.address().port}`);
});
