/**
 * What programs written for socket.io-client rely on the compiler for. The
 * checks are those of the compiler; at run time there is little to do.
 */
import { describe, expectTypeOf, it } from "vitest";
import type * as reference from "socket.io-client";
import {
  io,
  Manager,
  type DisconnectDescription,
  type ManagerOptions,
  type Socket,
  type SocketOptions,
} from "../../src/client/index.js";

interface ServerToClient {
  noArg: () => void;
  basic: (a: number, b: string, c: Buffer) => void;
  withAck: (d: string, callback: (e: number) => void) => void;
}

interface ClientToServer {
  hello: () => void;
  message: (text: string) => void;
  ask: (question: string, answer: (answer: number) => void) => void;
}

const options = { autoConnect: false, forceNew: true };
const typed: Socket<ServerToClient, ClientToServer> = io(
  "http://localhost",
  options,
);
const untyped = io("http://localhost", options);

describe("typed events", () => {
  it("give listeners their arguments", () => {
    typed.on("basic", (a, b, c) => {
      expectTypeOf(a).toEqualTypeOf<number>();
      expectTypeOf(b).toEqualTypeOf<string>();
      expectTypeOf(c).toEqualTypeOf<Buffer>();
    });
    typed.once("withAck", (d, callback) => {
      expectTypeOf(d).toEqualTypeOf<string>();
      expectTypeOf(callback).toEqualTypeOf<(e: number) => void>();
    });
    typed.off("noArg", () => {});
    // @ts-expect-error: the server sends no such event
    typed.on("random", () => {});
    // @ts-expect-error: the first argument is a number
    typed.on("basic", (a: string) => a);
  });

  it("are checked when they are emitted", () => {
    typed.emit("hello");
    typed.emit("message", "hi");
    typed.volatile.compress(false).emit("ask", "?", (answer) => {
      expectTypeOf(answer).toEqualTypeOf<number>();
    });
    // @ts-expect-error: an argument is missing
    typed.emit("message");
    // @ts-expect-error: that is no event of ours
    typed.emit("noArg");
    // @ts-expect-error: the answer is a number
    typed.emit("ask", "?", (answer: string) => answer);
  });

  it("give acknowledgements an error first after timeout()", () => {
    typed.timeout(10).emit("ask", "?", (error, answer) => {
      expectTypeOf(error).toEqualTypeOf<Error>();
      expectTypeOf(answer).toEqualTypeOf<number>();
    });
  });

  it("give promises the type of the answer", () => {
    const asked = () => typed.emitWithAck("ask", "?");
    expectTypeOf(asked).returns.resolves.toEqualTypeOf<number>();
    const inTime = () => typed.timeout(10).emitWithAck("ask", "?");
    expectTypeOf(inTime).returns.resolves.toEqualTypeOf<number>();
    // @ts-expect-error: an argument is missing
    const missing = () => typed.emitWithAck("ask");
    expectTypeOf(missing).toBeFunction();
  });

  it("are reserved where the client has its own", () => {
    typed.on("connect", () => {});
    typed.on("connect_error", (error) => {
      expectTypeOf(error.message).toEqualTypeOf<string>();
      expectTypeOf(error.data).toBeAny();
    });
    typed.on("disconnect", (reason, description) => {
      expectTypeOf(reason).toEqualTypeOf<Socket.DisconnectReason>();
      expectTypeOf(description).toEqualTypeOf<
        DisconnectDescription | undefined
      >();
    });
  });

  it("are as free as they were where none are given", () => {
    expectTypeOf(untyped).toEqualTypeOf<Socket>();
    untyped.on("anything", (a: string, b: { c: number }) => [a, b]);
    untyped.on("anything", (a) => expectTypeOf(a).toBeAny());
    untyped.emit("anything", 1, "2", { three: 3 }, (answer: string) => answer);
    const asked = () => untyped.emitWithAck("anything", 1);
    expectTypeOf(asked).returns.resolves.toBeAny();
  });
});

describe("options and objects", () => {
  it("take what the reference takes", () => {
    // Implementations of transports are our own, so those of the reference do not fit.
    type Theirs = Omit<
      reference.ManagerOptions & reference.SocketOptions,
      "transports" | "transportImplementations"
    >;
    expectTypeOf<Partial<Theirs>>().toExtend<
      Partial<ManagerOptions & SocketOptions>
    >();
    expectTypeOf<reference.SocketOptions["auth"]>().toEqualTypeOf<
      SocketOptions["auth"]
    >();
  });

  it("have all the members that the reference has", () => {
    expectTypeOf<Exclude<keyof reference.Socket, keyof Socket>>().toBeNever();
    expectTypeOf<
      Exclude<keyof reference.Manager, keyof Manager | `_${string}`>
    >().toBeNever();
    expectTypeOf<
      Exclude<
        keyof reference.Manager["engine"],
        keyof NonNullable<Manager["engine"]> | `_${string}`
      >
    >().toBeNever();
  });

  it("let managers be used for typed sockets", () => {
    const manager = new Manager<ServerToClient, ClientToServer>(
      "http://localhost",
      options,
    );
    const socket: Socket<ServerToClient, ClientToServer> = manager.socket("/");
    expectTypeOf(socket.io.engine).toEqualTypeOf(manager.engine);
    manager.on("reconnect_attempt", (attempt) =>
      expectTypeOf(attempt).toEqualTypeOf<number>(),
    );
    manager.on("close", (reason) =>
      expectTypeOf(reason).toEqualTypeOf<string>(),
    );
    expectTypeOf(manager.reconnectionDelay()).toEqualTypeOf<number>();
    expectTypeOf(manager.reconnectionDelay(1)).toEqualTypeOf(manager);
  });
});
