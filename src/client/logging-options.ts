/** The options of logging, alike for all faces of the client. */
import type { LoggerOption } from "../logging/logger.js";

export interface LoggingOptions {
  /**
   * omnio's own: `true` writes what happens to standard error, a logger gets
   * it. `DEBUG=omnio:*` does the same without a change to the program.
   * @default false
   */
  logger?: LoggerOption;
  /** omnio's own: the same for transports and heartbeats. @default false */
  engineLogger?: LoggerOption;
}
