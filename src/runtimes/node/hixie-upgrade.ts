/**
 * Opens a WebSocket of the drafts hixie-75 and hixie-76 on a Node socket: the
 * head of the answer at once, the proof when the client's nonce is there, and
 * only then the connection.
 */
import type {
  AcceptedHixie,
  Challenge,
} from "../../carriers/websocket/hixie-handshake.js";
import type { WebSocketHandler } from "../../carriers/websocket/carrier.js";
import {
  HixieCarrier,
  type HixieKind,
} from "../../carriers/websocket/hixie-carrier.js";
import { hangUp } from "./hang-up.js";
import { clock, md5 } from "./platform.js";
import { SocketStream } from "./socket-stream.js";
import type { Upgrade, UpgradeOutcome } from "./websockets.js";

/** How long the nonce may be on its way, in ms. */
const NONCE_TIMEOUT = 10_000;

/**
 * @param answer what the request was answered with; `lines` has the application's headers as well
 * @param outcome hears of a refusal if the client leaves before it has shown its nonce
 */
export function openHixie(
  { socket, head }: Pick<Upgrade, "socket" | "head">,
  { lines, challenge }: Pick<AcceptedHixie, "lines" | "challenge">,
  kind: HixieKind,
  handler: WebSocketHandler,
  outcome: Pick<UpgradeOutcome, "accepted" | "refused">,
): void {
  let carrier: HixieCarrier | undefined;
  const cancel = clock.after(NONCE_TIMEOUT, () => socket.destroy());
  const begin = (rest: Uint8Array) => {
    cancel();
    carrier = new HixieCarrier(new SocketStream(socket), kind, handler);
    outcome.accepted(carrier);
    carrier.receive(rest);
  };
  const prove = (asked: Challenge, chunk: Uint8Array) => {
    const taken = asked.take(chunk);
    if (!asked.complete) return;
    try {
      socket.write(asked.proof(md5));
    } catch {
      // A Node.js in FIPS mode knows no MD5.
      socket.destroy();
      return;
    }
    begin(chunk.subarray(taken));
  };
  const receive = (chunk: Uint8Array) => {
    if (carrier !== undefined) carrier.receive(chunk);
    else if (challenge === undefined) begin(chunk);
    else prove(challenge, chunk);
  };

  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    cancel();
    if (carrier !== undefined) carrier.lost();
    else
      outcome.refused({
        status: 400,
        headers: {},
        body: "The client left before the WebSocket was open.",
        compress: false,
      });
  });
  socket.on("end", () => {
    carrier?.lost();
    hangUp(socket);
  });
  socket.on("data", receive);
  socket.write(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
  receive(head);
}
