/** The demo, driven from outside: what it promises on its page is what it does. */
import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test } from "vitest";
import type { Message, Person } from "../../examples/chat/types.js";
import {
  ask,
  closeAll,
  connect,
  enter,
  fetchFile,
  folder,
  guest,
  happened,
  io2,
  PNG,
  say,
  start,
  texts,
} from "./program.js";

afterEach(closeAll);

describe("people", () => {
  test("see who is there, and how each is connected", async () => {
    const { url } = await start(await folder());
    const ada = await guest(url, "Ada");
    const both = happened<{ people: Person[] }>(ada, "people", ({ people }) =>
      people.some(
        ({ name, transport }) => name === "Grace" && transport === "polling",
      ),
    );
    const grace = await connect(url, { transports: ["polling"] });
    await enter(grace, "Grace");
    const { people } = await both;
    expect(people.find(({ name }) => name === "Grace")).toMatchObject({
      protocol: 4,
    });

    const alone = happened<{ people: Person[] }>(
      ada,
      "people",
      ({ people }) => people.length === 1,
    );
    grace.disconnect();
    expect((await alone).people[0]?.name).toBe("Ada");
  });

  test("are shown on WebSocket once they are upgraded", async () => {
    const { url } = await start(await folder());
    const ada = await connect(url);
    const upgraded = happened<{ people: Person[] }>(
      ada,
      "people",
      ({ people }) => people.some(({ transport }) => transport === "websocket"),
    );
    await enter(ada, "Ada");
    expect((await upgraded).people).toMatchObject([
      { name: "Ada", transport: "websocket" },
    ]);
  });

  test("have names of their own, whatever the capitals", async () => {
    const { url } = await start(await folder());
    await guest(url, "Ada");
    const other = await connect(url);
    expect(await enter(other, "ada")).toMatchObject({
      ok: false,
      error: { code: "name-taken", suggestion: "ada 2" },
    });
    expect(await enter(other, "ada 2")).toMatchObject({
      ok: true,
      name: "ada 2",
    });
    expect(await enter(other, "ADA", "elsewhere")).toMatchObject({ ok: true });
  });

  test("get their own name back, with the key of their page", async () => {
    const { url } = await start(await folder());
    const before = await connect(url);
    await enter(before, "Ada", "lobby", "0123456789abcdef");
    const left = happened(before, "left");
    const after = await connect(url);
    const wrong = await enter(after, "Ada", "lobby", "fedcba9876543210");
    expect(wrong.ok).toBe(false);
    const right = await enter(after, "Ada", "lobby", "0123456789abcdef");
    expect(right).toMatchObject({ ok: true, people: [{ name: "Ada" }] });
    expect(await left).toMatchObject({ room: "lobby" });
  });

  test("with a client of 2.x are shown with protocol 3, and are heard", async () => {
    const { url } = await start(await folder());
    const ada = await guest(url, "Ada");
    const heard = happened<Message>(ada, "message");
    const old = io2(url, { forceNew: true, transports: ["websocket"] });
    try {
      const answer = await new Promise<{ people: Person[] }>((resolve) => {
        old.emit("join", { room: "lobby", name: "Charles" }, resolve);
      });
      expect(
        answer.people.find(({ name }) => name === "Charles"),
      ).toMatchObject({
        transport: "websocket",
        protocol: 3,
      });
      old.emit("message", { room: "lobby", text: "Good old times: 1 €" });
      expect(await heard).toMatchObject({
        name: "Charles",
        text: "Good old times: 1 €",
      });
    } finally {
      old.close();
    }
  });
});

describe("messages", () => {
  test("reach the room and nobody else, and stay for those who come later", async () => {
    const { url } = await start(await folder());
    const ada = await guest(url, "Ada");
    const grace = await guest(url, "Grace");
    const outside = await guest(url, "Alan", "elsewhere");
    const strays: unknown[] = [];
    outside.on("message", (message) => strays.push(message));

    const heard = happened<Message>(grace, "message");
    const answer = await say(ada, "  <b>Hello</b>  ");
    expect(answer.ok).toBe(true);
    expect(await heard).toMatchObject({
      room: "lobby",
      name: "Ada",
      text: "<b>Hello</b>",
    });

    const late = await connect(url);
    const joined = await enter(late, "Late");
    expect(joined.ok && texts(joined.history)).toEqual(["<b>Hello</b>"]);
    await say(outside, "done", { room: "elsewhere" });
    expect(strays).toMatchObject([{ room: "elsewhere" }]);
  });

  test("of a room are remembered up to 50", async () => {
    const data = await folder();
    const { url } = await start(data);
    for (const name of ["a", "b", "c"]) {
      const socket = await guest(url, name);
      for (let number = 0; number < 20; number += 1)
        await say(socket, `${name}${number}`);
    }
    const late = await connect(url);
    const joined = await enter(late, "Late");
    expect(joined.ok && joined.history).toHaveLength(50);
    expect(joined.ok && texts(joined.history).at(0)).toBe("a10");
    expect(joined.ok && texts(joined.history).at(-1)).toBe("c19");
  });

  test("are taken once, however often they are sent", async () => {
    const { url } = await start(await folder());
    const ada = await guest(url, "Ada");
    const heard: Message[] = [];
    ada.on("message", (message: Message) => heard.push(message));
    const id = randomUUID();
    const answers = await Promise.all(
      [1, 2, 3].map(() => say(ada, "once", { id })),
    );
    expect(new Set(answers.map((answer) => answer.ok && answer.seq)).size).toBe(
      1,
    );
    await say(ada, "end");
    expect(texts(heard)).toEqual(["once", "end"]);
  });

  test("are limited in their rate, and the answer says how long to wait", async () => {
    const { url } = await start(await folder());
    const ada = await guest(url, "Ada");
    const many = Array.from({ length: 40 }, (_, number) =>
      say(ada, String(number)),
    );
    const answers = await Promise.all(many);
    const refused = answers.flatMap((answer) =>
      answer.ok ? [] : [answer.error],
    );
    expect(refused.length).toBeGreaterThan(0);
    for (const error of refused) {
      expect(error.code).toBe("rate");
      expect(error.retryAfter).toBeGreaterThan(0);
    }
  });

  test("are announced by typing, to the others", async () => {
    const { url } = await start(await folder());
    const ada = await guest(url, "Ada");
    const grace = await guest(url, "Grace");
    const typing = happened(grace, "typing");
    ada.emit("typing", { room: "lobby" });
    expect(await typing).toEqual({ room: "lobby", name: "Ada" });
  });
});

describe("files", () => {
  test("arrive byte for byte; pictures are known by their first bytes", async () => {
    const { url } = await start(await folder());
    const ada = await guest(url, "Ada");
    const grace = await guest(url, "Grace");
    const heard = happened<Message>(grace, "message");
    await say(ada, "look", {
      file: { name: "../a<b>.png", type: "text/html", data: PNG },
    });
    const message = await heard;
    expect(message.file).toEqual({
      name: "_a_b_.png",
      type: "image/png",
      size: PNG.length,
      inline: true,
    });
    expect(PNG.equals(await fetchFile(grace, message.id))).toBe(true);
  });

  test("that only claim to be pictures are not shown", async () => {
    const { url } = await start(await folder());
    const ada = await guest(url, "Ada");
    const claims = [
      { type: "image/svg+xml", data: Buffer.from("<svg onload='alert(1)'/>") },
      { type: "image/png", data: Buffer.from("<script>alert(1)</script>") },
    ];
    for (const claim of claims) {
      const heard = happened<Message>(ada, "message");
      await say(ada, "", { file: { name: "x", ...claim } });
      expect((await heard).file?.inline).toBe(false);
    }
  });

  test("over the limit are refused, over the transport's limit end the connection only", async () => {
    const { url } = await start(await folder());
    const ada = await guest(url, "Ada");
    const file = { name: "big", data: Buffer.alloc(2_000_001) };
    expect(await say(ada, "", { file })).toMatchObject({
      ok: false,
      error: { code: "too-large" },
    });

    const grace = await guest(url, "Grace");
    const gone = happened(grace, "disconnect");
    grace.emit("message", {
      room: "lobby",
      file: { name: "huge", data: Buffer.alloc(4_000_000) },
    });
    await gone;
    expect(await say(ada, "still here")).toMatchObject({ ok: true });
  });

  test("belong to their room", async () => {
    const { url } = await start(await folder());
    const ada = await guest(url, "Ada");
    const answer = await say(ada, "", { file: { name: "x", data: PNG } });
    const outside = await guest(url, "Alan", "elsewhere");
    const id = answer.ok ? answer.id : "";
    for (const room of ["lobby", "elsewhere"]) {
      expect(await ask(outside, "file", { room, id })).toMatchObject({
        ok: false,
      });
    }
  });
});

describe("what does not fit", () => {
  const name = "Ada";
  const room = "lobby";
  const table: [string, unknown[]][] = [
    ["join", []],
    ["join", [null]],
    ["join", ["lobby"]],
    ["join", [[room, name]]],
    ["join", [{ room }]],
    ["join", [{ room, name: "" }]],
    ["join", [{ room, name: "x".repeat(25) }]],
    ["join", [{ room, name: "<b>" }]],
    ["join", [{ room, name: "\u202eadA" }]],
    ["join", [{ room, name: "a" + "\u0301".repeat(20) }]],
    ["join", [{ room, name: { toString: "Ada" } }]],
    ["join", [{ room: "../x", name }]],
    ["join", [{ room: "__proto__", name }]],
    ["join", [{ room: "r".repeat(25), name }]],
    ["join", [{ room, name, key: 1 }]],
    ["message", [{ room, text: "" }]],
    ["message", [{ room, text: 1 }]],
    ["message", [{ room, text: "x".repeat(2001) }]],
    ["message", [{ room, text: "x", id: "../../etc/passwd" }]],
    ["message", [{ room, file: "x" }]],
    ["message", [{ room, file: { name: "x", data: "x" } }]],
    ["message", [{ room, file: { name: 1, data: PNG } }]],
    ["message", [{ room: "elsewhere", text: "not joined" }]],
    ["typing", [{ room: "elsewhere" }]],
    ["leave", [{}]],
    ["file", [{ room, id: "x" }]],
    ["file", [{ room, id: randomUUID() }]],
  ];

  test("is answered with a sentence, and the chat goes on", async () => {
    const { url, output } = await start(await folder());
    for (const [index, [event, args]] of table.entries()) {
      const socket = await guest(url, `Probe ${index}`);
      const answer = await ask(socket, event, ...args);
      const error = answer.ok ? undefined : answer.error;
      const asked = `${event} ${JSON.stringify(args)}`;
      expect(error?.message, asked).toMatch(/^.{10,}\.$/);
      expect(error?.code, asked).not.toBe("internal");
      // Without an acknowledgement there is nobody to tell, and nothing breaks.
      socket.emit(event, ...args);
      expect(await say(socket, "alive")).toMatchObject({ ok: true });
      socket.disconnect();
    }
    expect(output()).not.toMatch(/Error/);
  });
});
