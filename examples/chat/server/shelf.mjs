/**
 * The bytes of the files in the chat, kept as long as their messages and never
 * more than a fixed amount: the oldest go first.
 */
const BUDGET = 64 * 1024 * 1024;

export class Shelf {
  /** @type {Map<string, number>} sizes by message id, the oldest first */
  #sizes = new Map();
  #total = 0;
  #folder;

  /** @param {import("./folder.mjs").Folder} folder */
  constructor(folder) {
    this.#folder = folder;
  }

  /**
   * Takes up the files of earlier runs and removes those nobody knows.
   * @param {readonly import("../types.d.ts").Message[]} messages
   */
  async load(messages) {
    const present = new Set(await this.#folder.names());
    for (const { id, file } of [...messages].sort((a, b) => a.time - b.time)) {
      if (file && present.delete(fileOf(id))) this.#note(id, file.size);
    }
    for (const name of present) {
      if (name.startsWith("file-")) await this.#folder.remove(name);
    }
  }

  /** @param {string} id @param {Uint8Array} bytes */
  async put(id, bytes) {
    if (this.#sizes.has(id)) return;
    this.#note(id, bytes.length);
    await this.#folder.write(fileOf(id), bytes);
    for (const oldest of this.#sizes.keys()) {
      if (this.#total <= BUDGET) break;
      await this.drop(oldest);
    }
  }

  /** @param {string} id */
  async get(id) {
    return this.#sizes.has(id) ? this.#folder.read(fileOf(id)) : undefined;
  }

  /** @param {string} id */
  async drop(id) {
    const size = this.#sizes.get(id);
    if (size === undefined) return;
    this.#sizes.delete(id);
    this.#total -= size;
    await this.#folder.remove(fileOf(id));
  }

  /** @param {string} id @param {number} size */
  #note(id, size) {
    this.#sizes.set(id, size);
    this.#total += size;
  }
}

/** Ids are UUIDs in lower case, so they are safe as file names. @param {string} id */
function fileOf(id) {
  return `file-${id}`;
}
