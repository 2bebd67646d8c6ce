/**
 * Clients that ask for one generation and speak another: they are told by the
 * first ping, and served as what they are from then on. Which generations may
 * be meant, and whom to doubt, is for the dialects to say.
 */
import { LINES, type HostedDialect, type Knock } from "../dialects/dialect.js";
import { behind } from "../dialects/host.js";
import type { Hello } from "../dialects/packet.js";
import type { Carrier } from "../session/carrier.js";
import type { Beat } from "../session/heartbeat.js";
import type { Conn } from "./conn.js";

export class Misnamed {
  /** The true greetings of those who have been given another. */
  readonly #greetings = new WeakMap<Conn, Hello>();

  constructor(private readonly welcome: readonly HostedDialect[]) {}

  /**
   * The greeting for somebody who may be another. Clients that do not ping wait
   * for the sum of the two times, which stays as it is.
   */
  greeting(conn: Conn, hello: Hello, { pingSoon }: Knock): Hello {
    const { pingInterval, pingTimeout } = hello;
    if (
      pingSoon === undefined ||
      pingSoon >= pingInterval ||
      behind(conn.dialect, this.welcome) === undefined
    )
      return hello;
    this.#greetings.set(conn, hello);
    return {
      ...hello,
      pingInterval: pingSoon,
      pingTimeout: pingInterval - pingSoon + pingTimeout,
    };
  }

  /**
   * A client has pinged that must not: nobody does so who has asked for the
   * root namespace, or has moved here from polls. `true`: it is served as what
   * it is.
   */
  recognise(conn: Conn, said: Beat, carrier: Carrier | undefined): boolean {
    const { session, listener } = conn;
    const dialect = behind(conn.dialect, this.welcome);
    if (
      dialect === undefined ||
      said.type !== "ping" ||
      said.data !== undefined ||
      carrier?.line !== LINES.websocket ||
      conn.upgraded ||
      listener?.isRooted !== false
    )
      return false;
    session.kind = session.kind.as(dialect);
    session.beats = 0;
    const hello = this.#greetings.get(conn);
    // It goes by the times of the latest greeting.
    if (hello !== undefined) session.sendSignal({ type: "open", hello });
    listener.misnamed();
    return true;
  }
}
