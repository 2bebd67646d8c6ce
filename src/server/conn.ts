/**
 * One connection: the session and what it rides on, seen from the public API.
 * Users know it as `socket.conn`, the socket of Engine.IO.
 */
import { EventEmitter } from "node:events";
import type { HostedDialect } from "../dialects/dialect.js";
import { Outgoing } from "../dialects/outgoing.js";
import type { Hello, Packet, ProtocolError, Unit } from "../dialects/packet.js";
import { POLICY, type Carrier } from "../session/carrier.js";
import type { Beat } from "../session/heartbeat.js";
import type { Reason } from "../session/reasons.js";
import type { SessionHost } from "../session/host.js";
import type { SessionKind } from "../session/kind.js";
import { Session } from "../session/session.js";
import type { Admitted } from "./admissions.js";
import { makeTableLater } from "./listener-table.js";
import type { StreamListener } from "./http.js";
import type { Counters, LimitReport } from "./limits.js";
import type { Pulse } from "./pulse.js";
import type {
  Connection,
  ConnectionListener,
  Opening,
  OpeningRequest,
} from "./connection.js";

/** Events that cost something for each packet, so they are made only if somebody listens. */
const PER_PACKET: ReadonlySet<string | symbol> = new Set([
  "packet",
  "packetCreate",
  "data",
  "message",
  "flush",
  "drain",
]);

/** A packet as users of Engine.IO know it. */
export interface EnginePacket {
  readonly type: string;
  readonly data?: Unit;
  readonly options: { readonly compress: boolean; readonly volatile?: boolean };
}

/** The engine that a connection belongs to. */
export interface ConnEngine extends EventEmitter {
  readonly pulse: Pulse;
  /** Somebody listens to `flush` or `drain` of all connections. */
  readonly observed: boolean;
  readonly counters: Counters;
  /** See `SessionHost`. */
  misnamed(conn: Conn, said: Beat, carrier: Carrier | undefined): boolean;
  /** The client has joined a namespace. */
  joined(conn: Conn): void;
  /** Nothing more will come of it. */
  gone(conn: Conn): void;
}

/** What is known of a connection when it knocks. */
export interface Arrival {
  readonly id: string;
  readonly kind: SessionKind;
  readonly opening: Opening;
  readonly remoteAddress: string;
  readonly secure: boolean;
}

export class Conn
  extends EventEmitter
  implements Connection, SessionHost, StreamListener, Admitted
{
  readonly id: string;
  readonly remoteAddress: string;
  readonly secure: boolean;
  readonly session: Session;
  listener: ConnectionListener | undefined = undefined;
  /** It began with polling and has changed to a stream. */
  upgraded = false;
  /** To be called when the client that was greeted apart comes with its first carrier. */
  arriving: (() => void) | undefined = undefined;
  /** A POST is being read; the function gives up on it. */
  posting: (() => void) | undefined = undefined;
  /** Somebody listens to what comes with each packet. */
  tap: ((unit: Unit) => void) | undefined = undefined;
  /** Its name, until somebody asks for more. */
  #transport: Transport | string = "polling";
  #ended: [reason: Reason, description: unknown] | undefined = undefined;
  readonly #engine: ConnEngine;
  readonly #opening: Opening;

  constructor(arrival: Arrival, engine: ConnEngine) {
    super();
    // Of an idle connection this was 180 bytes.
    makeTableLater(this);
    this.id = arrival.id;
    this.#opening = arrival.opening;
    this.remoteAddress = arrival.remoteAddress;
    this.secure = arrival.secure;
    this.#engine = engine;
    this.session = new Session(arrival.kind, this, engine.pulse.now());
  }

  get dialect(): HostedDialect {
    return this.session.dialect;
  }

  get readyState(): "opening" | "open" | "closing" | "closed" {
    return this.session.phase;
  }

  /** The Engine.IO revision: 3 or 4. For old generations, what they called theirs. */
  get protocol(): number {
    return this.dialect.protocol;
  }

  get request(): OpeningRequest {
    return this.#opening.request;
  }

  get transport(): Transport {
    const transport = this.#transport;
    if (typeof transport !== "string") return transport;
    return (this.#transport = new Transport(this, transport));
  }

  get upgrading(): boolean {
    return this.session.upgrading;
  }

  /** What waits to be written, in the form that Engine.IO users know. */
  get writeBuffer(): EnginePacket[] {
    return this.session.queue.flatMap((outgoing) =>
      describe(this.dialect, outgoing),
    );
  }

  get bufferedAmount(): number {
    return this.session.bufferedBytes;
  }

  get isHigh(): boolean {
    return this.session.isHigh;
  }

  now(): number {
    return this.#engine.pulse.now();
  }

  open(hello: Hello, carrier: Carrier | undefined): void {
    this.#opening.layAside?.();
    this.session.open(hello, carrier, this.now());
  }

  deliver(outgoing: Outgoing): void {
    if (!this.session.send(outgoing) || this.tap === undefined) return;
    for (const packet of describe(this.dialect, outgoing))
      this.emit("packetCreate", packet);
  }

  /** Sends a bare message, below Socket.IO. `callback` runs when the carrier has it. */
  send(
    data: Unit,
    options: { compress?: boolean } = {},
    callback?: () => void,
  ): this {
    if (callback !== undefined) this.once("flush", () => callback());
    this.deliver(
      new Outgoing([this.dialect.wrap(data)], false, options.compress ?? true),
    );
    return this;
  }

  /** The same as `send`. */
  write(
    data: Unit,
    options?: { compress?: boolean },
    callback?: () => void,
  ): this {
    return this.send(data, options, callback);
  }

  close(discard = false): void {
    // The clients of the reference fall silent, until they take the server for
    // dead, if the stream that they stopped polling for is closed before they
    // have changed to it. They do so in a moment.
    const cut = discard && !this.session.inTransit;
    this.session.end("forced close", this.now(), { discard: cut });
    if (cut) this.session.abandon();
  }

  evict(words: string): void {
    const how = { discard: true, code: POLICY, words };
    this.session.end("forced close", this.now(), how);
  }

  joined(): void {
    this.#engine.joined(this);
  }

  limited(
    report: Omit<LimitReport, "address" | "connection">,
    again = false,
  ): void {
    this.#engine.counters.limited[report.limit]++;
    if (again) return;
    const { remoteAddress: address } = this;
    this.#engine.emit("limit", { ...report, address, connection: this });
  }

  // A stream speaks.

  frame(unit: Unit, from: Carrier): void {
    this.session.receive(unit, from, this.now());
  }

  closed(code: number, reason: string, from: Carrier): void {
    const now = this.now();
    this.session.detach(from, "transport close", now, { code, reason });
  }

  error(error: Error, from: Carrier): void {
    this.session.detach(from, "transport error", this.now(), error);
  }

  // The session speaks.

  packet(packet: Packet): void {
    this.listener?.packet(packet);
  }

  malformed(error: ProtocolError): void {
    this.listener?.malformed(error);
  }

  ended(reason: Reason, description?: unknown): void {
    if (reason === "slow consumer") this.#engine.counters.slowConsumers++;
    this.#ended = [reason, description];
    const { listener } = this;
    this.listener = undefined;
    listener?.closed(reason, description);
  }

  gone(): void {
    this.posting?.();
    this.#engine.gone(this);
    this.emit("close", ...(this.#ended ?? []));
  }

  dropped(): void {
    this.#engine.counters.droppedPackets++;
  }

  drained(): void {
    this.listener?.drained();
  }

  dirty(): void {
    this.#engine.pulse.dirty(this.session);
  }

  hurry(): void {
    this.#engine.pulse.hurry(this.session);
  }

  heartbeat(): void {
    this.emit("heartbeat");
  }

  misnamed(said: Beat, carrier: Carrier | undefined): boolean {
    return this.#engine.misnamed(this, said, carrier);
  }

  rides({ name }: Carrier): void {
    const transport = this.#transport;
    if (typeof transport === "string" || transport.name !== name)
      this.#transport = name;
    const { arriving } = this;
    this.arriving = undefined;
    arriving?.();
  }

  probing(carrier: Carrier): void {
    this.emit("upgrading", new Transport(this, carrier.name));
  }

  moved(): void {
    this.upgraded = true;
    this.emit("upgrade", this.transport);
  }

  flushed(batch: readonly Outgoing[]): void {
    if (this.tap === undefined && !this.#engine.observed) return;
    const buffer = batch.flatMap((outgoing) =>
      describe(this.dialect, outgoing),
    );
    this.emit("flush", buffer);
    this.#engine.emit("flush", this, buffer);
    this.emit("drain");
    this.#engine.emit("drain", this);
  }

  // Emitters tell of new listeners in an event of their own; overriding is cheaper.

  override on(...args: Parameters<EventEmitter["on"]>): this {
    observe(this, args[0]);
    return super.on(...args);
  }

  override addListener(...args: Parameters<EventEmitter["on"]>): this {
    return this.on(...args);
  }

  override prependListener(...args: Parameters<EventEmitter["on"]>): this {
    observe(this, args[0]);
    return super.prependListener(...args);
  }
}

function describe(
  dialect: HostedDialect,
  { units, compress, volatile }: Outgoing,
): EnginePacket[] {
  return units.map((unit) => ({
    ...dialect.describe(unit),
    options: volatile ? { compress, volatile } : { compress },
  }));
}

/** A function, as with a private method each connection has one field more. */
function observe(conn: Conn, event: string | symbol): void {
  if (conn.tap !== undefined || !PER_PACKET.has(event)) return;
  conn.tap = (unit) => {
    const packet = conn.dialect.describe(unit);
    conn.emit("packet", packet);
    if (packet.type !== "message") return;
    conn.emit("data", packet.data);
    conn.emit("message", packet.data);
  };
}

/** What users know as `socket.conn.transport`. */
export class Transport {
  constructor(
    readonly conn: Conn,
    /** `polling` or `websocket`. */
    readonly name: string,
  ) {}

  /** It could take a packet at once. */
  get writable(): boolean {
    return this.conn.session.writable;
  }

  get sid(): string {
    return this.conn.id;
  }

  get protocol(): number {
    return this.conn.protocol;
  }

  get readyState(): string {
    return this.conn.readyState;
  }
}
