/** What an example of a framework has to do: its own route, and real clients on the same port. */
import { io as officialClient } from "socket.io-client";
import { expect, test } from "vitest";
import { io as ownClient } from "../../src/client/index.js";

interface ClientSocket {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
  disconnect(): unknown;
}

type Open = (url: string, options: object) => ClientSocket;

const CLIENTS = { ours: ownClient as Open, official: officialClient as Open };

/** @param transports those that the server has */
export function checkExample(
  name: string,
  url: () => string,
  transports = ["polling", "websocket"],
): void {
  test("its own route", async () => {
    const response = await fetch(`${url()}/hello`);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(`hello from ${name}`);
    expect((await fetch(`${url()}/nothing`)).status).toBe(404);
  });

  test.each(
    Object.keys(CLIENTS).flatMap((client) =>
      transports.map((transport) => [client, transport] as const),
    ),
  )("the client (%s) over %s", async (client, transport) => {
    const open = CLIENTS[client as keyof typeof CLIENTS];
    const socket = open(url(), {
      transports: [transport],
      forceNew: true,
      reconnection: false,
    });
    try {
      const answer = await new Promise((resolve, reject) => {
        socket.on("connect_error", (error) => reject(new Error(String(error))));
        socket.on("connect", () => socket.emit("greet", "world", resolve));
      });
      expect(answer).toBe("hello world");
    } finally {
      socket.disconnect();
    }
  });
}
