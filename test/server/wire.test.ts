/** The wire, beside the reference: what a held poll hears, revisions, malformed packets, b64, the end. */
import { createServer } from "node:http";
import { io as connect } from "socket.io-client";
import { describe, expect, test } from "vitest";
import type { Server, ServerOptions } from "../../src/index.js";
import { atEnd, both, KINDS, site, type Kind, type Site } from "./beside.js";

const E3 = "EIO=3&transport=polling";

/** Asks while the server holds a poll, and waits for both. */
async function whileHeld<T>(
  site: Site,
  session: string,
  then: () => Promise<T>,
): Promise<[poll: string, T]> {
  const poll = site.ask(session);
  await site.held();
  const answer = await then();
  return [(await poll).body, answer];
}

describe("a poll at the end of a session", () => {
  test.each([
    ["Engine.IO 4", {}, "EIO=4&transport=polling", "1", "6"],
    ["Engine.IO 3", { allowEIO3: true }, E3, "1:1", "1:6"],
  ])(
    "%s: held while the client says that it closes, it is answered with a noop",
    async (_, options, query, close, noop) => {
      const [ours, theirs] = await both(options, async (site) => {
        const session = await site.open(query);
        // Engine.IO 3 is in the root namespace, and is told so.
        if (query === E3) await site.ask(session);
        return whileHeld(site, session, async () => {
          const { status, body } = await site.ask(session, close);
          return [status, body];
        });
      });
      expect(ours).toEqual(theirs);
      expect(ours[0]).toBe(noop);
    },
  );

  test.each([
    ["held", "1"],
    ["that comes later", "6\x1e1"],
  ])("%s, after a packet that is none", async (when, expected) => {
    const [ours, theirs] = await both({}, async (site) => {
      const session = await site.open();
      const wrong = () => site.ask(session, '42["event of nobody"]');
      if (when === "held") return (await whileHeld(site, session, wrong))[0];
      await wrong();
      return (await site.ask(session)).body;
    });
    expect(ours).toBe(theirs);
    expect(ours).toBe(expected);
  });

  test.each([
    ["a second poll", (site: Site, session: string) => site.ask(session)],
    [
      "bytes in a POST",
      (site: Site, session: string) =>
        site.ask(session, Buffer.from([1]), "POST", {
          "content-type": "application/octet-stream",
        }),
    ],
    [
      "an unknown packet",
      (site: Site, session: string) => site.ask(session, "abc"),
    ],
    ["a ping", (site: Site, session: string) => site.ask(session, "2")],
  ])("held, after %s", async (_, wrong) => {
    const [ours, theirs] = await both({}, async (site) => {
      const session = await site.open();
      const [poll, answer] = await whileHeld(site, session, () =>
        wrong(site, session),
      );
      const after = await site.ask(session);
      return { poll, status: answer.status, after: after.body };
    });
    expect(ours).toEqual(theirs);
  });
});

describe("the revision that a client names", () => {
  const REVISIONS = ["4", "3", "2", "1", "5", "abc", "", undefined];
  const opened = (options: Partial<ServerOptions>) =>
    both(options, async (site) => {
      const answers: string[] = [];
      for (const revision of REVISIONS) {
        const named = revision === undefined ? "" : `&EIO=${revision}`;
        const { status, body } = await site.ask(`transport=polling${named}`);
        answers.push(status === 200 ? "open" : `${status} ${body}`);
      }
      return answers;
    });
  const REFUSED = '400 {"code":5,"message":"Unsupported protocol version"}';

  test("with allowEIO3, all but 4 is 3, as there", async () => {
    const [ours, theirs] = await opened({ allowEIO3: true });
    expect(ours).toEqual(theirs);
  });

  test("without, all but 4 is refused, as there", async () => {
    const [ours, theirs] = await opened({ allowEIO3: false });
    expect(ours).toEqual(theirs);
    expect(ours[1]).toBe(REFUSED);
  });

  test("by default, 2 and 3 are let in, and nobody else who is refused there", async () => {
    const [ours, theirs] = await opened({});
    const let_in = new Set(["4", "3", "2"]);
    expect(ours).toEqual(
      REVISIONS.map((revision, at) =>
        revision !== undefined && let_in.has(revision) ? "open" : theirs[at],
      ),
    );
    expect(ours[4]).toBe(REFUSED);
  });

  test("over a WebSocket, before it is one", async () => {
    const [ours, theirs] = await both({}, async (site) => {
      const answers: string[] = [];
      for (const revision of ["abc", "5", "1"]) {
        const { socket } = site.stream(`transport=websocket&EIO=${revision}`);
        answers.push(
          await new Promise((resolve) => {
            socket.on("open", () => resolve("open"));
            socket.on("unexpected-response", (_, { statusCode }) =>
              resolve(String(statusCode)),
            );
          }),
        );
      }
      return answers;
    });
    expect(ours).toEqual(["400", "400", "400"]);
    // Opened to say so, and closed again.
    expect(theirs).toEqual(["open", "open", "open"]);
  });
});

describe("packets of socket.conn", () => {
  interface Told {
    type: string;
    data?: unknown;
    options?: { compress?: boolean; volatile?: boolean };
  }
  const told = ({ type, data, options }: Told) => ({
    type,
    data: Buffer.isBuffer(data) ? data.toString("hex") : data,
    compress: options?.compress,
    volatile: options?.volatile === true,
  });

  test.each(["packetCreate", "flush"])(
    "%s tells with which options",
    async (event) => {
      const [ours, theirs] = await both({}, async (site) => {
        const heard: ReturnType<typeof told>[] = [];
        site.io.on("connection", (socket) => {
          socket.conn.on(event, (packets: Told | Told[]) =>
            heard.push(
              ...[packets]
                .flat()
                .map(told)
                // That it is in leaves before the handler runs, or after.
                .filter(({ data }) => !String(data).startsWith("0")),
            ),
          );
          socket.emit("plain");
          socket.compress(false).emit("not compressed");
          socket.compress(true).emit("bytes", Buffer.from([1]));
          site.io.compress(false).emit("all");
          // A volatile one needs a line that is free.
          setImmediate(() => socket.volatile.compress(false).emit("volatile"));
        });
        const stream = site.stream();
        await stream.say("40");
        while (!(await stream.next()).includes('"volatile"'));
        return heard;
      });
      expect(ours).toEqual(theirs);
      expect(ours.map(({ compress }) => compress)).toContain(false);
      expect(ours.at(-1)?.volatile).toBe(true);
    },
  );
});

describe("close(callback)", () => {
  const closed = (io: Server) =>
    new Promise<string | undefined>((resolve) => {
      void io.close((error?: NodeJS.ErrnoException) => resolve(error?.code));
    });
  const make = (kind: Kind, ...args: unknown[]) => {
    const Constructor: new (...args: never[]) => unknown = kind;
    return Reflect.construct(Constructor, args) as Server;
  };

  test.each(KINDS)("of %s says what Node says", async (_, kind) => {
    const stopped = make(kind, createServer());
    expect(await closed(stopped)).toBe("ERR_SERVER_NOT_RUNNING");
    const { io } = await site(kind);
    expect(await closed(io)).toBeUndefined();
    expect(await closed(io)).toBe("ERR_SERVER_NOT_RUNNING");
  });

  test.each(KINDS)("of %s rejects for nobody", async (_, kind) => {
    await expect(make(kind, createServer()).close()).resolves.toBeUndefined();
  });
});

test.each([
  ["in the handshake", "&b64=1", ""],
  ["in a poll", "", "&b64=1"],
  ["nowhere", "", ""],
])("Engine.IO 3: b64 %s", async (_, first, later) => {
  const [ours, theirs] = await both({ allowEIO3: true }, async (site) => {
    site.io.on("connection", (socket) =>
      socket.on("go", () => socket.emit("bytes", Buffer.from([1, 2]))),
    );
    const session = await site.open(E3 + first);
    await site.ask(session);
    await site.ask(session, '8:42["go"]');
    const { body, headers } = await site.ask(session + later);
    return [body, headers["content-type"]];
  });
  // Who asks for text in a poll alone gets it here, and bytes there.
  if (later === "") expect(ours).toEqual(theirs);
  expect(ours[1]).toMatch(first + later === "" ? /octet/ : /text/);
});

test.each([
  ["an unknown type", ["49"]],
  ["a letter for a type", ["4x"]],
  ["no count of attachments", ['45["a"]']],
  ["no attachments", ['450-["a"]']],
  ["too many attachments", ['4511-["a"]']],
  [
    "text between attachments",
    ['451-["a",{"_placeholder":true,"num":0}]', '42["b"]'],
  ],
  ["an attachment of nothing", [Buffer.from([1])]],
  [
    "an attachment that is not there",
    ['451-["a",{"_placeholder":true,"num":1}]', Buffer.from([1])],
  ],
  [
    "an attachment by a name",
    ['451-["a",{"_placeholder":true,"num":"splice"}]', Buffer.from([1])],
  ],
  ["JSON that is none", ['42["a"']],
  ["an object for an event", ['42{"a":1}']],
  ["a reserved name", ['42["disconnect"]']],
  ["an object for a name", ["42[{}]"]],
  ["an object for an answer", ['431{"a":1}']],
  ["data for leaving", ['41{"a":1}']],
  ["a binary count for a plain event", ['421-["a"]']],
  ["null for arguments", ["42null"]],
])("a malformed packet says the same there: %s", async (_, frames) => {
  const [ours, theirs] = await both({}, async (site) => {
    const heard: string[] = [];
    const gone = new Promise<void>((resolve) => {
      site.io.on("connection", (socket) => {
        socket.on("error", (error: Error) => heard.push(error.message));
        socket.on("disconnect", (reason) => {
          heard.push(reason);
          resolve();
        });
      });
    });
    const stream = site.stream();
    await stream.say("40");
    // The greeting, and that it is in.
    await stream.take(2);
    await stream.say(...frames);
    await gone;
    return heard;
  });
  expect(ours).toEqual(theirs);
});

test("volatile events of one tick: all of them here, the first there", async () => {
  const answers = await both({ transports: ["websocket"] }, async (site) => {
    site.io.on("connection", (socket) =>
      socket.on("go", () => {
        for (let i = 0; i < 3; i++) socket.volatile.emit("v", i);
        socket.emit("end");
      }),
    );
    const socket = connect(site.url, {
      transports: ["websocket"],
      forceNew: true,
    });
    atEnd(() => socket.disconnect());
    const heard: number[] = [];
    socket.on("v", (n: number) => heard.push(n));
    socket.emit("go");
    await new Promise((resolve) => socket.on("end", resolve as () => void));
    return heard;
  });
  expect(answers).toEqual([[0, 1, 2], [0]]);
});
