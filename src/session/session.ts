/**
 * One connection's life, whatever it travels on: the handshake, the heartbeat,
 * the change of carrier, the queue, and the one way out. A pure state machine:
 * it reads its dialect's policy, time is an argument, the next deadline a value.
 */
import type { Decoder, HostedDialect, Line } from "../dialects/dialect.js";
import { Outgoing } from "../dialects/outgoing.js";
import {
  ProtocolError,
  type Hello,
  type Packet,
  type Signal,
  type Unit,
} from "../dialects/packet.js";
import { UNSENT, type Backlog } from "./backlog.js";
import { POLICY, type Carrier } from "./carrier.js";
import type { Deadlined } from "./deadlines.js";
import type { KeptDecoder } from "./decoders.js";
import { endBroken, lastWords } from "./endings.js";
import type { Beat, Beating } from "./heartbeat.js";
import type { Ending, SessionHost } from "./host.js";
import type { SessionKind } from "./kind.js";
import { OwnDecoder } from "./own-decoder.js";
import type { Reason } from "./reasons.js";
import { Presence } from "./presence.js";
import { NOOP_INTERVAL, Upgrade } from "./upgrade.js";

export class Session implements Deadlined, Beating {
  place: number | undefined = undefined;
  beatAt = 0;
  beats = 0;
  phase: "opening" | "open" | "closing" | "closed" = "opening";
  #carrier: Carrier | undefined = undefined;
  #stream = false;
  #upgrade: Upgrade | undefined = undefined;
  /** Its own only while there is something to remember. */
  #outbox: Backlog;
  /** Not lent, as it waits for attachments, or is the application's. */
  #decoder: KeptDecoder | undefined = undefined;
  /** On a stream there is nothing to know. */
  #presence: Presence | undefined = undefined;

  constructor(
    public kind: SessionKind,
    private readonly host: SessionHost,
    now: number,
  ) {
    this.#outbox = kind.nothing;
    kind.heartbeat.begin(this, now);
  }

  get dialect(): HostedDialect {
    return this.kind.dialect;
  }

  get deadline(): number {
    if (this.phase === "closed") return Infinity;
    const upgradeBy = this.#upgrade?.expiresAt ?? Infinity;
    if (this.phase === "closing")
      return Math.min(this.#presence?.lingerUntil ?? Infinity, upgradeBy);
    return Math.min(
      this.beatAt,
      this.#decoder?.by ?? Infinity,
      this.#presence?.at ?? Infinity,
      upgradeBy,
    );
  }

  /** It has left polling for a carrier that stays. */
  get streaming(): boolean {
    return this.#stream;
  }

  /** A poll is held, or the stream is there. */
  get attached(): boolean {
    return this.#carrier !== undefined;
  }

  get upgrading(): boolean {
    return this.#upgrade !== undefined;
  }

  /** The client polls no more, and has not said yet that the stream is its carrier. */
  get inTransit(): boolean {
    return this.#upgrade?.probed === true && this.#carrier === undefined;
  }

  /** The carrier could take a packet at once. */
  get writable(): boolean {
    return this.#carrier?.writable === true;
  }

  /** Packets that no carrier has taken yet. */
  get queue(): readonly Outgoing[] {
    return this.#outbox.packets;
  }

  /** Bytes that wait here, and those that the carrier could not pass on yet. */
  get bufferedBytes(): number {
    return this.#outbox.bytes + this.#unsent;
  }

  /** So much waits that one should send no more before `drained` was called. */
  get isHigh(): boolean {
    if (!this.#outbox.isHigh(this.#unsent)) return false;
    if (this.phase === "open") this.#ownOutbox().wasHigh = true;
    return true;
  }

  /** Greets the peer. Without a carrier, the peer was greeted apart and comes back with one. */
  open(hello: Hello, carrier: Carrier | undefined, now: number): void {
    this.phase = "open";
    const { dialect, decoders } = this.kind;
    if (dialect.ownDecoders)
      this.#decoder = new OwnDecoder(decoders.borrow(dialect), this, this.host);
    if (carrier === undefined) {
      this.kind.heartbeat.ride(this, true, now);
      this.#away().claim(now);
    } else {
      this.#ride(carrier, now);
      this.sendSignal({ type: "open", hello });
    }
    this.host.hurry();
  }

  /** A new carrier of a session that lives: the next poll, another stream, or one to change to. */
  attach(carrier: Carrier, now: number): void {
    const { change } = this.dialect.link;
    if (this.phase === "closed") carrier.close();
    else if (change === "replace") this.#replace(carrier, now);
    else if (carrier.once) {
      if (this.#stream || this.#carrier) carrier.close();
      else this.#hold(carrier, now);
    } else if (
      this.phase !== "open" ||
      this.#stream ||
      this.#upgrade !== undefined
    ) {
      carrier.close();
    } else {
      this.#upgrade = new Upgrade(
        carrier,
        now + this.kind.times.upgradeTimeout,
      );
      this.host.probing(carrier);
      this.host.hurry();
    }
  }

  /** A carrier is gone without being asked. */
  detach(
    carrier: Carrier,
    reason: Reason,
    now: number,
    description?: unknown,
  ): void {
    if (this.#upgrade?.candidate === carrier) {
      this.#upgrade = undefined;
    } else if (this.#carrier === carrier) {
      this.#carrier = undefined;
      if (this.phase === "open" && this.#away().lose(carrier.once, now)) {
        this.kind.heartbeat.ride(this, true, now);
        this.host.hurry();
      } else this.end(reason, now, { description, discard: true });
    }
  }

  /** A frame arrived on a stream. */
  receive(frame: Unit, from: Carrier, now: number): void {
    if (this.#carrier === from) this.accept(frame, from.line, now);
    else if (this.#upgrade?.candidate === from)
      this.#probe(frame, this.#upgrade, now);
  }

  /** A frame arrived by itself: the body of a POST. */
  accept(frame: Unit, line: Line, now: number): void {
    // The client closes, too: nobody will ask for the rest.
    if (
      this.phase === "closing" &&
      this.kind.readAlone(frame, line)?.type === "close"
    )
      this.#finish();
    if (this.phase !== "open") return;
    try {
      for (const unit of this.dialect.unframe(frame, line)) {
        this.host.tap?.(unit);
        const item = this.#decode(unit, now);
        if (item !== undefined) this.#hear(item, now);
        // A handler may have ended the session.
        if (this.#over) return;
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      endBroken(this, this.host, error, now);
    }
  }

  sendSignal(signal: Signal): void {
    const outgoing = new Outgoing(this.dialect.encode(signal));
    if (this.phase !== "open" || outgoing.units.length === 0) return;
    this.#begin().push(outgoing);
  }

  /** `false`: dropped, as the line is busy or the queue full, or the session is over. */
  send(outgoing: Outgoing): boolean {
    // A dialect has no words for some things, and then there is nothing to send.
    if (this.phase !== "open" || outgoing.units.length === 0) return false;
    if (outgoing.volatile && !this.writable) return false;
    const outbox = this.#begin();
    // What the kernel takes at once is not the peer's backlog.
    if (
      outgoing.whenSlow !== "disconnect" &&
      !outbox.hasRoom(outgoing, this.#unsent) &&
      this.#carrier?.once === false
    )
      this.#write(this.#carrier);
    return outbox.add(outgoing, this.#unsent);
  }

  /** Gives what is queued to the carrier. */
  flush(now: number): void {
    if (this.phase === "open" && this.#outbox.isTooSlow(this.#unsent, now)) {
      const words = "slow consumer";
      return this.end(words, now, { discard: true, code: POLICY, words });
    }
    const carrier = this.#carrier;
    if (carrier?.once === false) this.#write(carrier);
    else if (carrier !== undefined && this.#outbox.length > 0) {
      const payload = this.#outbox.takePayload();
      this.#carrier = undefined;
      const awaited = this.#away().answered(now);
      carrier.write(payload);
      this.host.flushed(payload);
      if (awaited) this.host.hurry();
    }
    if (this.#outbox.wasHigh) this.#tellDrained();
    this.#outbox = this.kind.giveBack(this.#outbox);
  }

  /** To be called when the deadline has come. */
  tick(now: number): void {
    if ((this.#upgrade?.expiresAt ?? Infinity) <= now) this.#dropCandidate();
    if (this.phase === "closing") {
      if ((this.#presence?.lingerUntil ?? now) <= now) this.abandon();
      return;
    }
    const presence = this.#presence;
    if (presence !== undefined && presence.pollUntil <= now)
      this.#releasePoll(now);
    if (presence !== undefined && presence.awayUntil <= now)
      this.end("transport close", now, { discard: true });
    if (this.#decoder !== undefined && this.#decoder.by <= now) {
      const error = new ProtocolError("packet", "missing attachments");
      endBroken(this, this.host, error, now);
    }
    if (this.beatAt <= now) {
      const { heartbeat } = this.kind;
      if (heartbeat.due(this, now) === "ping")
        this.sendSignal({ type: "ping", data: heartbeat.data(this) });
      else this.end("ping timeout", now, { discard: true });
    }
  }

  /**
   * The one way out, with one reason. What is queued still goes, unless
   * `discard`: on a stream at once, otherwise with the next poll or when the
   * client has changed to the stream that it has probed. `code` goes where the
   * carrier has a place for it (RFC 6455 section 7.4).
   */
  end(reason: Reason, now: number, how: Ending = {}): void {
    if (this.phase !== "open") return;
    this.phase = "closing";
    if (this.#upgrade?.probed === false) this.#dropCandidate();
    if (how.discard) this.#outbox.takeAll();
    this.host.ended(reason, how.description);
    if ((this.#stream && this.#carrier) || how.discard) {
      this.#finish(how);
    } else {
      this.#away().lingerUntil = now + this.kind.times.linger;
      this.#closePoll(now);
      this.host.hurry();
    }
    this.#decoder?.decoder.destroy?.();
  }

  /**
   * Gives a polling client what is left, and the close packet in a payload of
   * its own: clients of 4.x hear of the engine's close before they hear of the
   * Socket.IO packets beside it, and would take a disconnection for a lost line.
   */
  #closePoll(now: number, late = false): void {
    // Nobody has to come for an end that there are no words for.
    const silent = this.dialect.encode({ type: "close" }).length === 0;
    if (this.#outbox.length === 0 && (this.#carrier || silent))
      this.#finish({ late });
    else this.flush(now);
  }

  /** Waits no longer for somebody to fetch what is left after the end. */
  abandon(): void {
    if (this.phase === "closing") this.#finish();
  }

  #away(): Presence {
    return (this.#presence ??= new Presence(this.dialect.link));
  }

  get #unsent(): number {
    return this.#carrier === undefined ? 0 : this.#carrier.bufferedBytes;
  }

  /** Something is about to be queued. */
  #begin(): Backlog {
    const outbox = this.#ownOutbox();
    if (outbox.begin(this.#unsent)) this.host.dirty();
    return outbox;
  }

  #ownOutbox(): Backlog {
    return (this.#outbox = this.kind.lend(this.#outbox, this.host));
  }

  /** Gives a stream all that waits, unless it has not passed on enough of what it was given. */
  #write(stream: Carrier): void {
    if (this.#outbox.length === 0) return;
    if (stream.bufferedBytes > UNSENT && !stream.writable)
      return this.#await(stream);
    const batch = this.#outbox.takeAll();
    stream.write(batch);
    this.host.flushed(batch);
  }

  #await(stream: Carrier): void {
    const outbox = this.#ownOutbox();
    if (outbox.awaited === stream) return;
    outbox.awaited = stream;
    stream.onceDrained(() => {
      if (outbox.awaited === stream) outbox.awaited = undefined;
      if (this.#carrier === stream) this.host.dirty();
    });
  }

  #tellDrained(): void {
    const stream = this.#carrier;
    if (stream !== undefined && stream.bufferedBytes > UNSENT)
      return this.#await(stream);
    if (this.#outbox.length > 0) return;
    this.#outbox.wasHigh = false;
    this.host.drained();
  }

  // A getter, as the compiler would otherwise believe that calls cannot change the phase.
  get #over(): boolean {
    return this.phase !== "open";
  }

  #hear(item: Packet | Signal, now: number): void {
    switch (item.type) {
      case "ping":
      case "pong":
        return this.#beat(item, now);
      case "close":
        return this.end("transport close", now, { discard: true, heard: true });
      case "open":
      case "upgrade":
      case "noop":
      case "receipt":
        this.kind.heartbeat.other(this, now);
        return;
      default:
        this.kind.heartbeat.other(this, now);
        if (item.type === "event" && item.receipt !== undefined)
          this.sendSignal({ type: "receipt", nsp: item.nsp, id: item.receipt });
        this.host.packet(item);
    }
  }

  #decode(unit: Unit, now: number): Packet | Signal | undefined {
    const { dialect, decoders } = this.kind;
    const decoder = this.#decoder?.decoder ?? decoders.borrow(dialect);
    const item = decoder.push(unit);
    if (dialect.ownDecoders) {
      if (item === undefined) this.kind.heartbeat.other(this, now);
    } else if (item === undefined) this.#awaitAttachments(decoder, now);
    else if (!decoder.pending) {
      this.#decoder = undefined;
      decoders.giveBack(dialect, decoder);
    }
    return item;
  }

  #beat(said: Beat, now: number): void {
    const { heartbeat } = this.kind;
    const what = heartbeat.hear(this, said, now);
    if (what === "wrong") {
      if (this.host.misnamed(said, this.#carrier)) return this.#beat(said, now);
      const description = new Error("invalid heartbeat direction");
      return this.end("transport error", now, { description, discard: true });
    }
    // Once until the answer has left: who pings and does not read fills no queue.
    if (what === "answer" && !this.#outbox.hasPong)
      this.#begin().pushPong(
        new Outgoing(this.dialect.encode({ ...said, type: heartbeat.answer })),
      );
    this.host.hurry();
    this.host.heartbeat();
  }

  /**
   * A packet is not complete. Whoever is silent for as long as it may be is
   * taken for dead; whoever only beats meanwhile keeps our memory as well.
   */
  #awaitAttachments(decoder: Decoder, now: number): void {
    this.kind.heartbeat.other(this, now);
    const { pingInterval, pingTimeout } = this.kind.times;
    this.#decoder = { decoder, by: now + pingInterval + pingTimeout };
    this.host.hurry();
  }

  #probe(frame: Unit, upgrade: Upgrade, now: number): void {
    const { candidate } = upgrade;
    const item = this.kind.readAlone(frame, candidate.line);
    switch (upgrade.read(item)) {
      case "probe":
        candidate.write([
          new Outgoing(this.dialect.encode({ type: "pong", data: "probe" })),
        ]);
        this.#releasePoll(now);
        return;
      case "switch":
        this.#upgrade = undefined;
        this.#releasePoll(now);
        this.#ride(candidate, now);
        if (this.phase === "closing") return this.#finish();
        this.host.moved(candidate);
        this.flush(now);
        return;
      case "wrong":
        this.#dropCandidate();
    }
  }

  #dropCandidate(): void {
    const upgrade = this.#upgrade;
    this.#upgrade = undefined;
    upgrade?.candidate.close();
  }

  /** Lets a held poll end. */
  #releasePoll(now: number): void {
    if (this.#carrier?.once !== true) return;
    if (this.#outbox.length === 0) this.sendSignal({ type: "noop" });
    this.flush(now);
  }

  /** The carrier is the session's from now on. */
  #ride(carrier: Carrier, now: number): void {
    this.#carrier = carrier;
    this.#stream = !carrier.once;
    if (carrier.once) this.#away().arrive(now);
    else this.#presence = undefined;
    this.kind.heartbeat.ride(this, carrier.once, now);
    this.host.rides(carrier);
  }

  #hold(poll: Carrier, now: number): void {
    this.#ride(poll, now);
    if (this.#upgrade?.probed === true)
      this.#away().answerBy(now + NOOP_INTERVAL);
    if (this.phase === "closing") this.#closePoll(now, true);
    else this.flush(now);
    if (this.#away().pollUntil < Infinity) this.host.hurry();
  }

  /** Whoever comes last is the client; what it came with before is let go. */
  #replace(carrier: Carrier, now: number): void {
    const before = this.#carrier;
    if (before?.once === true)
      before.write([new Outgoing(this.dialect.encode({ type: "noop" }))]);
    else before?.close();
    if (carrier.once) return this.#hold(carrier, now);
    this.#ride(carrier, now);
    if (this.phase === "closing") return this.#finish();
    this.flush(now);
    this.host.hurry();
  }

  /** Writes what is left and lets the carrier go. */
  #finish(how: Ending = {}): void {
    const carrier = this.#carrier;
    this.#carrier = undefined;
    this.phase = "closed";
    this.#dropCandidate();
    const waiting = this.#outbox.takeAll();
    const last = lastWords(this.dialect, waiting, carrier?.once === true, how);
    if (last.length > 0) carrier?.write(last);
    carrier?.close(how.code, how.words);
    this.host.gone();
  }
}
