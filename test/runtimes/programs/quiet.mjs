/**
 * Makes, uses and closes a server, and clients of it; prints nothing unless
 * something fails. Both are the modules with their names, and are handed in:
 * where nothing may be read, they have to be imported in the first place.
 */
import process from "node:process";

/**
 * @param {any} server
 * @param {any} [client]
 */
export async function quiet({ Server }, client) {
  const io = new Server(0);
  io.on("connection", (/** @type {any} */ socket) =>
    socket.on("echo", (/** @type {any[]} */ ...args) => args.pop()(...args)),
  );
  const { httpServer } = io;
  // As Bun, as Deno and as Node.js have it.
  const { port } = httpServer.port
    ? httpServer
    : (httpServer.addr ?? httpServer.address());
  const url = `http://127.0.0.1:${port}`;
  await (await fetch(`${url}/socket.io/socket.io.js`)).text();
  await (await fetch(`${url}/socket.io/?EIO=9&transport=polling`)).text();
  if (client) await useAll(client, url);
  await io.close();
  process.exit();
}

/**
 * @param {any} client
 * @param {string} url
 */
async function useAll({ Client, io, SimpleClient }, url) {
  for (const transports of [["polling"], ["websocket"]]) {
    const socket = io(url, { transports, forceNew: true });
    expectEcho(await socket.emitWithAck("echo", "hello"));
    socket.disconnect();
    for (const Face of [Client, SimpleClient]) {
      const made = new Face();
      await made.connect(url, { transports });
      expectEcho(await made.call("echo", "hello"));
      await made.disconnect();
    }
  }
}

/** @param {unknown} answer */
function expectEcho(answer) {
  if (answer !== "hello") throw new Error(`the answer is ${answer}`);
}
