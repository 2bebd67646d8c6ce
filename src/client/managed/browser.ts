/**
 * `Client` and `SimpleClient` for browsers. The bundles that servers give out
 * are without them.
 */
import { Manager } from "../browser.js";
import type { DefaultEventsMap, EventsMap } from "../emitter.js";
import { clientLogs, watchManager } from "../logs.js";
import type { ManagerOptions } from "../options.js";
import { BaseClient } from "./client.js";
import type { ClientOptions } from "./options.js";
import { BaseSimpleClient } from "./simple-client.js";

/** Tells of each of its connections. */
class WatchedManager extends Manager {
  override open(fn?: (err?: Error) => void): this {
    const logs = clientLogs(this.opts);
    super.open(fn);
    if (logs) watchManager(this, logs);
    return this;
  }
}

export class Client<
  Listen extends EventsMap = DefaultEventsMap,
  Emit extends EventsMap = Listen,
> extends BaseClient<Listen, Emit> {
  protected _createManager(
    uri: string,
    options: Partial<ManagerOptions>,
  ): Manager {
    return new WatchedManager(uri, options);
  }
}

export class SimpleClient<
  Listen extends EventsMap = DefaultEventsMap,
  Emit extends EventsMap = Listen,
> extends BaseSimpleClient<Listen, Emit> {
  protected _createClient(options: ClientOptions): Client<Listen, Emit> {
    return new Client(options);
  }
}
