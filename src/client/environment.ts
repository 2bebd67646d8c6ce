/**
 * What differs between Node.js and browsers, as one value that each entry of the
 * client hands to its managers.
 */
import type {
  Dialect,
  DialectFactory,
  DialectOptions,
} from "../dialects/dialect.js";
import type { Engine } from "./engine.js";
import type { Root } from "./implicit-root.js";
import type { Recogniser } from "./recognition.js";
import type { TransportConstructor } from "./transport.js";

/** Remembers cookies where the platform does not. */
export interface CookieJar {
  /** Takes the values of `set-cookie` headers. */
  store(headers: readonly string[]): void;
  /** Adds a `cookie` header to these, or to the one that they have. */
  addTo(headers: Record<string, string>): void;
}

export interface Environment {
  /** Transports by name. */
  readonly transports: Readonly<Record<string, TransportConstructor>>;
  /** Generations by the name that the option `protocol` gives them, in the order of trying. */
  readonly generations: Readonly<Record<string, DialectFactory>>;
  /** Tells them apart; not needed for one. */
  readonly recognise?: Recogniser;
  /** For generations that join the root namespace unasked. */
  readonly implicitRoot?: (
    engine: Engine,
    dialects: readonly Dialect[],
  ) => Root | undefined;
  /** What applications get for bytes, in the words of `engine.binaryType`. */
  readonly binaryType: "nodebuffer" | "arraybuffer";
  /** How the platform has bytes. */
  readonly dialectOptions: Pick<DialectOptions, "base64" | "bytes">;
  readonly createCookieJar?: () => CookieJar;
}
