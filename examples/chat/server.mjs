/**
 * The chat demo: one HTTP server with the page and the Socket.IO server on it.
 *
 * PORT (default 3000, 0 for any), HOST (default localhost), CHAT_DATA (the
 * folder for the history; default a folder below the system's temporary one).
 */
import { createServer } from "node:http";
import { Server } from "omnio";
import { openChat } from "./server/chat.mjs";
import { Folder, messageOf } from "./server/folder.mjs";
import { History } from "./server/history.mjs";
import { listen, readPort } from "./server/listen.mjs";
import { servePage } from "./server/pages.mjs";
import { inPlainWords } from "./server/plain.mjs";
import { Shelf } from "./server/shelf.mjs";

const host = process.env.HOST || "localhost";

async function start() {
  const server = createServer(servePage);
  const port = await listen(server, readPort(process.env.PORT), host);
  const folder = await Folder.open(port, process.env.CHAT_DATA || undefined);
  const history = new History(folder);
  const shelf = new Shelf(folder);
  history.onForget = (message) => void shelf.drop(message.id).catch(() => {});
  await history.load();
  await shelf.load(history.rooms().flatMap((room) => history.recent(room)));

  /** @type {import("./types.d.ts").ChatServer} */
  const io = new Server(server, {
    // A file of 2 MB has 2.7 MB as base64, which is how some clients send it.
    maxHttpBufferSize: 3e6,
    generations: "all",
    downgrade: inPlainWords,
    connectionStateRecovery: { maxDisconnectionDuration: 120_000 },
    allowRequest: (request, decide) => decide(null, isOwnPage(request.headers)),
  });
  const chat = openChat(io, history, shelf, folder.path !== undefined);

  console.log(`
  The omnio chat is open at http://${host.includes(":") ? `[${host}]` : host}:${port}

  Stop it with Ctrl+C. Start it again: open pages come back and nothing is lost.
  History: ${folder.path ?? "in memory only"}
`);

  const stop = async () => {
    process.once("SIGINT", () => process.exit(130));
    chat.close();
    await io.close();
    server.closeAllConnections();
    await history.settled();
    console.log("The chat is closed.");
    process.exit(0);
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
}

/**
 * Pages of other sites stay out: a browser always says where a page is from,
 * and programs do not.
 * @param {import("node:http").IncomingHttpHeaders} headers
 */
function isOwnPage({ origin, host: asked }) {
  return (
    origin === undefined ||
    (URL.canParse(origin) && new URL(origin).host === asked)
  );
}

start().catch((error) => {
  console.error(messageOf(error));
  process.exit(1);
});
