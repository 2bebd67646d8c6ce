/**
 * What becomes of a server with one option in one value: whether it can be
 * made, what its handshake says, and whether clients get in and stay. Run with
 * the entry of a package, in a process of its own, as some values end it.
 *
 * node outcomes.mjs ENTRY OPTIONS_FILE: one outcome for each, as JSON
 */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { WebSocket } from "ws";

const [entry, file] = process.argv.slice(2);
const { Server } = await import(entry);
const cases = reviveAll(JSON.parse(await readFile(file, "utf8")));
/** A heartbeat or two have to fit in, on a busy machine as well. */
const PATIENCE = 1500;

let crashed;
process.on("uncaughtException", (error) => crashed?.(error));
process.on("unhandledRejection", (error) => crashed?.(error));

const outcomes = [];
for (const options of cases) outcomes.push(await outcomeOf(options));
console.log(JSON.stringify(outcomes));
process.exit();

/** JSON has no word for some values. */
function reviveAll(list) {
  const words = { undefined: undefined, Infinity };
  return list.map((entries) =>
    Object.fromEntries(
      entries.map(([name, { word, value }]) => [
        name,
        word ? words[word] : value,
      ]),
    ),
  );
}

async function outcomeOf(options) {
  const http = createServer();
  let io;
  try {
    io = new Server(http, { pingInterval: 40, pingTimeout: 2000, ...options });
  } catch (error) {
    return { refused: String(error?.message) };
  }
  await once(http.listen(0, "127.0.0.1"), "listening");
  const { port } = http.address();
  const failed = new Promise((resolve) => {
    crashed = (error) => resolve({ failed: String(error?.message) });
  });
  const path = `${String(options.path || "/socket.io").replace(/\/$/, "")}${options.addTrailingSlash === false ? "" : "/"}`;
  const outcome = await Promise.race([
    failed,
    visit(port, path).catch((error) => ({ failed: error.message })),
  ]);
  crashed = undefined;
  http.closeAllConnections();
  io.close();
  return outcome;
}

async function visit(port, path) {
  const poll = `${path}?EIO=4&transport=polling`;
  const opened = await ask(port, "GET", poll);
  if (opened.status !== 200)
    return {
      polling: `status ${opened.status}`,
      websocket: await overWebSocket(port, path),
    };
  const [first] = opened.body.split("\x1e");
  const hello = JSON.parse(first.slice(1));
  const session = `${poll}&sid=${hello.sid}`;
  const joined =
    (await ask(port, "POST", session, "40")).status === 200 &&
    (await ask(port, "GET", session)).body.includes('40{"sid"');
  const { sid, ...handshake } = hello;
  const client = await ask(
    port,
    "GET",
    `${path.replace(/\/?$/, "/")}socket.io.js`,
  );
  return {
    handshake,
    polling: joined ? "joins" : "does not join",
    websocket: await overWebSocket(port, path),
    cookie: opened.headers["set-cookie"]?.map((text) =>
      text.replace(sid, "SID"),
    ),
    origin: opened.headers["access-control-allow-origin"],
    vary: opened.headers.vary,
    client: client.status,
  };
}

/** Joins, then waits for as many pings as tell that the connection stays. */
function overWebSocket(port, path) {
  return new Promise((resolve) => {
    const socket = new WebSocket(
      `ws://127.0.0.1:${port}${path}?EIO=4&transport=websocket`,
    );
    let pings = 0;
    let joined = false;
    const end = (outcome) => {
      clearTimeout(timer);
      socket.terminate();
      resolve(outcome);
    };
    const state = () => (joined ? "joins" : "does not join");
    // Intervals of minutes cannot be waited for; a connection that lives is enough.
    const timer = setTimeout(() => end(state()), PATIENCE);
    socket.on("unexpected-response", (_, { statusCode }) =>
      end(`status ${statusCode}`),
    );
    socket.on("error", () => end("error"));
    socket.on("close", () => end(joined ? "joins, and is cut off" : "closed"));
    socket.on("message", (data) => {
      const text = String(data);
      if (text[0] === "0") {
        socket.send("40");
        if (JSON.parse(text.slice(1)).pingInterval > 1000)
          setTimeout(() => end(state()), 100);
      } else if (text.startsWith("40")) joined = true;
      else if (text === "2") {
        if (++pings === 3) end(state());
        // A peer across the network takes its time.
        else setTimeout(() => socket.send("3"), 10);
      }
    });
  });
}

function ask(port, method, path, body) {
  return new Promise((resolve) => {
    const sent = request(
      {
        port,
        host: "127.0.0.1",
        method,
        path,
        timeout: PATIENCE,
        headers: {
          origin: "http://page.example",
          ...(body && { "content-type": "text/plain;charset=UTF-8" }),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk) => (text += chunk));
        response.on("close", () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: text,
          }),
        );
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", () => resolve({ status: 0, headers: {}, body: "" }));
    sent.end(body);
  });
}
