/** Polling requests on bare connections, and whether Node has seen them. */
import type { Server } from "node:http";
import type { Socket } from "node:net";
import { expect, onTestFinished, vi } from "vitest";
import { NodeEngine } from "../../../src/runtimes/node/engine.js";
import { Site } from "./rig.js";

export const HELLO = "/socket.io/?EIO=4&transport=polling";

/** Answers as they come, with their heads. */
export class Asker {
  #text = "";
  #tell: () => void = () => {};

  constructor(readonly socket: Socket) {
    socket.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString("latin1");
      this.#tell();
    });
    socket.on("close", () => this.#tell());
  }

  write(method: string, url: string, body?: string, ...lines: string[]): void {
    const head = [`${method} ${url} HTTP/1.1`, "Host: a", ...lines];
    if (body !== undefined)
      head.push(`Content-Length: ${Buffer.byteLength(body, "latin1")}`);
    this.socket.write([...head, "", body ?? ""].join("\r\n"), "latin1");
  }

  async answer(): Promise<{ head: string; body: string }> {
    for (;;) {
      const end = this.#text.indexOf("\r\n\r\n") + 4;
      const head = this.#text.slice(0, end);
      const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
      if (length !== undefined && this.#text.length >= end + Number(length)) {
        const body = this.#text.slice(end, end + Number(length));
        this.#text = this.#text.slice(end + Number(length));
        return { head, body };
      }
      if (this.socket.destroyed) throw new Error(`ended with ${this.#text}`);
      await new Promise<void>((resolve) => (this.#tell = resolve));
    }
  }

  async ask(
    method: string,
    url: string,
    body?: string,
    ...lines: string[]
  ): Promise<{ head: string; body: string }> {
    this.write(method, url, body, ...lines);
    return this.answer();
  }

  async hello(...lines: string[]): Promise<string> {
    const { body } = await this.ask("GET", HELLO, undefined, ...lines);
    const { sid } = JSON.parse(body.slice(1)) as { sid: string };
    return `${HELLO}&sid=${sid}`;
  }
}

export async function open(
  options: Parameters<typeof Site.open>[0] = {},
  http?: Server,
) {
  const byNode = vi.spyOn(NodeEngine.prototype, "handleRequest").mockClear();
  onTestFinished(() => byNode.mockRestore());
  const site = await Site.open(options, http);
  const asker = async () => new Asker(await site.tcp());
  return { site, byNode, asker };
}

/** A session that has joined, by one connection that polls and one that posts. */
export async function joined(...how: Parameters<typeof open>) {
  const world = await open(...how);
  const [poller, poster] = [await world.asker(), await world.asker()];
  const url = await poller.hello();
  await poster.ask("POST", url, "40");
  await poller.ask("GET", url);
  return { ...world, poller, poster, url };
}

/** Lets the poll be held. */
export const held = ({ engine }: Site) =>
  vi.waitFor(() =>
    expect(Object.values(engine.clients)[0].transport.writable).toBe(true),
  );

export const closed = (socket: Socket) =>
  new Promise<void>((resolve) => socket.once("close", () => resolve()));
