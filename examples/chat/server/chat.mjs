/**
 * The chat itself: what happens on each event of a connection. Input is read
 * by checks.mjs and limited by allowance.mjs before anything is done with it.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { LIMITS, LOBBY } from "../public/rules.js";
import { Allowance } from "./allowance.mjs";
import {
  readFetch,
  readJoin,
  readMessage,
  readRoom,
  Refusal,
} from "./checks.mjs";
import { People } from "./people.mjs";
import { seatPlainGuest } from "./plain.mjs";

/** @typedef {import("../types.d.ts").ChatSocket} ChatSocket */
/** @typedef {keyof import("../types.d.ts").ClientToServer} Event */

/**
 * @param {import("../types.d.ts").ChatServer} io
 * @param {import("./history.mjs").History} history
 * @param {import("./shelf.mjs").Shelf} shelf
 * @param {boolean} durable
 */
export function openChat(io, history, shelf, durable) {
  const boot = randomUUID();
  const people = new People((room) => {
    io.to(room).emit("people", { room, people: people.list(room) });
    io.emit("rooms", roomCards());
  });

  function roomCards() {
    const cards = history
      .rooms()
      .map((name) => ({ name, people: people.count(name) }));
    return cards.sort(
      (a, b) => b.people - a.people || a.name.localeCompare(b.name),
    );
  }

  /** @param {ChatSocket} socket @param {unknown} payload */
  async function join(socket, payload) {
    const { room, name, key } = readJoin(payload);
    const { seats } = socket.data;
    if (!seats.has(room) && seats.size >= LIMITS.roomsPerSocket) {
      throw new Refusal(
        "full",
        `One connection is in at most ${LIMITS.roomsPerSocket} rooms.`,
      );
    }
    const holder = people.holder(room, name, socket);
    if (holder) {
      // A page that lost its connection may be back before the server noticed.
      if (key === undefined || holder.seat.key !== key) {
        throw new Refusal("name-taken", `${name} is already in this room.`, {
          suggestion: people.freeName(room, name, socket),
        });
      }
      dismiss(holder.socket, room, "You are here in another window now.");
    }
    history.open(room, (other) => people.count(other) > 0);
    const seat = {
      id: seats.get(room)?.id ?? randomBytes(6).toString("hex"),
      name,
      key,
    };
    seats.set(room, seat);
    people.enter(room, socket, seat);
    await socket.join(room);
    return {
      room,
      name,
      history: [...history.recent(room)],
      people: people.list(room),
    };
  }

  /** @param {ChatSocket} socket @param {string} room @param {string} reason */
  function dismiss(socket, room, reason) {
    socket.data.seats.delete(room);
    people.leave(room, socket);
    void socket.leave(room);
    socket.emit("left", { room, reason });
  }

  /** @param {ChatSocket} socket @param {unknown} payload */
  function leave(socket, payload) {
    const room = readRoom(payload);
    socket.data.seats.delete(room);
    people.leave(room, socket);
    void socket.leave(room);
    if (history.recent(room).length === 0 && people.count(room) === 0)
      history.close(room);
    return {};
  }

  /** @param {ChatSocket} socket @param {unknown} payload @param {Allowance} allowance */
  async function message(socket, payload, allowance) {
    const { room, id, text, file } = readMessage(payload);
    const { name } = seatIn(socket, room);
    if (file && !history.knows(room, id)) {
      allowance.spend("bytes", file.bytes.length);
      await shelf.put(id, file.bytes);
    }
    const card = file && { file: file.card };
    const { fresh, seq, time } = await history.append({
      id,
      room,
      name,
      text,
      ...card,
    });
    if (fresh) io.to(room).emit("message", fresh);
    return { id, seq, time };
  }

  /** @param {ChatSocket} socket @param {unknown} payload */
  function typing(socket, payload) {
    const room = readRoom(payload);
    const { name } = seatIn(socket, room);
    socket.volatile.to(room).emit("typing", { room, name });
    return {};
  }

  /** @param {ChatSocket} socket @param {unknown} payload */
  async function file(socket, payload) {
    if (!socket.dialect.can.binary)
      throw new Refusal(
        "no-binary",
        "Files are binary, and this generation of Socket.IO has no words for that.",
      );
    const { room, id } = readFetch(payload);
    seatIn(socket, room);
    const data = history.find(room, id)?.file && (await shelf.get(id));
    if (!data) throw new Refusal("gone", "This file is no longer kept.");
    return { data };
  }

  /** A recovered connection has its rooms back; the people list has to learn it. @param {ChatSocket} socket */
  function resume(socket) {
    for (const [room, seat] of socket.data.seats) {
      const holder = people.holder(room, seat.name, socket);
      if (holder && holder.seat.key !== seat.key) {
        dismiss(socket, room, `Somebody else is called ${seat.name} here now.`);
        continue;
      }
      if (holder)
        dismiss(holder.socket, room, "You are here in another window now.");
      history.open(room, (other) => people.count(other) > 0);
      people.enter(room, socket, seat);
    }
  }

  io.on("connection", (socket) => {
    const allowance = new Allowance();
    socket.data.seats ??= new Map();
    if (socket.recovered) resume(socket);
    const { can, generations, protocol } = socket.dialect;
    socket.on("disconnect", () => {
      for (const room of socket.data.seats.keys()) people.leave(room, socket);
    });
    if (!can.events) {
      const name = people.freeOr(LOBBY, "Guest", socket);
      seatPlainGuest(socket, name, {
        join: (payload) => {
          allowance.spend("join");
          return join(socket, payload);
        },
        say: (payload) => {
          allowance.spend("message");
          return message(socket, payload, allowance);
        },
      });
      return;
    }
    socket.emit("welcome", { boot, protocol, generations, durable });
    socket.emit("rooms", roomCards());

    socket.conn.on("upgrade", () => {
      for (const room of socket.data.seats.keys()) people.changed(room);
    });
    for (const [event, handle] of Object.entries({
      join,
      leave,
      message,
      typing,
      file,
    })) {
      const name = /** @type {Event} */ (event);
      socket.on(name, (/** @type {unknown[]} */ ...args) => {
        void answer(args, () => {
          allowance.spend(name);
          return handle(socket, args[0], allowance);
        });
      });
    }
  });

  return { close: () => people.close() };
}

/** @param {ChatSocket} socket @param {string} room */
function seatIn(socket, room) {
  const seat = socket.data.seats.get(room);
  if (!seat) throw new Refusal("not-joined", `Join the room ${room} first.`);
  return seat;
}

/**
 * Runs a handler and tells its result to a client that asked for it.
 * @param {unknown[]} args
 * @param {() => object | Promise<object>} handle
 */
async function answer(args, handle) {
  const last = args.at(-1);
  const reply = typeof last === "function" ? last : () => {};
  try {
    const result = await handle();
    reply({ ok: true, ...result });
  } catch (error) {
    if (error instanceof Refusal) {
      reply({
        ok: false,
        error: { code: error.code, message: error.message, ...error.more },
      });
    } else {
      console.error(error);
      const message = "Something went wrong on the server.";
      reply({ ok: false, error: { code: "internal", message } });
    }
  }
}
