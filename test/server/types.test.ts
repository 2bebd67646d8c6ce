/**
 * The types that programs for socket.io 4.8 rely on. The compiler is the test:
 * what must not compile is marked, and a mark that is not needed is an error.
 */
import type { Server as HttpServer } from "node:http";
import type { Http2SecureServer, Http2Server } from "node:http2";
import type { Server as HttpsServer } from "node:https";
import { expectTypeOf, test } from "vitest";
import {
  Server,
  type DisconnectReason,
  type RemoteSocket,
  type Socket,
} from "../../src/index.js";

/** Compiled, never run. */
function compiles(program: (io: Server) => unknown): void {
  void program;
}

interface Listen {
  noArgs: () => void;
  text: (message: string) => void;
  ask: (question: string, answer: (length: number) => void) => void;
}

interface Emit {
  noArgs: () => void;
  pair: (a: string, b: number) => void;
  ask: (question: string, answer: (yes: boolean) => void) => void;
  askWithError: (
    question: string,
    answer: (err: Error, yes: boolean) => void,
  ) => void;
  askTwo: (answer: (a: string, b: number) => void) => void;
  ping: (answer: () => void) => void;
}

interface ServerSide {
  sync: (a: number) => void;
  count: (answer: (n: number) => void) => void;
}

interface Data {
  name: string;
}

type Typed = Server<Listen, Emit, ServerSide, Data>;
type TypedSocket = Socket<Listen, Emit, ServerSide, Data>;
const io = {} as Typed;
const socket = {} as TypedSocket;

test("without types everything goes", () => {
  compiles((io) => {
    io.on("connection", (socket) => {
      expectTypeOf(socket).toEqualTypeOf<Socket>();
      socket.on("anything", (a, b: number) => {
        expectTypeOf(a).toBeAny();
        return b;
      });
      socket.on("disconnect", (reason, description) => {
        expectTypeOf(reason).toEqualTypeOf<DisconnectReason>();
        expectTypeOf(description).toBeAny();
      });
      socket.emit("anything", 1, () => {});
      expectTypeOf(socket.data).toBeAny();
    });
    io.emit("anything", 1, "b", { c: [] });
    io.to("room")
      .timeout(5)
      .emit("anything", () => {});
    io.serverSideEmit("anything", 1);
  });
});

test("what a client emits", () => {
  compiles(() => {
    io.on("connection", (socket) => {
      expectTypeOf(socket).toEqualTypeOf<TypedSocket>();
      expectTypeOf(socket.data).toEqualTypeOf<Data>();
      socket.on("text", (message) => expectTypeOf(message).toBeString());
      socket.on("noArgs", () => {});
      socket.once("ask", async (question, answer) => {
        expectTypeOf(question).toBeString();
        expectTypeOf(answer).toEqualTypeOf<(length: number) => void>();
        await Promise.resolve();
      });
      // @ts-expect-error no such event
      socket.on("unknown", () => {});
      // @ts-expect-error not its parameters
      socket.on("text", (message: number) => message);
    });
    io.on("new_namespace", (nsp) => expectTypeOf(nsp.name).toBeString());
  });
});

test("what a socket emits", () => {
  compiles(() => {
    socket.emit("noArgs");
    socket.emit("pair", "a", 1);
    socket.emit("ask", "q", (yes) => expectTypeOf(yes).toBeBoolean());
    // @ts-expect-error an argument is missing
    socket.emit("pair", "a");
    // @ts-expect-error of another type
    socket.emit("pair", 1, "a");
    // @ts-expect-error an event of the other direction
    socket.emit("text", "hello");
    socket.timeout(5).emit("ask", "q", (err, yes) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(yes).toBeBoolean();
    });
    socket.volatile
      .compress(false)
      .emit("askWithError", "q", (err, yes) =>
        expectTypeOf([err, yes] as const).toEqualTypeOf<
          readonly [Error, boolean]
        >(),
      );
  });
});

test("promises of answers", () => {
  compiles(async () => {
    expectTypeOf(await socket.emitWithAck("ask", "q")).toBeBoolean();
    expectTypeOf(await socket.emitWithAck("askWithError", "q")).toBeBoolean();
    expectTypeOf(await socket.timeout(5).emitWithAck("ask", "q")).toBeBoolean();
    expectTypeOf(await socket.emitWithAck("askTwo")).toBeString();
    // @ts-expect-error nothing is answered to it
    await socket.emitWithAck("pair", "a", 1);
    // @ts-expect-error an argument is missing
    await socket.emitWithAck("ask");
    expectTypeOf(await io.timeout(5).emitWithAck("ask", "q")).toEqualTypeOf<
      boolean[]
    >();
    expectTypeOf(
      await io.to("room").timeout(5).emitWithAck("ask", "q"),
    ).toEqualTypeOf<boolean[]>();
    expectTypeOf(
      await socket.to("room").emitWithAck("askWithError", "q"),
    ).toEqualTypeOf<boolean[]>();
    // @ts-expect-error without timeout() its callback takes no error
    await io.to("room").emitWithAck("ask", "q");
  });
});

test("broadcasts take no callback, or one for many answers", () => {
  compiles(() => {
    io.emit("pair", "a", 1);
    io.of("/chat").emit("noArgs");
    // @ts-expect-error to all sockets without timeout()
    io.emit("ask", "q", () => {});
    // @ts-expect-error the same
    io.of("/chat").emit("ping", () => {});
    io.timeout(5).emit("ask", "q", (err, answers) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(answers).toEqualTypeOf<boolean[]>();
    });
    io.to("room")
      .timeout(5)
      .emit("askTwo", (err, first) => {
        expectTypeOf(err).toEqualTypeOf<Error>();
        expectTypeOf(first).toEqualTypeOf<string[]>();
      });
    io.timeout(5).emit("ping", (err) =>
      expectTypeOf(err).toEqualTypeOf<Error>(),
    );
    socket.broadcast.to("room").except("other").local.emit("noArgs");
    // @ts-expect-error no such event
    socket.to("room").emit("unknown");
  });
});

test("between servers", () => {
  compiles(async () => {
    io.serverSideEmit("sync", 1);
    io.on("sync", (a) => expectTypeOf(a).toBeNumber());
    io.on("count", (answer) => answer(1));
    io.serverSideEmit("count", (err, counts) => {
      expectTypeOf(err).toEqualTypeOf<Error>();
      expectTypeOf(counts).toEqualTypeOf<number[]>();
    });
    expectTypeOf(await io.serverSideEmitWithAck("count")).toEqualTypeOf<
      number[]
    >();
    // @ts-expect-error an event of clients
    io.serverSideEmit("text", "a");
    // @ts-expect-error of another type
    io.serverSideEmit("sync", "a");
  });
});

test("sockets of other servers", () => {
  compiles(async () => {
    const [remote] = await io.fetchSockets();
    expectTypeOf(remote).toEqualTypeOf<RemoteSocket<Emit, Data>>();
    remote.emit("pair", "a", 1);
    expectTypeOf(remote.data.name).toBeString();
    // @ts-expect-error no such event
    remote.emit("unknown");
  });
});

test("middlewares", () => {
  compiles(() => {
    io.use((socket, next) => {
      expectTypeOf(socket).toEqualTypeOf<TypedSocket>();
      const error: Error & { data?: unknown } = new Error("no");
      error.data = { retry: false };
      next(error);
    });
    socket.use(([event, ...args], next) => {
      expectTypeOf(event).toBeString();
      expectTypeOf(args).toExtend<unknown[]>();
      next(new Error());
    });
    io.engine.use((_request, response, next) => {
      response.setHeader("x", "y");
      next();
    });
  });
});

test("functions that take any server or socket take typed ones", () => {
  const takesSocket = (socket: Socket) => socket.id;
  const takesServer = (io: Server) => io.path();
  compiles(() => {
    takesSocket(socket);
    takesServer(io);
  });
  expectTypeOf(new Map<string, TypedSocket>()).toExtend<
    Typed["sockets"]["sockets"]
  >();
});

test("the constructor takes what the reference's takes", () => {
  compiles(() => [
    new Server(),
    new Server(3000),
    new Server({ cors: { origin: "*" }, transports: ["websocket"] }),
    new Server<Listen, Emit>(3000, { connectionStateRecovery: {} }),
    // @ts-expect-error not a number
    new Server({ pingInterval: "25000" }),
  ]);
});

test("the native server can be used, also where a socket or namespace leads to it", () => {
  compiles((io) => {
    const native: HttpServer | HttpsServer | Http2SecureServer | Http2Server =
      io.httpServer;
    return native;
  });
  expectTypeOf<TypedSocket["nsp"]["server"]["httpServer"]>().not.toBeUnknown();
});
