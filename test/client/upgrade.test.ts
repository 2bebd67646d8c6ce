/**
 * Upgrades that come to nothing at their last step: the server has answered the
 * probe, and the client waits for the requests that are still under way.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { describe, expect, it } from "vitest";
import { connect, next, SERVERS, type Served } from "./support.js";

interface Io {
  readonly engine: {
    use(
      middleware: (
        request: IncomingMessage,
        response: ServerResponse,
        next: () => void,
      ) => void,
    ): unknown;
  };
}

/** Keeps the answers to a session's requests from leaving, until the function is called. */
function holdAnswers({ io }: Served<Io>, method: "GET" | "POST"): () => void {
  let held: (() => void)[] | undefined = [];
  io.engine.use((request, response, go) => {
    if (request.method === method && request.url?.includes("sid=")) {
      const end = response.end.bind(response) as (...all: unknown[]) => void;
      Object.assign(response, {
        end: (...all: unknown[]) => {
          if (held) held.push(() => end(...all));
          else end(...all);
        },
      });
    }
    go();
  });
  return () => {
    const answers = held ?? [];
    held = undefined;
    for (const answer of answers) answer();
  };
}

describe.each(SERVERS)("an upgrade that fails late, $name", ({ serve }) => {
  it.each(["GET", "POST"] as const)(
    "with a %s under way leaves polling at work",
    async (method) => {
      const served = await serve();
      const release = holdAnswers(served, method);
      const streams: Duplex[] = [];
      served.http.on("upgrade", (_request, stream) => streams.push(stream));
      const socket = connect(served.url, { reconnection: false });
      const { engine } = socket.io;
      if (engine === undefined) throw new Error("there is no engine");
      engine.on("upgrading", () => {
        for (const stream of streams) stream.destroy();
      });
      await next(engine, "upgradeError");
      release();
      expect(await socket.emitWithAck("echo", "still")).toBe("still");
      expect(await socket.emitWithAck("echo", "here")).toBe("here");
      expect(engine.transport.name).toBe("polling");
      expect(engine.transport.readyState).toBe("open");
    },
  );

  it("as the server closes is noticed", async () => {
    const served = await serve({ upgradeTimeout: 100 });
    const release = holdAnswers(served, "POST");
    const socket = connect(served.url, { reconnection: false });
    const { engine } = socket.io;
    if (engine === undefined) throw new Error("there is no engine");
    await Promise.all([next(engine, "upgrading"), next(socket, "connect")]);
    const gone = next(socket, "disconnect");
    const failed = next(engine, "upgradeError");
    void served.io.close();
    await failed;
    release();
    const [reason] = await gone;
    expect(reason).toMatch(/^transport (close|error)$/);
  });
});
