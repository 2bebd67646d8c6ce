import type { Server as HttpServer } from "node:http";
import type { Server } from "socket.io";
import type { ManagerOptions, Socket, SocketOptions } from "socket.io-client";

declare const rig: {
  serve(): Promise<{ io: Server; http: HttpServer; url: string }>;
  client(
    url: string,
    options?: Partial<ManagerOptions & SocketOptions>,
  ): Socket;
  connected(socket: Socket): Promise<unknown> | true;
  heard(socket: Socket, event: string): Promise<unknown[]>;
  print(what: string, ...values: unknown[]): void;
  program(main: () => Promise<void>): Promise<void>;
};
export = rig;
