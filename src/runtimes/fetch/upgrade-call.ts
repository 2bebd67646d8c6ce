/** One request to change to WebSocket, on a runtime that speaks it itself. */
import type {
  HostedDialect,
  HttpAnswer,
  HttpRequest,
  Line,
} from "../../dialects/dialect.js";
import type { OpeningRequest } from "../../server/connection.js";
import type {
  ResponseHeaders,
  StreamListener,
  UpgradeCall,
} from "../../server/http.js";
import type { Carrier } from "../../session/carrier.js";
import type { Outgoing } from "./outgoing.js";
import { clock } from "./platform.js";
import { WireCarrier, type Upgrade } from "./wire.js";

export class FetchUpgradeCall implements UpgradeCall {
  constructor(
    readonly request: OpeningRequest,
    readonly asks: HttpRequest,
    private readonly outgoing: Outgoing,
    private readonly upgrade: Upgrade,
    private readonly maxPayload: number,
    private readonly answered: (response: Response | undefined) => void,
  ) {}

  get remoteAddress(): string {
    return this.request.socket.remoteAddress ?? "";
  }

  get secure(): boolean {
    return "encrypted" in this.request.socket;
  }

  drop(): void {
    this.outgoing.writeHead(400).finish();
  }

  refuse({ status, headers, body }: HttpAnswer): void {
    this.outgoing.writeHead(status, headers).end(new Blob([String(body)]));
  }

  accept(
    dialect: HostedDialect,
    line: Line,
    headers: ResponseHeaders,
    listener: StreamListener,
    opened: (carrier: Carrier | undefined) => void,
  ): void {
    const { outgoing, maxPayload } = this;
    if (outgoing.headersSent) return;
    const after = (ms: number, task: () => void) => clock.after(ms, task);
    const carrier = new WireCarrier(
      { dialect, line, maxPayload, after },
      listener,
      opened,
    );
    // Middlewares that wait for the head of the answer set their headers now.
    outgoing.writeHead(101, headers);
    const answer = this.upgrade(outgoing.webHeaders(), carrier);
    if (answer === undefined) {
      outgoing.writeHead(400).end("This is no request for a WebSocket.");
      opened(undefined);
      return;
    }
    outgoing.headersSent = true;
    this.answered(answer === "taken" ? undefined : answer);
  }
}
