/**
 * Why a session ended: the words that users of the reference know
 * (socket.io 4.8, `DisconnectReason`).
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
  | "server namespace disconnect";
