/**
 * The demo as people start it, a process of its own, and clients that talk to
 * it the way the page does.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import {
  io,
  type ManagerOptions,
  type Socket,
  type SocketOptions,
} from "socket.io-client";
import type { Answer, Message, Person } from "../../examples/chat/types.js";

export const CHAT = fileURLToPath(
  new URL("../../examples/chat/", import.meta.url),
);

export interface Demo {
  readonly url: string;
  readonly port: number;
  /** What it has printed. */
  readonly output: () => string;
  /** Ends it by a signal; the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

const running = new Set<ChildProcess>();
const clients = new Set<Socket>();
const folders = new Set<string>();

/** A folder for the history, gone after the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "omnio-demo-"));
  folders.add(path);
  return path;
}

/** Settles when the demo is open. */
export async function start(data: string, port = 0): Promise<Demo> {
  const child = spawn(process.execPath, [`${CHAT}server.mjs`], {
    env: {
      ...process.env,
      PORT: String(port),
      HOST: "127.0.0.1",
      CHAT_DATA: data,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let printed = "";
  const url = await new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      printed += chunk.toString();
      const address = /open at (http:\/\/\S+)/.exec(printed)?.[1];
      if (address) resolve(address);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("exit", () =>
      reject(new Error(`The demo did not start:\n${printed}`)),
    );
  });
  return {
    url,
    port: Number(new URL(url).port),
    output: () => printed,
    async stop(signal = "SIGINT") {
      const exit = once(child, "exit");
      child.kill(signal);
      await exit;
      running.delete(child);
      return child.exitCode;
    },
  };
}

/** Closes what a test has opened. */
export async function closeAll(): Promise<void> {
  for (const socket of clients) socket.disconnect();
  clients.clear();
  for (const child of running) {
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }
  running.clear();
  for (const path of folders) await rm(path, { recursive: true, force: true });
  folders.clear();
}

/** A client that is connected. */
export async function connect(
  url: string,
  options: Partial<ManagerOptions & SocketOptions> = {},
): Promise<Socket> {
  const socket = io(url, { forceNew: true, reconnectionDelay: 50, ...options });
  clients.add(socket);
  await happened(socket, "connect");
  return socket;
}

export interface Joined {
  room: string;
  name: string;
  history: Message[];
  people: Person[];
}

/** Asks, and gets the answer in the shape that the demo promises. */
export async function ask<T extends object = object>(
  socket: Socket,
  event: string,
  ...args: unknown[]
): Promise<Answer<T>> {
  const answer: unknown = await socket.emitWithAck(event, ...args);
  if (!isAnswer<T>(answer))
    throw new Error(`No answer: ${JSON.stringify(answer)}`);
  return answer;
}

function isAnswer<T extends object>(value: unknown): value is Answer<T> {
  return typeof value === "object" && value !== null && "ok" in value;
}

/** What was asked for, or the test ends with the refusal. */
export async function granted<T extends object>(
  asked: Promise<Answer<T>>,
): Promise<T> {
  const answer = await asked;
  if (!answer.ok) throw new Error(answer.error.message);
  return answer;
}

export function enter(
  socket: Socket,
  name: string,
  room = "lobby",
  key?: string,
): Promise<Answer<Joined>> {
  return ask(socket, "join", { room, name, key });
}

/** A client that is in a room. */
export async function guest(
  url: string,
  name: string,
  room = "lobby",
): Promise<Socket> {
  const socket = await connect(url);
  await granted(enter(socket, name, room));
  return socket;
}

export function say(
  socket: Socket,
  text: string,
  more: object = {},
): Promise<Answer<{ id: string; seq: number; time: number }>> {
  return ask(socket, "message", { room: "lobby", text, ...more });
}

/** The first event with this name that fits. */
export function happened<T>(
  socket: Socket,
  event: string,
  fits: (value: T) => boolean = () => true,
): Promise<T> {
  return new Promise((resolve) => {
    const listen = (value: T) => {
      if (!fits(value)) return;
      socket.off(event, listen);
      resolve(value);
    };
    socket.on(event, listen);
  });
}

export const PNG = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");

/** The texts of a history. */
export const texts = (messages: readonly Message[]) =>
  messages.map(({ text }) => text);

/** Fetches a file of the chat. */
export async function fetchFile(
  socket: Socket,
  id: string,
  room = "lobby",
): Promise<Buffer> {
  const { data } = await granted(
    ask<{ data: Uint8Array }>(socket, "file", { room, id }),
  );
  return Buffer.from(data);
}

/** What the tests use of a client of Socket.IO 2.x. */
export interface OldSocket {
  emit(event: string, ...args: unknown[]): void;
  close(): void;
}

export const io2 = createRequire(import.meta.url)("sioc2") as (
  url: string,
  options: object,
) => OldSocket;
