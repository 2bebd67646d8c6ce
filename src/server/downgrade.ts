/**
 * Events that a generation has no words for: the application may give others or
 * say that there are none. Where nobody decides, it is told once for each
 * namespace.
 */
import type { HostedDialect } from "../dialects/dialect.js";
import type { EventPacket } from "../dialects/packet.js";
import type { HandlerErrorContext, ServerOptions } from "./options.js";

export class Downgrade {
  readonly #told = new Set<string>();

  constructor(
    private readonly ask: ServerOptions["downgrade"],
    private readonly report: (
      error: unknown,
      context: HandlerErrorContext,
    ) => void,
  ) {}

  /** Another event in place of this one, or none. */
  other(event: EventPacket, dialect: HostedDialect): EventPacket | undefined {
    const { nsp: namespace } = event;
    const [name, ...args] = event.args;
    if (this.ask === undefined) {
      this.#tell(name, namespace, dialect.generations.join(", "));
      return undefined;
    }
    try {
      const other = this.ask({ name, args, namespace }, dialect);
      if (other !== undefined)
        return { ...event, args: [other.name, ...other.args] };
    } catch (error) {
      this.report(error, { event: name, namespace, socketId: "" });
    }
    return undefined;
  }

  #tell(event: string, namespace: string, generations: string): void {
    const key = `${generations} ${namespace}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    console.warn(
      `omnio: the event "${event}" of ${namespace} is not sent to clients of Socket.IO ${generations}, which have no words for it; the option downgrade can give others. Said once for this namespace.`,
    );
  }
}
