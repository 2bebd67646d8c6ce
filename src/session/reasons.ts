/**
 * Why a session ended: the words that users of the reference know
 * (socket.io 4.8, `DisconnectReason`), and one of ours.
 */
export type Reason =
  | "transport error"
  | "transport close"
  | "forced close"
  | "ping timeout"
  | "parse error"
  | "server shutting down"
  | "forced server close"
  | "client namespace disconnect"
  | "server namespace disconnect"
  /** More waits for the client than `maxBufferedBytes` or `maxBufferedPackets`, for too long. */
  | "slow consumer";

/** After these a client may come back to what it had. */
export const RECOVERABLE: ReadonlySet<Reason> = new Set([
  "transport error",
  "transport close",
  "forced close",
  "ping timeout",
  "server shutting down",
  "forced server close",
  "slow consumer",
]);
