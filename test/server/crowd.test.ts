/** Many clients of one server, all at once. */
import { expect, test } from "vitest";
import { io as connect } from "../../src/client/index.js";
import { listen } from "./handlers/support.js";

const CLIENTS = 500;

test("hundreds of clients are answered each with its own, and hear one broadcast", async () => {
  const { io, port } = await listen();
  io.handle("who am I", (socket) => socket.id);
  const clients = Array.from({ length: CLIENTS }, () =>
    connect(`http://localhost:${port}`, {
      forceNew: true,
      reconnection: false,
      transports: ["websocket"],
    }),
  );
  try {
    const answers = await Promise.all(
      clients.map((client) => client.emitWithAck("who am I")),
    );
    expect(answers).toEqual(clients.map(({ id }) => id));
    expect(new Set(answers).size).toBe(CLIENTS);
    const heard = clients.map(
      (client) => new Promise((resolve) => client.once("news", resolve)),
    );
    io.emit("news", "for all");
    expect(new Set(await Promise.all(heard))).toEqual(new Set(["for all"]));
    expect(io.engine.clientsCount).toBe(CLIENTS);
  } finally {
    for (const client of clients) client.disconnect();
  }
});
