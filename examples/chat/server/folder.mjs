/**
 * The folder that outlives the server: a few small files, each replaced in one
 * step. Without a usable folder everything still works, in memory only.
 */
import {
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export class Folder {
  /** @type {string | undefined} Where it is; none: memory only. */
  path;
  /** @type {Map<string, Uint8Array | string>} */
  #memory = new Map();

  /**
   * @param {number} port so that two demos on one machine do not share a history
   * @param {string} [wanted] instead of a folder below the system's temporary one
   */
  static async open(port, wanted) {
    const folder = new Folder();
    const user = process.getuid?.() ?? "user";
    const home = wanted ?? join(tmpdir(), `omnio-chat-${user}`);
    try {
      await mkdir(home, { recursive: true, mode: 0o700 });
      if (wanted === undefined) await refuseForeign(home);
      const path = wanted ?? join(home, String(port));
      await mkdir(path, { recursive: true, mode: 0o700 });
      folder.path = path;
    } catch (error) {
      console.warn(`History is kept in memory only: ${messageOf(error)}`);
    }
    return folder;
  }

  async names() {
    return this.path ? readdir(this.path) : [...this.#memory.keys()];
  }

  /**
   * @param {string} name
   * @returns {Promise<Uint8Array | undefined>} nothing if there is no such file
   */
  async read(name) {
    if (!this.path) {
      const kept = this.#memory.get(name);
      return typeof kept === "string" ? Buffer.from(kept) : kept;
    }
    return readFile(join(this.path, name)).catch(() => undefined);
  }

  /**
   * The file is either the old or the new one, never half of it.
   * @param {string} name
   * @param {Uint8Array | string} content
   */
  async write(name, content) {
    if (!this.path) {
      this.#memory.set(name, content);
      return;
    }
    const draft = join(this.path, `${name}.new`);
    await writeFile(draft, content, { mode: 0o600 });
    await rename(draft, join(this.path, name));
  }

  /** @param {string} name */
  async remove(name) {
    if (!this.path) this.#memory.delete(name);
    else await rm(join(this.path, name), { force: true });
  }
}

/** The temporary folder is shared: somebody else may have made ours first. @param {string} path */
async function refuseForeign(path) {
  const facts = await lstat(path);
  const own = process.getuid === undefined || facts.uid === process.getuid();
  if (!facts.isDirectory() || !own) {
    throw new Error(
      `${path} belongs to somebody else; set CHAT_DATA to another folder.`,
    );
  }
}

/** @param {unknown} error */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
