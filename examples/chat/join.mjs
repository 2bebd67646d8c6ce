/**
 * Joins the chat from a terminal.
 *
 *   node examples/chat/join.mjs --name Ada --room lobby "hello"    says it and leaves
 *   node examples/chat/join.mjs --name Ada --room lobby            stays and chats
 */
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { io } from "omnio/client";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: "string", default: "Ada" },
    room: { type: "string", default: "lobby" },
    url: {
      type: "string",
      default: process.env.CHAT_URL ?? "http://localhost:3000",
    },
  },
});
const { room, name, url } = values;
const text = positionals.join(" ");

/** @type {import("omnio/client").Socket<import("./types.d.ts").ServerToClient, import("./types.d.ts").ClientToServer>} */
const socket = io(url);

socket.on("connect_error", (error) => {
  console.error(`No connection to ${url}: ${error.message}`);
  if (text) process.exit(1);
});
socket.on("disconnect", (reason) => {
  const ours = reason === "io client disconnect";
  if (!ours) console.error("Connection lost; trying again.");
});

socket.on("connect", async () => {
  const joined = await socket.emitWithAck("join", { room, name });
  if (!joined.ok) return giveUp(joined.error.message);
  if (!text) return joined.history.slice(-10).forEach(print);

  const sent = await socket.emitWithAck("message", { room, text });
  if (!sent.ok) return giveUp(sent.error.message);
  console.log(`Said in ${joined.room} as ${joined.name}: ${text}`);
  socket.disconnect();
});

if (!text) {
  socket.on("message", print);
  createInterface({ input: process.stdin })
    .on(
      "line",
      (line) => line.trim() && socket.emit("message", { room, text: line }),
    )
    .on("close", () => socket.disconnect());
}

/** @param {import("./types.d.ts").Message} message */
function print({ time, name, text, file }) {
  const clock = new Date(time).toTimeString().slice(0, 5);
  console.log(
    `${clock} ${name}: ${[text, file && `[${file.name}]`].filter(Boolean).join(" ")}`,
  );
}

/** @param {string} why */
function giveUp(why) {
  console.error(why);
  process.exitCode = 1;
  socket.disconnect();
}
