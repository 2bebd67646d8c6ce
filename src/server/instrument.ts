/**
 * `io.instrument()`: the page of Socket.IO's Admin UI, on which somebody sees
 * who is connected and what is said. What speaks to that page is the official
 * package, which works on the server's public face as on that of `socket.io`.
 */
import type { Runtime } from "./runtime.js";

/** The package, which is optional. */
const PACKAGE = "@socket.io/admin-ui";

export interface InstrumentOptions {
  /**
   * Who may look, and act: `username` and `password`, the bcrypt hash of it; or
   * `false`: everybody who reaches the namespace.
   */
  auth: false | { type: "basic"; username: string; password: string };
  /** The namespace of the page. @default "/admin" */
  namespaceName?: string;
  /** Whether the page may only look: not emit, disconnect, nor move sockets. @default false */
  readonly?: boolean;
  /**
   * `production` tells the page sums alone: sockets, rooms and events are not
   * listed. @default the environment variable `NODE_ENV`, or `"development"`
   */
  mode?: "development" | "production";
  /** What this server is called on the page. @default the name of the host */
  serverId?: string;
  /** Where sessions of those who logged in are kept. @default in memory */
  store?: object;
}

interface AdminUi {
  instrument(server: object, options: InstrumentOptions): void;
}

/** @throws {Error} the package is not installed, or has not been told who may look */
export function instrument(
  runtime: Runtime,
  server: object,
  options: InstrumentOptions,
): void {
  const admin = runtime.load(PACKAGE, "io.instrument()") as AdminUi;
  if (options?.auth === undefined)
    throw new TypeError(
      'instrument: expected the option auth, { type: "basic", username, password } with the bcrypt hash of the password, or false to let everybody in',
    );
  admin.instrument(server, options);
}
