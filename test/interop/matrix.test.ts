/**
 * Our server with the clients that people have, our client with the servers
 * that people run, and ours with ours.
 */
import { oracle } from "./oracle.js";
import { omnioClient, omnioServer } from "./peers/omnio.js";
import {
  client1,
  client2,
  client3,
  client4,
} from "./peers/official-clients.js";
import {
  server1,
  server2,
  server3,
  server4,
} from "./peers/official-servers.js";
import { runMatrix } from "./suite.js";

const ourServer = omnioServer();
const ourClient = omnioClient();

runMatrix({
  title: "Interoperability",
  file: "matrix.md",
  pairs: [
    ...[client4(), client3(), client2(), client1(), ourClient].map(
      (client) => ({
        server: ourServer,
        client,
      }),
    ),
    ...[server4(), server3(), server2(), server1()].map((server) => ({
      server,
      client: ourClient,
    })),
  ],
});

if (process.env["INTEROP_ORACLE"] !== undefined) runMatrix(oracle);
