/**
 * The namespaces of a server by name, and the parents that make more of them
 * when clients ask.
 */
import { ownAuth } from "./handshake.js";
import { localEmit } from "./local-emit.js";
import { attempt } from "./middleware.js";
import { Namespace } from "./namespace.js";
import { ParentNamespace } from "./parent-namespace.js";
import type { BaseServer } from "./server.js";
import type { Any, EventsMap } from "./typed-events.js";

/** Of the names that clients think up, as they are kept, and shown to regular expressions. */
const LONGEST_NAME = 1024;

/** Decides whether a namespace of this name may be made. */
export type ParentNspNameMatchFn = (
  name: string,
  auth: { [key: string]: Any },
  fn: (err: Error | null, success: boolean) => void,
) => void;

export class NamespaceTable<
  ListenEvents extends EventsMap,
  EmitEvents extends EventsMap,
  ServerSideEvents extends EventsMap,
  SocketData,
> {
  readonly all = new Map<
    string,
    Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  >();
  readonly #parents = new Map<
    RegExp | ParentNspNameMatchFn,
    ParentNamespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
  >();

  constructor(
    private readonly server: BaseServer<
      ListenEvents,
      EmitEvents,
      ServerSideEvents,
      SocketData
    >,
  ) {}

  /** @throws {Error} a regular expression has the flag `g` or `y` */
  of(
    name: string | RegExp | ParentNspNameMatchFn,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    return typeof name === "function" || name instanceof RegExp
      ? this.#parent(name)
      : this.#named(String(name));
  }

  /** Finds the namespace that a client asks for; perhaps a parent makes it. */
  find(
    name: string,
    auth: Record<string, unknown>,
    found: (
      nsp:
        | Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>
        | undefined,
      made: boolean,
    ) => void,
  ): void {
    const existing = this.all.get(name);
    if (existing !== undefined) return found(existing, false);
    if (name.length > LONGEST_NAME) return found(undefined, false);
    const parents = [...this.#parents];
    const ask = (index: number): void => {
      const entry = parents[index];
      if (entry === undefined) return found(undefined, false);
      const [match, parent] = entry;
      this.#matches(match, name, auth, (allowed) => {
        if (!allowed) return ask(index + 1);
        // Somebody else may have made it in the meantime.
        const other = this.all.get(name);
        if (other === undefined) found(parent.createChild(name), true);
        else found(other, false);
      });
    };
    ask(0);
  }

  add(
    nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ): void {
    this.all.set(nsp.name, nsp);
    if (nsp.name !== "/")
      localEmit.call(this.server.sockets, "new_namespace", nsp);
  }

  remove(
    nsp: Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>,
  ): void {
    if (this.all.get(nsp.name) === nsp) this.all.delete(nsp.name);
    nsp._closeAdapter();
  }

  #named(
    given: string,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const name = given.startsWith("/") ? given : `/${given}`;
    const existing = this.all.get(name);
    if (existing !== undefined) return existing;
    for (const [match, parent] of this.#parents)
      if (match instanceof RegExp && match.test(name))
        return parent.createChild(name);
    const nsp = new Namespace(this.server, name);
    this.add(nsp);
    return nsp;
  }

  #parent(
    match: RegExp | ParentNspNameMatchFn,
  ): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    if (match instanceof RegExp && (match.global || match.sticky))
      throw new Error(
        `a namespace's regular expression must not have the flag g or y, as it would match every other time only: ${String(match)}`,
      );
    const parent = new ParentNamespace(this.server, this.#parents.size);
    this.#parents.set(match, parent);
    return parent;
  }

  #matches(
    match: RegExp | ParentNspNameMatchFn,
    name: string,
    auth: Record<string, unknown>,
    then: (allowed: boolean) => void,
  ): void {
    if (match instanceof RegExp) return then(match.test(name));
    let answered = false;
    const answer = (allowed: boolean) => {
      if (answered) return;
      answered = true;
      then(allowed);
    };
    attempt(
      () =>
        match(name, ownAuth(auth), (error, allowed) =>
          answer(!error && allowed),
        ),
      (error) => {
        this.server._report(error, {
          event: "of",
          namespace: name,
          socketId: "",
        });
        answer(false);
      },
    );
  }
}
