/**
 * The sockets of one client by namespace. Nearly every client is in one, and a
 * map for that one would be 230 bytes of an idle connection.
 */
import type { Socket } from "./socket.js";

export class Joined {
  #only: Socket | undefined = undefined;
  /** In use as soon as a second namespace is joined. */
  #all: Map<string, Socket> | undefined = undefined;

  get size(): number {
    if (this.#all !== undefined) return this.#all.size;
    return this.#only === undefined ? 0 : 1;
  }

  get(nsp: string): Socket | undefined {
    if (this.#all !== undefined) return this.#all.get(nsp);
    return this.#only?.nsp.name === nsp ? this.#only : undefined;
  }

  has(nsp: string): boolean {
    return this.get(nsp) !== undefined;
  }

  add(socket: Socket): void {
    if (this.size === 0 && this.#all === undefined) this.#only = socket;
    else {
      this.#all ??= new Map(this.values().map((one) => [one.nsp.name, one]));
      this.#all.set(socket.nsp.name, socket);
      this.#only = undefined;
    }
  }

  delete(socket: Socket): void {
    if (this.get(socket.nsp.name) !== socket) return;
    this.#only = undefined;
    this.#all?.delete(socket.nsp.name);
  }

  clear(): void {
    this.#only = undefined;
    this.#all = undefined;
  }

  /** A list of its own, in the order in which they joined. */
  values(): Socket[] {
    if (this.#all !== undefined) return [...this.#all.values()];
    return this.#only === undefined ? [] : [this.#only];
  }
}
