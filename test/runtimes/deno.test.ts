/** The server in Deno, on Deno's own HTTP and WebSocket server. */
import { denoProgram } from "./binaries.js";
import { runtimeSuite } from "./suite.js";

runtimeSuite({
  name: "Deno",
  entry: "deno",
  command: () => [
    denoProgram(),
    "run",
    "--no-check",
    "--allow-net",
    "--allow-read",
    // What @fastify/send, for the static files, asks for.
    "--allow-env=NO_DEPRECATION,TRACE_DEPRECATION",
  ],
});
