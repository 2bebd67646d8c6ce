/**
 * One broadcast that waits for answers. It is over when all servers have said
 * how many receivers they have, and each of those has answered or is gone; or
 * when its time is up.
 */
import type {
  AdapterInstance,
  AdapterPacket,
  BroadcastOptions,
} from "./adapter.js";
import type { Any } from "./typed-events.js";

export class BroadcastAck {
  readonly #responses: unknown[] = [];
  #expectedServers = Infinity;
  #servers = 0;
  #expectedClients = 0;
  #gone = 0;
  #invalid: Error | undefined = undefined;
  #done = false;
  #cancelTimeout: (() => void) | undefined = undefined;

  constructor(
    private readonly adapter: AdapterInstance,
    private readonly packet: AdapterPacket,
    private readonly opts: BroadcastOptions,
    private readonly callback: (error: Error | null, responses: Any) => unknown,
  ) {
    const take = (response: unknown) => {
      this.#responses.push(response);
      this.#check();
    };
    const invalid = (error: Error) => {
      this.#invalid ??= error;
      this.#gone++;
      this.#check();
    };
    adapter.broadcastWithAck(
      packet,
      opts,
      (clients) => {
        this.#servers++;
        this.#expectedClients += clients;
        this.#check();
      },
      this.#nsp._checkAnswer?.(String(packet.data[0]), take, invalid) ?? take,
      () => {
        this.#gone++;
        this.#check();
      },
    );
    void adapter.serverCount().then(
      (count) => {
        this.#expectedServers = count;
        this.#check();
      },
      (error: unknown) => this.#finish(asError(error)),
    );
    const timeout = opts.flags?.timeout;
    if (timeout !== undefined)
      this.#cancelTimeout = this.#nsp.server._runtime.clock.after(timeout, () =>
        this.#finish(new Error("operation has timed out")),
      );
  }

  get #nsp() {
    return this.adapter.nsp as import("./namespace.js").Namespace;
  }

  #check(): void {
    if (
      this.#servers >= this.#expectedServers &&
      this.#responses.length + this.#gone >= this.#expectedClients
    )
      this.#finish(
        this.#gone === 0
          ? null
          : (this.#invalid ??
              new Error(
                `${this.#gone} of ${this.#expectedClients} sockets have been disconnected before they answered`,
              )),
      );
  }

  #finish(error: Error | null): void {
    if (this.#done) return;
    this.#done = true;
    this.#cancelTimeout?.();
    const { id } = this.packet;
    if (error !== null && id !== undefined)
      for (const socket of this.#nsp.sockets.values()) socket._forgetAck(id);
    const single = this.opts.flags?.expectSingleResponse === true;
    const answers =
      single && error !== null
        ? null
        : single
          ? this.#responses[0]
          : this.#responses;
    this.#nsp._attempt(String(this.packet.data[0]), () =>
      this.callback(error, answers),
    );
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
