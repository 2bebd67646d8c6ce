/** A raw connection after its upgrade. */
import type { Exchange } from "../raw.js";
import { within } from "../rig.js";

/** Waits for the 101 and, unless `more` is 0, for the first bytes behind it. */
export async function switched(
  exchange: Exchange,
  more = 1,
): Promise<Exchange> {
  await until(exchange, () => {
    const end = exchange.received().indexOf("\r\n\r\n");
    return end >= 0 && exchange.received().length >= end + 4 + more;
  });
  return exchange;
}

export function receives(exchange: Exchange, words: string): Promise<void> {
  return until(exchange, () => exchange.received().includes(words));
}

function until(exchange: Exchange, done: () => boolean): Promise<void> {
  return within(
    new Promise<void>((resolve) => {
      const look = (): void => {
        if (done()) resolve();
      };
      exchange.socket.on("data", look);
      look();
    }),
    "bytes on the upgraded connection",
  );
}

/** A short text frame from a client; a mask of zeros changes nothing. */
export function masked(text: string): Buffer {
  const data = Buffer.from(text);
  return Buffer.concat([
    Buffer.from([0x81, 0x80 | data.length, 0, 0, 0, 0]),
    data,
  ]);
}
