/**
 * The move to a better transport: open it beside the current one, see that a
 * ping gets through, let the current one come to rest, and switch.
 */
import type { Signal } from "../dialects/packet.js";
import type { Engine } from "./engine.js";
import type { Transport } from "./transport.js";

/**
 * Tries one transport, after so many ms; `switched` is called when it has taken
 * over, before anybody else is told.
 */
export function probe(
  engine: Engine,
  transport: Transport,
  delay: number,
  switched: () => void,
): void {
  const { dialect } = engine;
  if (!dialect) return;
  let over = false;

  const send = (signal: Signal) =>
    transport.send(dialect.frame(dialect.encode(signal), transport.line));

  const finish = () => {
    over = true;
    transport.off();
    engine.off("close", closed);
    engine.off("upgrading", overtaken);
  };
  const drop = () => {
    finish();
    transport.close();
  };
  const fail = (why: string) => {
    drop();
    engine.upgrading = false;
    const error = Object.assign(new Error("probe error: " + why), {
      transport: transport.name,
    });
    engine.transport._resume?.();
    engine._call("upgradeError", [error]);
    engine._flush();
  };
  const closed = () => fail("socket closed");
  const overtaken = (by: Transport) => {
    if (by !== transport) drop();
  };

  engine.on("close", closed);
  engine.on("upgrading", overtaken);
  transport
    .on("error", ({ message }) => fail(message))
    .on("close", () => fail("transport closed"))
    .on("open", () => send({ type: "ping", data: "probe" }))
    .once("frame", (frame, line) => {
      // The answer is as short in any dialect; what else comes here is none.
      const [answer] = dialect.unframe(frame, line);
      const [expected] = dialect.encode({ type: "pong", data: "probe" });
      if (answer !== expected) return fail("no answer to the ping");
      engine.upgrading = true;
      engine._call("upgrading", [transport]);
      if (over) return;
      engine.transport.pause(() => {
        if (over) return;
        finish();
        engine._use(transport);
        send({ type: "upgrade" });
        engine.upgrading = false;
        switched();
        engine._call("upgrade", [transport]);
        engine._flush();
      });
    });
  engine._timers.set(() => {
    if (!over) transport.open();
  }, delay);
}
