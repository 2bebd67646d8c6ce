/**
 * What the page knows: rooms, their messages and their people. It has no
 * elements and no connection; it tells `onChange` when something changed.
 */

/** @typedef {import("../types.d.ts").Message} Message */
/** @typedef {import("../types.d.ts").Person} Person */

/**
 * A message as shown: its own ones exist before the server has taken them.
 * @typedef {Omit<Message, "seq"> & {
 *   seq: number, state: "pending" | "sent" | "failed", own: boolean, why?: string, blob?: Blob
 * }} Shown
 */

/** @typedef {{ id: string, after: number, text: string }} Note */

const KEPT = 200;
const TYPING_SHOWN = 4000;
/** Whoever reloads a page, or comes back after the server, did not leave. */
const AWAY = 9000;

export class Room {
  joined = false;
  /** @type {Map<string, Shown>} */
  messages = new Map();
  /** @type {Note[]} */
  notes = [];
  /** @type {Person[]} */
  people = [];
  /** @type {Map<string, NodeJS.Timeout | number>} */
  typing = new Map();
  unread = 0;
  /** The first message that came while nobody looked. @type {string | undefined} */
  firstUnread;
  /** @type {Map<string, NodeJS.Timeout | number>} */
  #leaving = new Map();
  /** @type {Set<string> | undefined} */
  #names;
  #noteCount = 0;

  /** @param {string} name @param {() => void} onChange */
  constructor(name, onChange) {
    this.name = name;
    this.onChange = onChange;
  }

  get lastSeq() {
    return Math.max(
      0,
      ...[...this.messages.values()]
        .map(({ seq }) => seq)
        .filter(Number.isFinite),
    );
  }

  /** The server's messages by place, then what waits, in the order of writing. */
  timeline() {
    const shown = [...this.messages.values()];
    return shown.sort((a, b) =>
      a.seq === b.seq ? a.time - b.time : a.seq - b.seq,
    );
  }

  /**
   * Adds a message from the server, or completes the one that the page has.
   * @param {Message} message
   * @param {boolean} own
   * @returns {boolean} whether it is new here
   */
  take(message, own) {
    const known = this.messages.get(message.id);
    this.messages.set(message.id, {
      ...message,
      state: "sent",
      own: known?.own ?? own,
      blob: known?.blob,
    });
    this.stopTyping(message.name);
    if (this.messages.size > KEPT) {
      const [oldest] = this.timeline();
      if (oldest) this.messages.delete(oldest.id);
    }
    this.onChange();
    return !known;
  }

  /** @param {Omit<Shown, "seq" | "state" | "own">} draft */
  write(draft) {
    this.messages.set(draft.id, {
      ...draft,
      seq: Infinity,
      state: "pending",
      own: true,
    });
    this.onChange();
  }

  /** @param {string} id @param {Partial<Shown>} news */
  update(id, news) {
    const known = this.messages.get(id);
    if (known) this.messages.set(id, { ...known, ...news });
    this.onChange();
  }

  /** @param {string} id */
  remove(id) {
    this.messages.delete(id);
    this.onChange();
  }

  /** @param {Person[]} people @param {string} self the page's own name */
  setPeople(people, self) {
    const names = new Set(people.map((person) => person.name));
    const before = this.#names;
    if (before) {
      for (const name of names)
        if (!before.has(name) && name !== self) this.#arrived(name);
      for (const name of before)
        if (!names.has(name) && name !== self) this.#left(name);
    }
    this.#names = names;
    this.people = people;
    this.onChange();
  }

  /** The connection is lost: nobody left, we just do not see them. */
  loseSight() {
    this.joined = false;
    this.people = [];
    for (const name of [...this.typing.keys()]) this.stopTyping(name);
    this.onChange();
  }

  /** @param {string} name */
  #arrived(name) {
    if (this.#leaving.has(name)) {
      clearTimeout(this.#leaving.get(name));
      this.#leaving.delete(name);
    } else {
      this.note(`${name} joined`);
    }
  }

  /** @param {string} name */
  #left(name) {
    this.stopTyping(name);
    const timer = setTimeout(() => {
      this.#leaving.delete(name);
      this.note(`${name} left`);
    }, AWAY);
    this.#leaving.set(name, timer);
  }

  /** @param {string} text */
  note(text) {
    this.#noteCount += 1;
    this.notes.push({
      id: `note-${this.#noteCount}`,
      after: this.lastSeq,
      text,
    });
    if (this.notes.length > 30) this.notes.shift();
    this.onChange();
  }

  /** @param {string} name */
  startTyping(name) {
    clearTimeout(this.typing.get(name));
    this.typing.set(
      name,
      setTimeout(() => this.stopTyping(name), TYPING_SHOWN),
    );
    this.onChange();
  }

  /** @param {string} name */
  stopTyping(name) {
    if (!this.typing.has(name)) return;
    clearTimeout(this.typing.get(name));
    this.typing.delete(name);
    this.onChange();
  }

  read() {
    this.unread = 0;
  }
}
