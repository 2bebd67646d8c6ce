/**
 * A client that has probed a WebSocket stops polling before it changes to it.
 * If the server ends the connection just then, and closes that WebSocket, the
 * clients of the reference wait for something that does not come.
 */
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { io as own } from "../../src/client/index.js";
import { Server, type Socket } from "../../src/index.js";
import { afterTest, listen, next, pause } from "../client/support.js";

interface Client {
  readonly io: { readonly engine: Parameters<typeof next>[0] };
  once(event: never, listener: (...args: never[]) => void): unknown;
  disconnect(): unknown;
}

type Connect = (url: string, options: object) => Client;

const require = createRequire(import.meta.url);

const CLIENTS: [name: string, connect: Connect][] = [
  ["omnio", own],
  ...["socket.io-client", "sioc3", "sioc2", "sioc1"].map(
    (name): [string, Connect] => [name, require(name) as Connect],
  ),
];

/** A client that has had the answer to its probe, while its last poll is under way. */
async function inTransit(connect: Connect) {
  const http = createServer();
  const io = new Server(http, { allowEIO3: true });
  const accepted = next<[Socket]>(io, "connection");
  const answers: (() => void)[] = [];
  let hold = false;
  let upgrade: (() => void) | undefined;
  io.engine.use((request, response, go) => {
    if (request.headers.upgrade !== undefined) {
      upgrade = go;
      return;
    }
    const end = response.end.bind(response) as (...all: unknown[]) => void;
    Object.assign(response, {
      end(...all: unknown[]) {
        if (hold) answers.push(() => end(...all));
        else end(...all);
      },
    });
    go();
  });
  const port = await listen(http);
  const client = connect(`http://localhost:${port}`, {
    forceNew: true,
    reconnection: false,
  });
  afterTest(() => client.disconnect());
  const probed = next(client.io.engine, "upgrading");
  const [[socket]] = await Promise.all([accepted, next(client, "connect")]);
  while (upgrade === undefined || !socket.conn.transport.writable)
    await pause(1);
  hold = true;
  upgrade();
  await probed;
  return {
    io,
    socket,
    disconnected: next(client, "disconnect"),
    /** What the server does now is done before the poll has ended. */
    finishPoll: async () => {
      await pause();
      hold = false;
      for (const answer of answers.splice(0)) answer();
    },
  };
}

describe.each(CLIENTS)(
  "%s, between polling and WebSocket",
  (_name, connect) => {
    test("hears that the server closes", async () => {
      const { io, disconnected, finishPoll } = await inTransit(connect);
      void io.close();
      await finishPoll();
      const [reason] = await disconnected;
      expect(reason).toMatch(/^transport (close|error)$/);
    });

    test("hears that it is put out", async () => {
      const { io, socket, disconnected, finishPoll } = await inTransit(connect);
      afterTest(() => io.close());
      socket.disconnect(true);
      await finishPoll();
      expect((await disconnected)[0]).toBe("io server disconnect");
    });
  },
);
