/**
 * `SimpleClient`: one namespace, and events are asked for rather than handled.
 * Every call waits until there is a connection, also through reconnections.
 */
import type { Data, DefaultEventsMap, EventsMap } from "../emitter.js";
import type { BaseClient } from "./client.js";
import { DisconnectedError } from "./errors.js";
import type { Inbox, Received } from "./inbox.js";
import type {
  ClientOptions,
  Dynamic,
  SimpleConnectOptions,
} from "./options.js";

export abstract class BaseSimpleClient<
  Listen extends EventsMap = DefaultEventsMap,
  Emit extends EventsMap = Listen,
> {
  private _client: BaseClient<Listen, Emit> | undefined;
  private _inbox: Inbox | undefined;
  private _namespace = "/";
  private _waiting: (() => void)[] = [];

  constructor(private readonly _options: ClientOptions = {}) {}

  protected abstract _createClient(
    options: ClientOptions,
  ): BaseClient<Listen, Emit>;

  /** The id of the socket, while it is connected. */
  get sid(): string | undefined {
    return this._client?.getSid(this._namespace);
  }

  /** What the connection is over now. */
  get transport(): string | undefined {
    return this._client?.transport();
  }

  /**
   * @param url - or a function that is asked for it before each attempt
   * @throws {ConnectionError} there is no connection; the message says what to look at
   */
  async connect(
    url: Dynamic<string>,
    { namespace = "/", ...options }: SimpleConnectOptions = {},
  ): Promise<void> {
    if (this._client)
      throw new DisconnectedError(
        "the client is connected already: disconnect() it first, or make another one",
      );
    const client = this._createClient(this._options);
    this._client = client;
    this._namespace = namespace;
    this._inbox = client._inbox(namespace);
    const wake = () => {
      for (const go of this._waiting.splice(0)) go();
    };
    client.on("connect", wake, { namespace });
    client.on(
      "disconnect_final",
      () => {
        if (this._client === client) this._client = undefined;
        wake();
      },
      { namespace },
    );
    try {
      await client.connect(url, { ...options, namespaces: [namespace] });
    } catch (error) {
      if (this._client === client) this._client = undefined;
      wake();
      throw error;
    }
  }

  /**
   * Sends an event; several values go in `args()`.
   * @throws {DisconnectedError} there is no connection, and there will be none
   */
  async emit(event: string, data?: Data): Promise<void> {
    const client: Loose = await this._connected();
    client.emit(event, data, { namespace: this._namespace });
  }

  /**
   * Sends an event and waits for the answer; after a lost connection it is sent again.
   *
   * @param timeout - in ms. @default 60000
   * @throws {TimeoutError} there is no answer in time
   * @throws {DisconnectedError} there is no connection, and there will be none
   */
  async call(
    event: string,
    data?: Data,
    { timeout }: { timeout?: number } = {},
  ): Promise<Data> {
    for (;;) {
      const client: Loose = await this._connected();
      try {
        return await client.call(event, data, {
          namespace: this._namespace,
          ...(timeout !== undefined && { timeout }),
        });
      } catch (error) {
        if (!(error instanceof DisconnectedError)) throw error;
      }
    }
  }

  /**
   * The next event, with its arguments. Those that came before are kept.
   *
   * @param timeout - in ms; without it, as long as it takes
   * @throws {TimeoutError} there is none in time
   * @throws {DisconnectedError} the connection ended for good
   */
  async receive({ timeout }: { timeout?: number } = {}): Promise<Received> {
    if (!this._inbox) throw notConnected();
    return this._inbox.receive(timeout);
  }

  /** Ends the connection. */
  async disconnect(): Promise<void> {
    const client = this._client;
    this._client = undefined;
    await client?.disconnect();
  }

  private async _connected(): Promise<BaseClient<Listen, Emit>> {
    for (;;) {
      if (!this._client) throw notConnected();
      if (this.sid !== undefined) return this._client;
      await new Promise<void>((go) => this._waiting.push(go));
    }
  }
}

/** Events by any name. */
interface Loose {
  emit(event: string, data: unknown, options: object): void;
  call(event: string, data: unknown, options: object): Promise<Data>;
}

function notConnected(): DisconnectedError {
  return new DisconnectedError(
    "the client is not connected, and will not be by itself: await connect() first",
  );
}
