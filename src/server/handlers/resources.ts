/**
 * The connection handlers of a server: which class a connection gets by the
 * path that it came to, and its object while it lasts.
 */
import type { Next } from "../middleware.js";
import type { Socket } from "../socket.js";
import type { DisconnectReason } from "../socket-types.js";
import type {
  ConnectionHandler,
  ConnectionHooks,
} from "./connection-handler.js";
import { methodsOf } from "./methods.js";
import { PathPattern, type PathMatch } from "./path-pattern.js";
import { pass, type Served } from "./table.js";

export type ConnectionHandlerClass = new () => ConnectionHandler &
  ConnectionHooks;

interface Resource {
  readonly pattern: PathPattern | undefined;
  readonly make: ConnectionHandlerClass;
}

const CALLED: ReadonlySet<string> = new Set(["onOpen", "onMessage", "onClose"]);

export class Resources implements Served {
  readonly #resources: Resource[] = [];
  readonly #objects = new WeakMap<
    object,
    ConnectionHandler & ConnectionHooks
  >();

  /** @throws {TypeError} the class or the path cannot work */
  add(
    make: ConnectionHandlerClass,
    base: object,
    path: string | RegExp | undefined,
  ): void {
    check(make, base);
    if (
      path === undefined &&
      this.#resources.some(({ pattern }) => pattern === undefined)
    )
      throw new TypeError(
        `serve: the server's own path already has a class: give ${make.name} a path`,
      );
    const pattern = path === undefined ? undefined : new PathPattern(path);
    // Whatever has a path of its own comes before who takes the rest.
    if (pattern === undefined) this.#resources.push({ pattern, make });
    else {
      const rest = this.#resources.findIndex((one) => !one.pattern);
      const index = rest < 0 ? this.#resources.length : rest;
      this.#resources.splice(index, 0, { pattern, make });
    }
  }

  /** The part of a URL that a class's path stands for. */
  readonly prefixOf = (url: string): string | undefined =>
    this.#match(url)?.match.prefix;

  /** Makes the connection's object and asks it whether the client is let in. */
  readonly gate = (socket: Socket, next: Next): unknown => {
    const { request } = socket;
    const { url = "" } = request;
    const found = this.#match(url) ?? this.#rest;
    if (found === undefined) return next();
    const object = new found.make();
    this.#objects.set(socket, object);
    object._open(socket);
    return pass(
      () => object.onOpen?.(socket.conn.request, found.match.params),
      (error) => {
        next(error);
        // Where the client has no words for a refusal, silence would be all that it gets.
        if (error !== undefined && !socket.dialect.can.namespaces)
          socket.conn.close();
      },
    );
  };

  room(_event: string, socket: object): number {
    return this.#objects.get(socket)?.onMessage.length ?? 0;
  }

  run(event: string, socket: object, args: readonly unknown[]): unknown {
    if (event !== "message") return undefined;
    const [message, ...more] = args;
    return this.#objects.get(socket)?.onMessage(message, ...more);
  }

  left(socket: Socket, reason: DisconnectReason): void {
    const object = this.#objects.get(socket);
    if (object !== undefined)
      socket.nsp._attempt(
        "disconnect",
        () => object.onClose?.(reason),
        socket.id,
      );
  }

  #match(
    url: string,
  ): { make: ConnectionHandlerClass; match: PathMatch } | undefined {
    for (const { pattern, make } of this.#resources) {
      const match = pattern?.match(url);
      if (match !== undefined) return { make, match };
    }
    return undefined;
  }

  get #rest(): { make: ConnectionHandlerClass; match: PathMatch } | undefined {
    const { pattern, make } = this.#resources.at(-1) ?? {};
    return make === undefined || pattern !== undefined
      ? undefined
      : { make, match: { prefix: "", params: {} } };
  }
}

function check(make: ConnectionHandlerClass, base: object): void {
  const prototype: unknown = (make as { prototype?: unknown }).prototype;
  if (
    typeof prototype !== "object" ||
    prototype === null ||
    !Object.prototype.isPrototypeOf.call(base, prototype)
  )
    throw new TypeError(
      "serve: expected a class that extends ConnectionHandler, such as class Echo extends ConnectionHandler { onMessage(message) { this.send(message) } }",
    );
  const methods = methodsOf(prototype, base);
  for (const name of methods.keys())
    if (!CALLED.has(name))
      throw new TypeError(
        `${make.name}.${name} is called by nothing: a ConnectionHandler has onOpen, onMessage and onClose`,
      );
  if (!methods.has("onMessage"))
    throw new TypeError(
      `serve: ${make.name} has no method onMessage, so its messages would go nowhere`,
    );
}
