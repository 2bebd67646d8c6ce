/**
 * Who is in which room, and how each of them is connected. News about a room
 * are gathered for a moment and sent once.
 */
import { nameKey } from "../public/rules.js";

/** @typedef {import("../types.d.ts").ChatSocket} ChatSocket */
/** @typedef {import("../types.d.ts").Seat} Seat */

const GATHER = 60;

export class People {
  /** @type {Map<string, Map<string, { socket: ChatSocket, seat: Seat }>>} room, then socket id */
  #rooms = new Map();
  /** @type {Map<string, NodeJS.Timeout>} */
  #news = new Map();
  #onNews;

  /** @param {(room: string) => void} onNews */
  constructor(onNews) {
    this.#onNews = onNews;
  }

  /** @param {string} room @param {ChatSocket} socket @param {Seat} seat */
  enter(room, socket, seat) {
    const present = this.#rooms.get(room) ?? new Map();
    this.#rooms.set(room, present.set(socket.id, { socket, seat }));
    this.changed(room);
  }

  /** @param {string} room @param {ChatSocket} socket */
  leave(room, socket) {
    const present = this.#rooms.get(room);
    if (!present?.delete(socket.id)) return;
    if (present.size === 0) this.#rooms.delete(room);
    this.changed(room);
  }

  /** Who else uses this name in the room. @param {string} room @param {string} name @param {ChatSocket} self */
  holder(room, name, self) {
    const key = nameKey(name);
    for (const entry of this.#rooms.get(room)?.values() ?? []) {
      if (entry.socket !== self && nameKey(entry.seat.name) === key)
        return entry;
    }
    return undefined;
  }

  /** This name, or one like it that is free. @param {string} room @param {string} name @param {ChatSocket} self */
  freeOr(room, name, self) {
    return this.holder(room, name, self)
      ? this.freeName(room, name, self)
      : name;
  }

  /** A name like this one that is free. @param {string} room @param {string} name @param {ChatSocket} self */
  freeName(room, name, self) {
    const stem = name.slice(0, 20).replace(/ \d+$/, "").trim();
    for (let number = 2; ; number += 1) {
      if (!this.holder(room, `${stem} ${number}`, self))
        return `${stem} ${number}`;
    }
  }

  /** @param {string} room */
  list(room) {
    return [...(this.#rooms.get(room)?.values() ?? [])].map(
      ({ socket, seat }) => ({
        id: seat.id,
        name: seat.name,
        transport: socket.conn.transport.name,
        protocol: socket.conn.protocol,
        generations: socket.dialect.generations,
      }),
    );
  }

  /** @param {string} room */
  count(room) {
    return this.#rooms.get(room)?.size ?? 0;
  }

  rooms() {
    return [...this.#rooms.keys()];
  }

  /** @param {string} room */
  changed(room) {
    if (this.#news.has(room)) return;
    const timer = setTimeout(() => {
      this.#news.delete(room);
      this.#onNews(room);
    }, GATHER);
    this.#news.set(room, timer);
  }

  close() {
    for (const timer of this.#news.values()) clearTimeout(timer);
    this.#news.clear();
  }
}
