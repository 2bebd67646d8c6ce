/**
 * The move to a better transport: open it beside the current one, see that a
 * ping gets through, let the current one come to rest, and switch.
 */
import { ProtocolError } from "../dialects/packet.js";
import type { Engine } from "./engine.js";
import type { Transport } from "./transport.js";

/** Tries one transport; `switched` is called with it when it has taken over. */
export function probe(
  engine: Engine,
  transport: Transport,
  delay: number,
  switched: () => void,
): void {
  const dialect = engine.dialect!;
  let over = false;

  const send = (item: { type: "ping"; data: string } | { type: "upgrade" }) =>
    transport.send(dialect.frame(dialect.encode(item), transport.line));

  const finish = () => {
    over = true;
    transport.off();
    engine.off("close", onClose);
    engine.off("upgrading", onUpgrading);
  };
  const giveUp = (why: unknown) => {
    if (over) return;
    finish();
    transport.close();
    engine.upgrading = false;
    const error = new Error(
      "probe error: " + String(why instanceof Error ? why.message : why),
    );
    engine._emit(
      "upgradeError",
      Object.assign(error, { transport: transport.name }),
    );
    engine._flush();
  };
  const onClose = () => giveUp("socket closed");
  // Another one was faster.
  const onUpgrading = (to: Transport) => {
    if (to === transport || over) return;
    finish();
    transport.close();
  };

  engine.on("close", onClose);
  engine.on("upgrading", onUpgrading);
  transport
    .on("error", giveUp)
    .on("close", () => giveUp("transport closed"))
    .on("open", () => send({ type: "ping", data: "probe" }))
    .once("frame", (frame) => {
      try {
        const answer = dialect
          .decoder({ maxPayload: Infinity, maxAttachments: 0 })
          .push(frame);
        if (answer?.type !== "pong" || answer.data !== "probe")
          throw new ProtocolError("engine", "no answer to the probe");
      } catch (error) {
        return giveUp(error);
      }
      engine.upgrading = true;
      engine._emit("upgrading", transport);
      if (over) return;
      engine.transport.pause(() => {
        if (over || engine.readyState === "closed") return;
        finish();
        engine._use(transport);
        send({ type: "upgrade" });
        engine.upgrading = false;
        switched();
        engine._emit("upgrade", transport);
        engine._flush();
      });
    });
  engine._timers.set(() => {
    if (!over) transport.open();
  }, delay);
}
