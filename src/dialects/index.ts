/**
 * All dialects with their doors, as a server needs them. A client knocks, and
 * imports the dialects that it speaks from their own files.
 */
import type { DialectOptions, HostedDialect, LinkPolicy } from "./dialect.js";
import { door } from "./door.js";
import { eio3 as makeEio3 } from "./eio3.js";
import { TEXTS } from "./eio3-texts.js";
import { eio4 as makeEio4 } from "./eio4.js";
import { v06 as makeV06, type V06Options } from "./v06.js";
import { door06 } from "./v06-door.js";
import { v09 as makeV09, type V09Options } from "./v09.js";
import { door09 } from "./v09-door.js";

const door3 = door((version) => version !== "4", true);
const door4 = door((version) => version === "4", false);

/** What Engine.IO 3 and 4 have in common. */
const engineLink = {
  pollFor: Infinity,
  // Between polls the heartbeat decides.
  grace: { stream: 0, polls: Infinity },
  claim: 0,
  dismisses: false,
  endsWithRoot: false,
  sid: "text",
  change: "probe",
} as const;

const link3: LinkPolicy = {
  ...engineLink,
  beat: { from: "client", reply: "pong", counted: false, onPolls: true },
  root: "implicit",
  socketId: "session",
  binaryPosts: true,
  recovery: false,
};

const link4: LinkPolicy = {
  ...engineLink,
  beat: { from: "server", reply: "pong", counted: false, onPolls: true },
  root: "asked",
  socketId: "fresh",
  binaryPosts: false,
  recovery: true,
};

export interface Eio3Options extends DialectOptions {
  /**
   * The text of the clients: that of Socket.IO 1.0, of 1.1 to 1.7, or of 2.x.
   * @default "auto": written so that all but 1.0 can read it, read by what each message looks like
   */
  text?: keyof typeof TEXTS;
}

export const eio3 = ({
  text,
  ...options
}: Eio3Options = {}): HostedDialect => ({
  ...makeEio3({ ...options, text: TEXTS[text ?? "auto"] }),
  door: door3,
  link: link3,
});

export const eio4 = (options?: DialectOptions): HostedDialect => ({
  ...makeEio4(options),
  door: door4,
  link: link4,
});

export const v09 = (options?: V09Options): HostedDialect => ({
  ...makeV09(options),
  door: door09(options),
});

export const v06 = (options?: V06Options): HostedDialect => ({
  ...makeV06(options),
  door: door06,
});

/** In the order in which their doors are shown a request. */
export const dialects: readonly ((
  options?: DialectOptions,
) => HostedDialect)[] = [eio4, eio3, v09, v06];
