/** Sockets that live in another process or in a page, as ends of a connection. */
import type {
  Audience,
  ClientEnd,
  ClientOptions,
  ClientState,
  End,
  Listener,
  RunningServer,
  ServerEnd,
  Space,
} from "./peer.js";
import type { Remote } from "./remote.js";

let names = 0;
/** A name for something that the driver makes. */
export const newName = (): string => `${++names}`;

function remoteEnd(remote: Remote, end: string): End {
  return {
    on: (event: string, listener: Listener) => remote.on(end, event, listener),
    send: (text, receipt) => remote.tell("send", end, text, ...some(receipt)),
    json: (value, receipt) => remote.tell("json", end, value, ...some(receipt)),
    emit: (event, ...args) => remote.tell("emit", end, event, ...args),
    disconnect: () => remote.tell("disconnect", end),
  };
}

function some(value: (() => void) | undefined): (() => void)[] {
  return value === undefined ? [] : [value];
}

/** Not waited for: whoever opens it may listen before anything happens. */
export function openRemoteClient(
  remote: Remote,
  port: number,
  {
    transport,
    namespace = "",
    query = "",
    resource,
    reconnect = false,
  }: ClientOptions,
): ClientEnd {
  const name = newName();
  const end = remoteClientEnd(remote, name);
  remote.tell("open", name, port, {
    transport,
    namespace,
    query,
    resource,
    reconnect,
  });
  return end;
}

function remoteClientEnd(remote: Remote, end: string): ClientEnd {
  return {
    ...remoteEnd(remote, end),
    of(namespace) {
      const other = newName();
      remote.tell("of", end, other, namespace);
      return remoteClientEnd(remote, other);
    },
    state: async () => (await remote.ask("state", end)) as ClientState,
    end: async () => void (await remote.ask("end", end)),
  };
}

/** What the driver needs besides the port. */
export interface StartOptions {
  transports: string[];
  settings: object;
}

export async function startRemoteServer(
  remote: Remote,
  port: number,
  options: StartOptions,
): Promise<RunningServer> {
  const name = newName();
  return {
    port: (await remote.ask("start", name, port, options)) as number,
    of: (namespace) => remoteSpace(remote, name, namespace),
    cut: async () => void (await remote.ask("cut", name)),
    close: async () => void (await remote.ask("stop", name)),
  };
}

function remoteSpace(remote: Remote, server: string, name: string): Space {
  const audience = (room: string | null, except: string | null): Audience => ({
    emit: (...args) =>
      remote.tell("broadcast", server, name, room, except, ...args),
    send: (text) =>
      remote.tell("broadcastText", server, name, room, except, text),
  });
  const serverEnd = (
    end: string,
    about: Pick<ServerEnd, "id" | "query">,
  ): ServerEnd => ({
    ...remoteEnd(remote, end),
    ...about,
    join: async (room) => void (await remote.ask("join", end, room)),
    leave: async (room) => void (await remote.ask("leave", end, room)),
    others: (room) => audience(room ?? null, end),
    transport: async () => String(await remote.ask("transport", end)),
  });
  return {
    ...audience(null, null),
    to: (room) => audience(room, null),
    on(event: string, listener: Listener) {
      remote.on(
        `${server} ${name}`,
        event,
        (end: string, about: Pick<ServerEnd, "id" | "query">) =>
          listener(...([serverEnd(end, about)] as never[])),
      );
    },
  };
}
