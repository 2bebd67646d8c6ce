/** Engine.IO 3 with Socket.IO protocols 3 and 4, spoken by Socket.IO 1 and 2. */
import type { DialectOptions, HostedDialect, LinkPolicy } from "../dialect.js";
import { door } from "../door.js";
import { engineLink } from "../engine-link.js";
import { eio3 } from "./dialect.js";
import { TEXTS } from "./texts.js";

export { eio3 };

export interface Eio3HostOptions extends DialectOptions {
  /**
   * The text of the clients: that of Socket.IO 1.0, of 1.1 to 1.7, or of 2.x.
   * @default "auto": written so that all but 1.0 can read it, read by what each message looks like
   */
  text?: keyof typeof TEXTS;
  /**
   * Whatever else a client calls its revision, and one that calls it nothing,
   * is taken for 3. Otherwise only 2 is: Socket.IO 1.0 says so in browsers.
   * @default true
   */
  anyRevision?: boolean;
}

const link: LinkPolicy = {
  ...engineLink,
  beat: { from: "client", reply: "pong", counted: false, onPolls: true },
  root: "implicit",
  socketId: "session",
  binaryPosts: true,
  recovery: false,
};

export const hostedEio3 = ({
  text,
  anyRevision = true,
  ...options
}: Eio3HostOptions = {}): HostedDialect => ({
  ...eio3({ ...options, text: TEXTS[text ?? "auto"] }),
  generations: ["2.x", "1.x"],
  door: door(
    (version) =>
      version === "3" || version === "2" || (anyRevision && version !== "4"),
    true,
  ),
  link,
});
