/**
 * What either end accepts in the first two bytes of a frame (RFC 6455, section
 * 5.2): everything that can be judged before the length is known.
 */
import { MAX_CONTROL_PAYLOAD, OPCODE } from "./protocol.js";

/**
 * What is wrong, in a sentence. `inMessage`: a fragmented message is under way;
 * `fromClient`: the frame is a client's, and not a server's.
 */
export function headerFault(
  first: number,
  second: number,
  inMessage: boolean,
  fromClient: boolean,
): string | undefined {
  if ((first & 0x70) !== 0) {
    return "A reserved bit is set, and no extension was agreed on.";
  }
  if (second < 0x80 === fromClient) {
    return fromClient
      ? "The frame is not masked; a client must mask its frames."
      : "The frame is masked; a server must not mask its frames.";
  }
  const opcode = first & 0x0f;
  if (opcode >= OPCODE.close) {
    return controlFault(opcode, first >= 0x80, second & 0x7f);
  }
  if (opcode > OPCODE.binary) return `There is no opcode ${opcode}.`;
  if (opcode === OPCODE.continuation) {
    return inMessage
      ? undefined
      : "A continuation came, and no message had begun.";
  }
  return inMessage
    ? "A new message came before the fragmented one had ended."
    : undefined;
}

function controlFault(
  opcode: number,
  fin: boolean,
  length: number,
): string | undefined {
  if (opcode > OPCODE.pong) return `There is no opcode ${opcode}.`;
  if (!fin) return "A control frame must not be fragmented.";
  if (length > MAX_CONTROL_PAYLOAD) {
    return `A control frame carries at most ${MAX_CONTROL_PAYLOAD} bytes.`;
  }
  if (opcode === OPCODE.close && length === 1) {
    return "A close code has two bytes, not one.";
  }
  return undefined;
}
