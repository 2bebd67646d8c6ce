/**
 * The last messages of every room, each room in one JSON file. `append`
 * settles when the message is on disk, so whoever got an answer can rely on
 * it; what arrives while a file is being written shares the next write.
 */
import { LIMITS, LOBBY } from "../public/rules.js";
import { Refusal } from "./checks.mjs";
import { messageOf } from "./folder.mjs";

/** @typedef {import("../types.d.ts").Message} Message */

const MAX_ROOMS = 100;
/** Ids that a room remembers for longer than the messages, to take each once. */
const REMEMBERED_IDS = 500;

class Log {
  /** @type {Message[]} */
  messages = [];
  /** @type {Map<string, Pick<Message, "id" | "seq" | "time">>} */
  taken = new Map();
  seq = 0;
  /** @type {Promise<void>} */
  saved = Promise.resolve();
  /** @type {Promise<void> | undefined} the write that has not started yet */
  waiting;

  constructor(/** @type {string} */ room) {
    this.room = room;
  }

  get file() {
    return `room-${encodeURIComponent(this.room)}.json`;
  }

  get lastTime() {
    return this.messages.at(-1)?.time ?? 0;
  }
}

export class History {
  /** @type {Map<string, Log>} */
  #logs = new Map();
  /** A room that comes back writes after its old file is gone. @type {Map<string, Promise<void>>} */
  #removals = new Map();
  #folder;
  #warned = false;
  /** Called with every message that is forgotten. @type {(message: Message) => void} */
  onForget = () => {};

  /** @param {import("./folder.mjs").Folder} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  async load() {
    for (const name of await this.#folder.names()) {
      if (!/^room-.*\.json$/.test(name)) continue;
      try {
        const { room, seq, messages, taken } = JSON.parse(
          String(await this.#folder.read(name)),
        );
        const log = new Log(room);
        log.seq = seq;
        log.messages = messages;
        for (const entry of taken) log.taken.set(entry.id, entry);
        this.#logs.set(room, log);
      } catch (error) {
        console.warn(
          `${name} could not be read and is left out: ${messageOf(error)}`,
        );
      }
    }
    this.open(LOBBY);
  }

  rooms() {
    return [...this.#logs.keys()];
  }

  /** Makes the room if it is new, at the cost of the quietest one if there are too many. */
  open(/** @type {string} */ room, inUse = everyRoom) {
    if (this.#logs.has(room)) return;
    if (this.#logs.size >= MAX_ROOMS) {
      const [quietest] = [...this.#logs.values()]
        .filter((log) => log.room !== LOBBY && !inUse(log.room))
        .sort((a, b) => a.lastTime - b.lastTime);
      if (!quietest)
        throw new Refusal(
          "full",
          "There are too many rooms; please use another.",
        );
      this.close(quietest.room);
    }
    const log = new Log(room);
    log.saved = this.#removals.get(room) ?? log.saved;
    this.#logs.set(room, log);
  }

  /** Forgets the room. */
  close(/** @type {string} */ room) {
    const log = this.#logs.get(room);
    if (!log) return;
    this.#logs.delete(room);
    for (const message of log.messages) this.onForget(message);
    const removal = (log.waiting ?? log.saved)
      .then(() => this.#folder.remove(log.file))
      .catch(() => {})
      .finally(() => this.#removals.delete(room));
    this.#removals.set(room, removal);
  }

  /** @returns {readonly Message[]} the oldest first */
  recent(/** @type {string} */ room) {
    return this.#logs.get(room)?.messages ?? [];
  }

  find(/** @type {string} */ room, /** @type {string} */ id) {
    return this.recent(room).find((message) => message.id === id);
  }

  /** Whether a message with this id was taken, lately. */
  knows(/** @type {string} */ room, /** @type {string} */ id) {
    return this.#logs.get(room)?.taken.has(id) ?? false;
  }

  /**
   * Takes a message once: a second one with its id changes nothing.
   * @param {Omit<Message, "seq" | "time">} draft
   */
  async append(draft) {
    this.open(draft.room);
    const log = /** @type {Log} */ (this.#logs.get(draft.room));
    const known = log.taken.get(draft.id);
    if (known) {
      await (log.waiting ?? log.saved);
      return { ...known, fresh: undefined };
    }
    const receipt = { id: draft.id, seq: ++log.seq, time: Date.now() };
    const fresh = { ...draft, ...receipt };
    log.messages.push(fresh);
    log.taken.set(receipt.id, receipt);
    trim(log, this.onForget);
    await this.#save(log);
    return { ...receipt, fresh };
  }

  /** Settles when everything is on disk. */
  async settled() {
    await Promise.all(
      [...this.#logs.values()].map((log) => log.waiting ?? log.saved),
    );
  }

  /** @param {Log} log */
  #save(log) {
    log.waiting ??= log.saved.then(() => {
      log.waiting = undefined;
      log.saved = this.#write(log);
      return log.saved;
    });
    return log.waiting;
  }

  /** @param {Log} log */
  async #write(log) {
    const { room, seq, messages, taken } = log;
    try {
      await this.#folder.write(
        log.file,
        JSON.stringify({ room, seq, messages, taken: [...taken.values()] }),
      );
    } catch (error) {
      if (!this.#warned)
        console.warn(`History is not written any more: ${messageOf(error)}`);
      this.#warned = true;
    }
  }
}

/** Whoever does not say which rooms are in use gets none of them removed. @type {(room: string) => boolean} */
const everyRoom = () => true;

/** @param {Log} log @param {(message: Message) => void} forget */
function trim(log, forget) {
  while (log.messages.length > LIMITS.history) {
    const oldest = log.messages.shift();
    if (oldest) forget(oldest);
  }
  for (const id of log.taken.keys()) {
    if (log.taken.size <= REMEMBERED_IDS) break;
    log.taken.delete(id);
  }
}
