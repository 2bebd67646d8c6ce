/** What the compiler knows of events, classes and answers. At run time there is little to do. */
import { describe, expectTypeOf, it } from "vitest";
import {
  args,
  Client,
  ClientNamespace,
  SimpleClient,
  type ConnectionError,
  type MethodsFor,
  type Received,
} from "../../../src/client/index.js";
import type { MethodOf } from "../../../src/naming/method-type.js";

interface Down {
  said: (by: string, text: string) => void;
  "chat message": (text: string) => void;
  ask: (question: string, answer: (answer: number) => void) => void;
  position: (answer: (x: number, y: number) => void) => void;
}

interface Up {
  hello: () => void;
  say: (text: string) => void;
  move: (x: number, y: number) => void;
  save: (text: string, answer: (id: number) => void) => void;
  where: (answer: (x: number, y: number) => void) => void;
  maybe: (text?: string) => void;
}

const typed = new Client<Down, Up>();
const untyped = new Client();

/** Compiled, and never called. */
const compiled = (_: () => unknown) => {};

describe("handlers", () => {
  it("get the values of their events, and return their answers", () => {
    typed.on("said", (by, text) => {
      expectTypeOf(by).toEqualTypeOf<string>();
      expectTypeOf(text).toEqualTypeOf<string>();
    });
    typed.on("ask", (question) => question.length);
    typed.on("ask", async (question) => Promise.resolve(question.length));
    typed.on("position", () => [1, 2]);
    typed.on("said", () => {}, { namespace: "/chat" });
    // @ts-expect-error: the answer is a number
    typed.on("ask", (question) => question);
    // @ts-expect-error: the first value is a string
    typed.on("said", (by: number) => by);
    // @ts-expect-error: there is no such event
    typed.on("weather", () => {});
  });

  it("of the connection and of everything have their own", () => {
    typed.on("connect", () => {});
    typed.on("connect_error", (error) => {
      expectTypeOf(error).toEqualTypeOf<ConnectionError>();
    });
    typed.on("disconnect", (reason) => {
      expectTypeOf(reason).toEqualTypeOf<string>();
    });
    typed.on("*", (event: string, ...values: unknown[]) => [event, values]);
    typed.on("said", (namespace: string) => namespace, { namespace: "*" });
    untyped.on("anything", (a: number, b: string) => [a, b]);
  });
});

describe("emit() and call()", () => {
  it("take one value, or several by args()", () => {
    compiled(() => {
      typed.emit("hello");
      typed.emit("hello", undefined, { namespace: "/chat" });
      typed.emit("say", "text", { namespace: "/chat" });
      typed.emit("move", args(1, 2));
      typed.emit("maybe");
      typed.emit("maybe", "text");
      typed.emit("save", "text", (id) => {
        expectTypeOf(id).toEqualTypeOf<number>();
      });
      typed.emit("save", "text", {
        callback: (id) => {
          expectTypeOf(id).toEqualTypeOf<number>();
        },
      });
      untyped.emit("anything", { at: "all" }, { namespace: "/x" });
      // @ts-expect-error: the value is missing
      typed.emit("say");
      // @ts-expect-error: a text is a string
      typed.emit("say", 1);
      // @ts-expect-error: two values
      typed.emit("move", 1);
      // @ts-expect-error: numbers
      typed.emit("move", args(1, "2"));
      // @ts-expect-error: no such option
      typed.emit("say", "text", { room: "x" });
    });
  });

  it("know the answer", () => {
    compiled(async () => {
      expectTypeOf(await typed.call("save", "text")).toEqualTypeOf<number>();
      expectTypeOf(await typed.call("where")).toEqualTypeOf<
        [x: number, y: number]
      >();
      // @ts-expect-error: no such event
      await typed.call("weather");
    });
  });
});

describe("classes", () => {
  class Chat extends ClientNamespace<Down, Up> implements MethodsFor<Down> {
    onChatMessage(text: string) {
      this.emit("say", text);
      // @ts-expect-error: a text is a string
      compiled(() => this.emit("say", 1));
    }
    onAsk(question: string) {
      return question.length;
    }
  }

  class Wrong extends ClientNamespace<Down> implements MethodsFor<Down> {
    // @ts-expect-error: the text of the event is a string
    onChatMessage(text: number) {
      return text;
    }
  }

  it("are checked against the events", () => {
    expectTypeOf(typed.register(new Chat("/chat"))).toEqualTypeOf<Chat>();
    expectTypeOf<MethodsFor<Down>>().toHaveProperty("onSaid");
    expectTypeOf(new Wrong()).toExtend<ClientNamespace<Down>>();
    compiled(async () => {
      const chat = await typed.connect("/chat", new Chat());
      expectTypeOf(chat).toEqualTypeOf<Chat>();
      expectTypeOf(await chat.call("save", "x")).toEqualTypeOf<number>();
    });
  });

  it("have methods named after events", () => {
    expectTypeOf<MethodOf<"chat message">>().toEqualTypeOf<"onChatMessage">();
    expectTypeOf<MethodOf<"chat_message">>().toEqualTypeOf<"onChatMessage">();
    expectTypeOf<MethodOf<"chatMessage">>().toEqualTypeOf<"onChatMessage">();
    expectTypeOf<MethodOf<"chat.a-b">>().toEqualTypeOf<"onChatAB">();
  });
});

describe("tasks and what is received", () => {
  it("keep their types", () => {
    const add = (a: number, b: number) => a + b;
    expectTypeOf(typed.startBackgroundTask(add, 1, 2)).toEqualTypeOf<
      Promise<number>
    >();
    compiled(async () => {
      expectTypeOf(
        await new SimpleClient().receive(),
      ).toEqualTypeOf<Received>();
      for await (const [event, ...values] of typed) {
        expectTypeOf(event).toEqualTypeOf<string>();
        expectTypeOf(values).toEqualTypeOf<unknown[]>();
      }
      // @ts-expect-error: a number is missing
      await typed.startBackgroundTask(add, 1);
    });
  });
});
