/**
 * `ws`'s frame parser as the oracle: what it hears in a stream of bytes. It is
 * exported by `ws`, though its types do not say so.
 */
import type { Writable } from "node:stream";
import * as ws from "ws";
import { toHex, type Heard } from "./support.js";

type ReceiverClass = new (options: {
  isServer: boolean;
  maxPayload?: number;
}) => Writable;

const isReceiverClass = (value: unknown): value is ReceiverClass =>
  typeof value === "function" && value.name === "Receiver";

/** The close code that an error of `ws` carries under a symbol. */
function codeOf(error: object): number {
  const [code] = Object.getOwnPropertySymbols(error)
    .filter((key) => key.description === "status-code")
    .map((key): unknown => Reflect.get(error, key));
  return Number(code);
}

/** What `ws` hears as the server, or as a client. */
export async function heardByWs(
  bytes: Uint8Array,
  options: { isServer: boolean; maxPayload?: number },
): Promise<Heard[]> {
  const Receiver: unknown = Reflect.get(ws, "Receiver");
  if (!isReceiverClass(Receiver)) throw new Error("ws exports no Receiver");
  const heard: Heard[] = [];
  const receiver = new Receiver(options);
  receiver.on("message", (data: Buffer, isBinary: boolean) =>
    heard.push(isBinary ? ["binary", toHex(data)] : ["text", data.toString()]),
  );
  receiver.on("ping", (data: Buffer) => heard.push(["ping", toHex(data)]));
  receiver.on("pong", (data: Buffer) => heard.push(["pong", toHex(data)]));
  receiver.on("conclude", (code: number, reason: Buffer) =>
    heard.push(["close", code, reason.toString()]),
  );
  receiver.on("error", (error) => heard.push(["error", codeOf(error)]));
  // The error, if there is one, is emitted in a tick of its own.
  await new Promise<void>((done) => {
    receiver.write(Buffer.from(bytes), () => setImmediate(done));
  });
  receiver.destroy();
  return heard;
}
