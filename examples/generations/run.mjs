/**
 * One server, nine clients, and who heard whom. Each client is a program of its
 * own that prints what it hears, a line for each message.
 */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { serve } from "./server.mjs";

const CLIENTS = {
  "0.6.18": "0.6.cjs",
  "0.7.11": "0.7.cjs",
  "0.8.7": "0.8.cjs",
  "0.9.17": "0.9.cjs",
  "1.7.4": "1.x.cjs",
  "2.5.0": "2.x.cjs",
  "3.1.3": "3.x.mjs",
  "4.8.4": "4.x.mjs",
  omnio: "omnio.mjs",
};
const NAMES = Object.keys(CLIENTS);

/** For all of them together, in ms. */
const PATIENCE = 60_000;

const { io, url } = await serve(0);

/** @type {Map<string, Set<string>>} whom each has heard */
const heard = new Map(NAMES.map((name) => [name, new Set()]));
const programs = Object.entries(CLIENTS).map(([name, file]) => {
  const path = fileURLToPath(new URL(`clients/${file}`, import.meta.url));
  const program = spawn(process.execPath, ["--no-warnings", path, url], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  createInterface({ input: program.stdout }).on("line", (line) => {
    const [, speaker] = /^(\S+): hello$/.exec(line) ?? [];
    if (speaker) heard.get(name)?.add(speaker);
    if (everybody()) end(0);
  });
  program.once("exit", () => end(1));
  return program;
});

io.on("connection", (socket) => {
  const { generations, protocol } = socket.dialect;
  const { name } = socket.conn.transport;
  console.log(
    `Somebody joins who speaks like ${generations.join(", ")} (protocol ${protocol}), by ${name}.`,
  );
  if (io.sockets.sockets.size === NAMES.length)
    io.to("room").emit("message", "Who is here?");
});

const patience = setTimeout(() => end(1), PATIENCE);

function everybody() {
  return NAMES.every((name) => heard.get(name)?.size === NAMES.length);
}

/** @param {number} code */
async function end(code) {
  clearTimeout(patience);
  console.log();
  for (const name of NAMES) {
    const others = NAMES.filter((other) => heard.get(name)?.has(other));
    console.log(`${name.padEnd(6)} heard ${others.join(", ") || "nobody"}`);
  }
  console.log(
    code === 0 ? "\nEverybody heard everybody." : "\nNot all heard all.",
  );
  for (const program of programs) program.removeAllListeners("exit").kill();
  await io.close();
  process.exit(code);
}
