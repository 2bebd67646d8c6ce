/**
 * A session with carriers and a clock that the test moves by hand.
 */
import { eio4 } from "../../src/dialects/index.js";
import {
  type HostedDialect,
  LINES,
  type Line,
} from "../../src/dialects/dialect.js";
import { Outgoing, type SlowConsumer } from "../../src/dialects/outgoing.js";
import type { Packet, Unit } from "../../src/dialects/packet.js";
import type { Carrier } from "../../src/session/carrier.js";
import { Deadlines } from "../../src/session/deadlines.js";
import type { QueueBounds } from "../../src/session/backlog.js";
import type { SessionHost } from "../../src/session/host.js";
import { Decoders } from "../../src/session/decoders.js";
import { SessionKind } from "../../src/session/kind.js";
import { Session } from "../../src/session/session.js";

export const TIMES = {
  pingInterval: 1000,
  pingTimeout: 500,
  upgradeTimeout: 300,
  linger: 3000,
};

export const UNBOUNDED: QueueBounds = {
  maxBufferedBytes: Infinity,
  maxBufferedPackets: Infinity,
  slowConsumerGrace: 0,
};

/** Remembers what was written to it, framed as the peer would see it. */
export class FakeCarrier implements Carrier {
  bufferedBytes = 0;
  readonly written: Unit[] = [];
  readonly #drained: (() => void)[] = [];
  closed = false;
  /** What it was closed with. */
  words: [code?: number, reason?: string] = [];
  writable = true;

  constructor(
    readonly dialect: HostedDialect,
    readonly line: Line,
    readonly once: boolean,
  ) {}

  get name(): string {
    return this.once ? "polling" : "websocket";
  }

  onceDrained(task: () => void): void {
    this.#drained.push(task);
  }

  /** The kernel takes what is buffered. */
  drain(): void {
    this.bufferedBytes = 0;
    this.writable = true;
    for (const task of this.#drained.splice(0)) task();
  }

  /** The kernel takes nothing, and this much is there. */
  stall(bytes: number): void {
    this.bufferedBytes = bytes;
    this.writable = false;
  }

  write(batch: readonly Outgoing[]): void {
    const units = batch.flatMap((outgoing) => outgoing.units);
    this.written.push(...this.dialect.frame(units, this.line));
  }

  close(...words: [code?: number, reason?: string]): void {
    this.closed = true;
    this.words = words;
  }
}

export class Rig {
  now = 0;
  readonly dialect: HostedDialect;
  readonly session: Session;
  readonly packets: Packet[] = [];
  readonly log: string[] = [];
  readonly dropped: string[] = [];
  readonly deadlines = new Deadlines();

  constructor(
    make: () => HostedDialect = eio4,
    bounds: QueueBounds = UNBOUNDED,
    decoders = new Decoders({ maxPayload: 1e6, maxAttachments: 10 }),
    kind = new SessionKind(make(), decoders, TIMES, bounds),
  ) {
    this.dialect = kind.dialect;
    const host: SessionHost = {
      packet: (packet) => this.packets.push(packet),
      now: () => this.now,
      malformed: (error) => this.log.push(`malformed: ${error.message}`),
      ended: (reason) => this.log.push(`ended: ${reason}`),
      gone: () => this.log.push("gone"),
      dirty: () => {},
      hurry: () => this.deadlines.watch(this.session),
      heartbeat: () => this.log.push("heartbeat"),
      misnamed: () => false,
      rides: () => {},
      probing: () => this.log.push("probing"),
      moved: () => this.log.push("moved"),
      flushed: () => {},
      dropped: (outgoing) => this.dropped.push(String(outgoing.units[0])),
      drained: () => this.log.push("drained"),
      tap: undefined,
    };
    this.session = new Session(kind, host, this.now);
  }

  poll(): FakeCarrier {
    return new FakeCarrier(this.dialect, LINES.pollingText, true);
  }

  stream(): FakeCarrier {
    return new FakeCarrier(this.dialect, LINES.websocket, false);
  }

  /** Opens the session, on a carrier or to be greeted apart, and lets the greeting out. */
  open(carrier: FakeCarrier): FakeCarrier;
  open(carrier: undefined): undefined;
  open(carrier: FakeCarrier | undefined): FakeCarrier | undefined {
    this.session.open(
      { sid: "id", upgrades: [], pingInterval: 1000, pingTimeout: 500 },
      carrier,
      this.now,
    );
    this.session.flush(this.now);
    if (carrier !== undefined) carrier.written.length = 0;
    return carrier;
  }

  attach(carrier: FakeCarrier): FakeCarrier {
    this.session.attach(carrier, this.now);
    return carrier;
  }

  receive(frame: Unit, from: FakeCarrier): void {
    this.session.receive(frame, from, this.now);
    this.session.flush(this.now);
  }

  post(frame: Unit): void {
    this.session.accept(frame, LINES.pollingText, this.now);
    this.session.flush(this.now);
  }

  say(
    text: string,
    options: { volatile?: boolean; whenSlow?: SlowConsumer } = {},
  ): boolean {
    const taken = this.session.send(
      new Outgoing(
        this.dialect.encode({ type: "event", nsp: "/", args: [text] }),
        options.volatile ?? false,
        true,
        false,
        options.whenSlow,
      ),
    );
    return taken;
  }

  /** Lets time pass, with every deadline on the way. */
  pass(ms: number): void {
    const until = this.now + ms;
    while (this.deadlines.next <= until) {
      this.now = Math.max(this.now, this.deadlines.next);
      this.deadlines.run(this.now);
      this.session.flush(this.now);
    }
    this.now = until;
  }

  /** Moves the session from polling to a stream. */
  upgrade(): FakeCarrier {
    const stream = this.attach(this.stream());
    this.receive("2probe", stream);
    this.receive("5", stream);
    stream.written.length = 0;
    return stream;
  }
}
