/**
 * What the compiler says of handlers, classes and decorators. What must not
 * compile is marked, and a mark that is not needed is an error.
 */
import { expectTypeOf, test } from "vitest";
import {
  args,
  NamespaceHandler,
  on,
  type DisconnectReason,
  type EventsOf,
  type Server,
  type Socket,
} from "../../../src/index.js";
import type { MethodName } from "../../../src/server/handlers/handler-types.js";

interface Listen {
  "chat message": (text: string, answer: (id: number) => void) => void;
  pair: (answer: (a: string, b: number) => void) => void;
  list: (answer: (all: string[]) => void) => void;
  typing: (on: boolean) => void;
}
interface Emit {
  news: (text: string) => void;
  move: (x: number, y: number) => void;
  question: (text: string, answer: (yes: boolean) => void) => void;
}
type Typed = Server<Listen, Emit>;
type TypedSocket = Socket<Listen, Emit>;

/** Compiled, never run. */
function compiles(program: (io: Typed) => unknown): void {
  void program;
}

test("handlers take the event's arguments and return its answer", () => {
  compiles((io) => {
    io.handle("chat message", (socket, text, answer) => {
      expectTypeOf(socket).toEqualTypeOf<TypedSocket>();
      expectTypeOf(text).toBeString();
      expectTypeOf(answer).toEqualTypeOf<(id: number) => void>();
    });
    io.handle("chat message", (_socket, text) => text.length);
    io.handle("chat message", (_socket, text) => Promise.resolve(text.length));
    // @ts-expect-error the answer is a number
    io.handle("chat message", (_socket, text) => text);
    // @ts-expect-error the text is no number
    io.handle("chat message", (_socket, text: number) => text);
    // @ts-expect-error no such event
    io.handle("chatmessage", () => {});
    io.handle("pair", () => ["a", 1]);
    io.handle("pair", () => args("a", 1));
    // @ts-expect-error in the wrong order
    io.handle("pair", () => [1, "a"]);
    io.handle("list", () => [["a", "b"]]);
    // @ts-expect-error an array is several values, so a list needs another around it
    io.handle("list", () => ["a", "b"]);
    io.handle("typing", (_socket, on) => expectTypeOf(on).toBeBoolean());
    io.handle("*", (event, socket, ...args) => {
      expectTypeOf(event).toBeString();
      expectTypeOf(socket).toEqualTypeOf<TypedSocket>();
      expectTypeOf(args).toEqualTypeOf<ReturnType<JSON["parse"]>[]>();
    });
    io.handle("connect", (socket, auth) => {
      expectTypeOf(socket).toEqualTypeOf<TypedSocket>();
      expectTypeOf(auth).toBeAny();
    });
    io.handle("disconnect", (_socket, reason) =>
      expectTypeOf(reason).toEqualTypeOf<DisconnectReason>(),
    );
  });
});

test("calls by id know the events", () => {
  compiles(async (io) => {
    io.emitTo("news", "text", { to: "id" });
    io.emitTo("move", args(1, 2), { room: ["a", "b"], skip: "id" });
    // @ts-expect-error text is needed
    io.emitTo("news", 5, { to: "id" });
    // @ts-expect-error two arguments need args()
    io.emitTo("move", 1);
    // @ts-expect-error no such event
    io.emitTo("olds", "text");
    expectTypeOf(
      await io.call("question", "well?", { to: "id" }),
    ).toBeBoolean();
    // @ts-expect-error nobody is asked
    await io.call("question", "well?", {});
    // @ts-expect-error the event has no answer
    await io.call("news", "text", { to: "id" });
  });
});

test("names become methods in the types, too", () => {
  expectTypeOf<MethodName<"chat message">>().toEqualTypeOf<"onChatMessage">();
  expectTypeOf<
    MethodName<"chat-message.x_y:z">
  >().toEqualTypeOf<"onChatMessageXYZ">();
  expectTypeOf<MethodName<"chatMessage">>().toEqualTypeOf<"onChatMessage">();
});

test("a class has to fit the events of its server", () => {
  class Good extends NamespaceHandler<Listen, Emit> {
    onConnect(_socket: TypedSocket, auth: { token: string }) {
      return auth.token === "t";
    }
    onDisconnect(_socket: TypedSocket, reason: DisconnectReason) {
      expectTypeOf(this.nsp.emit("news", reason)).toBeBoolean();
    }
    onChatMessage(_socket: TypedSocket, text: string) {
      return text.length;
    }
    onTyping() {}
    onUnknownEvent(_event: string) {}
    @on("pair") couple(): [string, number] {
      return ["a", 1];
    }
    helper() {}
    once = 5;
  }
  class WrongArgument extends NamespaceHandler<Listen, Emit> {
    onChatMessage(_socket: TypedSocket, text: number) {
      return text;
    }
  }
  class WrongAnswer extends NamespaceHandler<Listen, Emit> {
    onChatMessage(_socket: TypedSocket, text: string) {
      return text;
    }
  }
  class NoSuchEvent extends NamespaceHandler<Listen, Emit> {
    onChatmessage() {}
  }
  class WrongDecorated extends NamespaceHandler<Listen, Emit> {
    // @ts-expect-error the text is no number
    @on("chat message") a(_socket: TypedSocket, text: number) {
      return text;
    }
    // @ts-expect-error no such event
    @on("nothing") b() {}
  }
  compiles((io) => {
    io.register(new Good());
    // @ts-expect-error the text is no number
    io.register(new WrongArgument());
    // @ts-expect-error the answer is a number
    io.register(new WrongAnswer());
    // @ts-expect-error no event reaches it
    io.register(new NoSuchEvent());
    return WrongDecorated;
  });
});

test("a class without an event map gives one to clients", () => {
  class Chat extends NamespaceHandler {
    onConnect(_socket: Socket) {}
    onChatMessage(_socket: Socket, text: string) {
      return text.length;
    }
    async onPair(_socket: Socket): Promise<[string, number]> {
      return Promise.resolve(["a", 1]);
    }
    onTyping(_socket: Socket, _on: boolean) {}
    helper() {}
  }
  expectTypeOf<EventsOf<Chat>>().toEqualTypeOf<{
    chatMessage: (text: string, ack: (answer: number) => void) => void;
    pair: (ack: (a: string, b: number) => void) => void;
    typing: (_on: boolean) => void;
  }>();
  const untyped = (io: Server) => io.register(new Chat());
  expectTypeOf(untyped).returns.toEqualTypeOf<Server>();
});
