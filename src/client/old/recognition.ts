/**
 * Old servers greet over HTTP, and say there what transports they have. So when
 * a greeting is theirs, this is where the connection moves to WebSocket, if both
 * ends want that and it works; otherwise it goes on by polling.
 */
import type { Way } from "../../dialects/way.js";
import type { Engine } from "../engine.js";
import {
  recognise,
  type Recogniser,
  type Recognition,
} from "../recognition.js";
import type { Timer } from "../timers.js";
import type { Transport } from "../transport.js";
import { GREETING_LINE } from "./stream.js";
import { WAYS } from "./ways.js";

/** How long a WebSocket may take to open, in ms. */
const PATIENCE = 5_000;

export const recogniseAny: Recogniser = (asker, dialects, known) => {
  const others = recognise(asker, dialects, known);
  // What makes connections is an engine; only tests have something less.
  const engine = asker as Engine;
  // Engine.IO's servers become no older: that is as good as pinned.
  if (known && !WAYS.has(known.protocol)) engine.opts.protocol ??= known.name;
  let moving: Move | undefined;
  return {
    push(frame, line) {
      const dialect = dialects.find((dialect) => {
        return WAYS.has(dialect.protocol) && dialect.recognises(frame);
      });
      const way = WAYS.get(dialect?.protocol);
      if (!dialect || !way) return others.push(frame, line);
      const offer = typeof frame === "string" ? way.offer(frame) : undefined;
      const settle = () => engine._recognised(dialect, [frame], GREETING_LINE);
      if (!offer || !wantsStream(engine, offer.transports)) return settle();
      moving = new Move(engine, way, offer.sid, settle);
    },
    stop() {
      others.stop();
      moving?.stop();
    },
  };
};

function wantsStream(engine: Engine, offered: string): boolean {
  const { opts, transport, _endpoint } = engine;
  if (transport.name === "websocket") return true;
  return (
    opts.upgrade !== false &&
    _endpoint.transports.includes("websocket") &&
    offered.split(",").includes("websocket")
  );
}

/** The move of a session, that nothing was said in yet, to WebSocket. */
class Move implements Pick<Recognition, "stop"> {
  private readonly _next: Transport;
  private readonly _timer: Timer;
  private _over = false;

  constructor(
    private readonly engine: Engine,
    way: Way,
    sid: string,
    settle: () => void,
  ) {
    const next = engine._createTransport("websocket");
    this._next = next;
    next.query.EIO = way.dialect.protocol;
    next.query.sid = sid;
    next
      .on("open", () => {
        this._finish();
        engine._use(next);
        settle();
      })
      .on("error", (error) => this._fail(settle, error))
      .on("close", () => this._fail(settle));
    this._timer = engine._timers.set(() => this._fail(settle), PATIENCE);
    next.open();
  }

  stop(): void {
    if (this._over) return;
    this._finish();
    this._next.close();
  }

  private _finish(): void {
    this._over = true;
    this._next.off();
    this.engine._timers.clear(this._timer);
  }

  private _fail(settle: () => void, error?: Error): void {
    if (this._over) return;
    this.stop();
    const { transport } = this.engine;
    // Polling still has the session.
    if (transport.name !== "websocket") return settle();
    transport._broken(error ?? new Error("websocket error"));
  }
}
