/** Our server with the libraries of 0.6 to 0.9 as its clients, and our client with their servers. */
import { client06, client07, client08, client09 } from "./peers/old-clients.js";
import { server06, server07, server08, server09 } from "./peers/old-servers.js";
import { omnioClient, omnioServer } from "./peers/omnio.js";
import { runMatrix, type Row } from "./suite.js";

const ourServer = omnioServer();
const ourClient = omnioClient();

const rows: Row[] = [
  ...[client09(), client08(), client07()].map((client): Row => ({
    server: ourServer,
    client,
    transports: ["websocket", "xhr-polling"],
  })),
  {
    server: ourServer,
    client: client06(),
    transports: ["websocket", "xhr-polling", "jsonp-polling"],
  },
  ...[server09(), server08(), server07(), server06()].map((server): Row => ({
    server,
    client: ourClient,
    transports: ["websocket", "xhr-polling"],
  })),
];

runMatrix({ title: "Old generations", file: "old.md", rows });
