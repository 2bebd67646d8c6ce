/**
 * The tests' end of the link to a driven peer: commands and their answers,
 * and the events of its sockets. A function among the arguments is passed as
 * a number; a call of it comes back as a message, so acknowledgements work in
 * both directions as if the socket were here.
 */
import type { Listener } from "./peer.js";

export type Message = Record<string, unknown>;

interface Waiting {
  resolve: (value: unknown) => void;
  reject: (error: Error) => void;
}

export class Remote {
  readonly #functions: ((...args: unknown[]) => void)[] = [];
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, Map<string, Listener[]>>();
  #commands = 0;
  #lost: Error | undefined;

  constructor(private readonly post: (message: Message) => void) {}

  /** The answer comes when the peer has done it. */
  ask(command: string, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#lost) {
        reject(this.#lost);
        return;
      }
      const id = ++this.#commands;
      this.#waiting.set(id, { resolve, reject });
      this.post({ id, command, args: this.#pack(args) });
    });
  }

  /** Commands are done in their order, so most need not be waited for. */
  tell(command: string, ...args: unknown[]): void {
    this.ask(command, ...args).catch((error: unknown) => {
      console.warn(`The driven peer could not ${command}:`, error);
    });
  }

  on(end: string, event: string, listener: Listener): void {
    const events = this.#listeners.get(end) ?? new Map<string, Listener[]>();
    this.#listeners.set(end, events);
    events.set(event, [...(events.get(event) ?? []), listener]);
  }

  receive(message: Message): void {
    const args = this.#unpack(message["args"]);
    if (typeof message["call"] === "number")
      this.#functions[message["call"]]?.(...args);
    else if (typeof message["done"] === "number")
      this.#settle(message["done"], message);
    else if (typeof message["end"] === "string")
      this.#happened(message["end"], String(message["event"]), args);
  }

  /** The peer is gone: whoever waits for it hears why. */
  lose(error: Error): void {
    this.#lost = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #settle(id: number, { error, value }: Message): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (typeof error === "string") waiting?.reject(new Error(error));
    else waiting?.resolve(value);
  }

  #happened(end: string, event: string, args: unknown[]): void {
    const listeners = this.#listeners.get(end)?.get(event) ?? [];
    for (const listener of listeners) listener(...(args as never[]));
  }

  #pack(values: readonly unknown[]): unknown[] {
    return values.map((value) =>
      typeof value === "function"
        ? {
            "@function":
              this.#functions.push(value as (...args: unknown[]) => void) - 1,
          }
        : value,
    );
  }

  #unpack(values: unknown): unknown[] {
    if (!Array.isArray(values)) return [];
    return values.map((value: unknown) => {
      const number = functionIn(value);
      if (number === undefined) return value;
      return (...args: unknown[]) =>
        this.post({ call: number, args: this.#pack(args) });
    });
  }
}

function functionIn(value: unknown): number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const number: unknown = Reflect.get(value, "@function");
  return typeof number === "number" ? number : undefined;
}
