/**
 * The numbers of RFC 6455: opcodes (section 5.2) and close codes (section 7.4
 * and the IANA registry).
 */

export const OPCODE = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

/** The largest payload of a control frame, in bytes. */
export const MAX_CONTROL_PAYLOAD = 125;

export const CLOSE = {
  normal: 1000,
  protocolError: 1002,
  /** Never sent: the peer's close frame had no code. */
  noCode: 1005,
  /** Never sent: the connection went away without a close frame. */
  abnormal: 1006,
  invalidText: 1007,
  policy: 1008,
  tooBig: 1009,
} as const;

/** Whether a close frame may carry this code. */
export function isSendableCloseCode(code: number): boolean {
  return (
    (code >= 1000 &&
      code <= 1014 &&
      code !== 1004 &&
      code !== 1005 &&
      code !== 1006) ||
    (code >= 3000 && code <= 4999)
  );
}
