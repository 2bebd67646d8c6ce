/**
 * Reads the body of a request within a limit. Most come in one piece whose
 * length the head has told, and are there before the stream has said its end.
 */
import type { IncomingMessage } from "node:http";
import type { Body, BodyLimits } from "../../server/http.js";

/** `done` is called once; nothing above the limits is kept. */
export function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  done: (body: Body) => void,
): void {
  const announced = Number(request.headers["content-length"]);
  if (announced > limits.bytes) return done("too large");
  let gathered: Gathered | undefined;
  let over = false;
  // The listeners stay: taking them off costs more than to ask this.
  const finish = (body: Body) => {
    if (over) return;
    over = true;
    done(body);
  };
  request.on("data", (chunk: Buffer) => {
    if (over) return;
    if (chunk.length === announced && ownsItsMemory(chunk)) {
      finish(chunk);
      return;
    }
    gathered ??= new Gathered();
    if (gathered.size + chunk.length > limits.bytes) return finish("too large");
    gathered.add(chunk);
    if (gathered.pieces > limits.chunks) return finish("too many chunks");
    // Node lets no more than was announced pass for this body.
    if (gathered.size === announced) finish(gathered.bytes);
  });
  // What ends before that has been cut off.
  if (!(announced > 0))
    request.on("end", () => finish(gathered?.bytes ?? new Uint8Array()));
  request.on("close", () => finish("aborted"));
}

/** It is no part of something that was read together with it. */
function ownsItsMemory(chunk: Buffer): boolean {
  return chunk.length === chunk.buffer.byteLength;
}

/**
 * A body that arrives in pieces. Copied, as each piece is an object many times
 * the size of a chunk of one byte, and may hold on to all that was read with it.
 */
class Gathered {
  size = 0;
  pieces = 0;
  #buffer: Buffer = Buffer.alloc(0);

  get bytes(): Buffer {
    return this.#buffer.subarray(0, this.size);
  }

  add(piece: Buffer): void {
    const needed = this.size + piece.length;
    if (needed > this.#buffer.length) {
      // Most bodies come in one piece.
      const larger = Buffer.alloc(this.size === 0 ? needed : needed * 2);
      this.bytes.copy(larger);
      this.#buffer = larger;
    }
    piece.copy(this.#buffer, this.size);
    this.pieces++;
    this.size = needed;
  }
}
