/**
 * Events that a generation has no words for: the application may give others,
 * and is told once for each namespace when it does not.
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
    try {
      const other = this.ask?.({ name, args, namespace }, dialect);
      if (other !== undefined)
        return { ...event, args: [other.name, ...other.args] };
    } catch (error) {
      this.report(error, { event: name, namespace, socketId: "" });
    }
    this.#tell(name, namespace, dialect.name);
    return undefined;
  }

  #tell(event: string, namespace: string, dialect: string): void {
    const key = `${dialect} ${namespace}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    console.warn(
      `omnio: the event "${event}" of ${namespace} is not sent to clients of ${dialect}, which has no words for it; the option downgrade can give others. Said once for this namespace.`,
    );
  }
}
