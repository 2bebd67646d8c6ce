/**
 * Lets the sockets of a server read into one piece of memory, as `onread` does
 * for a socket that connects. Without it Node takes 64 KiB for each read, and
 * copies what came out of it into memory of its own: a tenth of an echo. The
 * switches that `onread` sets are found by what it sets them to. Where they or
 * Node are not, nothing is changed.
 */
import { Socket } from "node:net";
import { isNode } from "../../node/is-node.js";

const chunk = Buffer.allocUnsafeSlow(64 * 1024);

/** What a socket calls, as `this`, with the number of bytes that it has read. */
type Callback = (this: Socket, length: number) => boolean;

interface Handle {
  useUserBuffer(buffer: Buffer): void;
}

const [BUFFER, CALLBACK] = switches();

/** Makes readers of one kind. `take` gets bytes that are valid until it returns. */
export function sharedReader(
  take: (socket: Socket, chunk: Buffer) => void,
): (socket: Socket) => boolean {
  const callback: Callback = function (length) {
    take(this, chunk.subarray(0, length));
    return true;
  };
  /** @returns `false`: the socket reads as it did */
  return (socket: Socket & { _handle?: unknown }) => {
    if (!isNode || BUFFER === undefined || CALLBACK === undefined) return false;
    const { _handle: handle } = socket;
    if (!isHandle(handle)) return false;
    Reflect.set(socket, BUFFER, chunk);
    Reflect.set(socket, CALLBACK, callback);
    handle.useUserBuffer(chunk);
    return true;
  };
}

function switches(): (symbol | undefined)[] {
  const callback = () => true;
  const options = { allowHalfOpen: false, onread: { buffer: chunk, callback } };
  const socket = new Socket(options);
  const names = Object.getOwnPropertySymbols(socket);
  return [chunk, callback].map((value) =>
    names.find((name) => Reflect.get(socket, name) === value),
  );
}

function isHandle(value: unknown): value is Handle {
  return (
    typeof value === "object" &&
    value !== null &&
    "useUserBuffer" in value &&
    typeof value.useUserBuffer === "function"
  );
}
