/** A TCP connection as bytes, in latin1, for conversations that no client library speaks any more. */
import { connect, type Socket } from "node:net";
import { within } from "../rig.js";

export class Line {
  readonly #socket: Socket;
  #received = "";
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(port: number) {
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.setEncoding("latin1");
    this.#socket.setNoDelay(true);
    this.#socket.on("error", () => undefined);
    this.#socket.on("data", (text: string) => {
      this.#received += text;
      this.#wake();
    });
    for (const event of ["end", "close"])
      this.#socket.on(event, () => {
        this.#ended = true;
        this.#wake();
      });
  }

  /** Resolves when the system has taken it. */
  write(bytes: string): Promise<void> {
    return new Promise((resolve) => {
      this.#socket.write(bytes, "latin1", () => resolve());
    });
  }

  /** Everything up to the end of this, without what was read before. */
  async until(mark: string): Promise<string> {
    const at = () => this.#received.indexOf(mark);
    await this.#when(
      () => at() !== -1,
      () => `${JSON.stringify(mark)}, came ${JSON.stringify(this.#received)}`,
    );
    return this.#take(at() + mark.length);
  }

  /** The next so many bytes. */
  async bytes(count: number): Promise<string> {
    await this.#when(
      () => this.#received.length >= count,
      () => `${count} bytes, came ${JSON.stringify(this.#received)}`,
    );
    return this.#take(count);
  }

  /** What is left when the other end has closed. */
  async rest(): Promise<string> {
    await this.#when(
      () => this.#ended,
      () => `the end, came ${JSON.stringify(this.#received)}`,
    );
    return this.#take(this.#received.length);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  #take(count: number): string {
    const taken = this.#received.slice(0, count);
    this.#received = this.#received.slice(count);
    return taken;
  }

  #when(condition: () => boolean, meaning: () => string): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      this.#wake = () => {
        if (condition()) resolve();
      };
      this.#wake();
    });
    return within(reached, meaning);
  }
}
