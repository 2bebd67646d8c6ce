/**
 * What the published protocols ask of a server, as a table: each check talks to
 * a server in bytes and ends in what it has heard. Ours have the same outcomes
 * as the protocols' own suites ask for; the words here are our own.
 */
import type { Site, Stream } from "./beside.js";

export interface Check {
  readonly what: string;
  /** What it ends in, for ours and the reference to be compared. */
  run(site: Site): Promise<unknown>;
  /** What has to come of it, if it is known in advance. */
  readonly expected?: unknown;
}

/** How the generations of Engine.IO differ in what the checks say. */
export interface Revision {
  readonly name: string;
  readonly query: string;
  /** Puts packets into one payload. */
  readonly payload: (...packets: string[]) => string;
  /** Who sends pings. */
  readonly beats: "server" | "client";
  /** A binary message, in a payload of text and as a frame. */
  readonly bytes: { readonly text: string; readonly frame: Buffer };
}

export const REVISIONS: readonly Revision[] = [
  {
    name: "Engine.IO 4",
    query: "EIO=4",
    payload: (...packets) => packets.join("\x1e"),
    beats: "server",
    bytes: { text: "bAQIDBA==", frame: Buffer.from([1, 2, 3, 4]) },
  },
  {
    name: "Engine.IO 3",
    query: "EIO=3",
    payload: (...packets) =>
      packets.map((packet) => `${packet.length}:${packet}`).join(""),
    beats: "client",
    bytes: { text: "b4AQIDBA==", frame: Buffer.from([4, 1, 2, 3, 4]) },
  },
];

/** Times are those of the site: intervals as short as tests can bear. */
export function engineChecks({
  query,
  payload,
  beats,
  bytes,
}: Revision): Check[] {
  const polling = `${query}&transport=polling`;
  const websocket = `${query}&transport=websocket`;
  const shape = (open: string) => {
    const hello = JSON.parse(open.slice(open.indexOf("{"))) as Record<
      string,
      unknown
    >;
    return { ...hello, sid: typeof hello.sid };
  };
  const opened = async (site: Site, of = websocket): Promise<Stream> => {
    const stream = site.stream(of);
    await stream.next();
    return stream;
  };
  const refused = (what: string, of: string, method?: string): Check => ({
    what: `a handshake ${what} is refused`,
    run: async (site) => {
      const { status, body } = await site.ask(of, undefined, method);
      return [status, body];
    },
  });

  return [
    {
      what: "a handshake over polling",
      run: async (site) => {
        const { status, headers, body } = await site.ask(polling);
        return [status, headers["content-type"], shape(body)];
      },
    },
    {
      what: "a handshake over WebSocket",
      run: async (site) => shape(await site.stream(websocket).next()),
    },
    refused("without a transport", query),
    refused("with an unknown transport", `${query}&transport=abc`),
    refused("by POST", polling, "POST"),
    refused("by PUT", polling, "PUT"),
    refused("with an unknown session", `${polling}&sid=unknown`),
    refused("of a WebSocket without an upgrade", websocket),
    {
      what: "a message over polling and its echo",
      run: async (site) => {
        const session = await site.open(polling);
        const posted = await site.ask(session, payload("4hello"));
        const { status, body } = await site.ask(session);
        return [posted.status, posted.body, status, body];
      },
      expected: [200, "ok", 200, payload("4hello")],
    },
    {
      what: "several messages in one payload, and their echoes in order",
      run: async (site) => {
        const session = await site.open(polling);
        await site.ask(session, payload("4test1", "4test2", "4test3"));
        return (await site.ask(session)).body;
      },
      expected: payload("4test1", "4test2", "4test3"),
    },
    {
      what: "text and bytes in one payload",
      run: async (site) => {
        const session = await site.open(`${polling}&b64=1`);
        await site.ask(session, payload("4hello", bytes.text));
        return (await site.ask(session)).body;
      },
      expected: payload("4hello", bytes.text),
    },
    {
      what: "a payload that is none ends the session",
      run: async (site) => {
        const session = await site.open(polling);
        const { status } = await site.ask(session, "abc");
        return [status, (await site.ask(session)).status];
      },
    },
    {
      what: "two polls at once end the session",
      run: async (site) => {
        const session = await site.open(polling);
        const polls = await Promise.all([site.ask(session), site.ask(session)]);
        const after = await site.ask(session);
        return [
          polls.map(({ status }) => status).sort(),
          polls.map(({ body }) => body).sort(),
          after.status,
        ];
      },
    },
    {
      what: "a message over WebSocket and its echo",
      run: async (site) => {
        const stream = await opened(site);
        await stream.say("4hello");
        return stream.next();
      },
      expected: "4hello",
    },
    {
      what: "bytes over WebSocket and their echo",
      run: async (site) => {
        const stream = await opened(site);
        await stream.say(bytes.frame);
        return stream.next();
      },
      expected: `bytes ${bytes.frame.toString("hex")}`,
    },
    {
      what: "a frame that is no packet ends the WebSocket",
      run: async (site) => {
        const stream = await opened(site);
        await stream.say("abc");
        return stream.next();
      },
      expected: "closed",
    },
    {
      what: "the client's close packet over WebSocket",
      run: async (site) => {
        const stream = await opened(site);
        await stream.say("1");
        // The reference goes on until nobody answers its pings.
        let last = await stream.next();
        while (last === "2") last = await stream.next();
        return last;
      },
      expected: "closed",
    },
    {
      what: "the client's close packet over polling",
      run: async (site) => {
        const session = await site.open(polling);
        const [poll, posted] = await Promise.all([
          site.ask(session),
          site.held().then(() => site.ask(session, payload("1"))),
        ]);
        const after = await site.ask(session);
        return [poll.status, poll.body, posted.status, after.status];
      },
      expected: [200, payload("6"), 200, 400],
    },
    beats === "server"
      ? {
          what: "pings of the server, answered, over WebSocket",
          run: async (site) => {
            const stream = await opened(site);
            const heard = [];
            for (let beat = 0; beat < 3; beat++) {
              heard.push(await stream.next());
              await stream.say("3");
            }
            return heard;
          },
          expected: ["2", "2", "2"],
        }
      : {
          what: "pings of the client, answered, over WebSocket",
          run: async (site) => {
            const stream = await opened(site);
            await stream.say("2");
            const first = await stream.next();
            await stream.say("2");
            return [first, await stream.next()];
          },
          expected: ["3", "3"],
        },
    {
      what: "silence ends a WebSocket",
      run: async (site) => {
        const stream = await opened(site);
        let last = await stream.next();
        while (last === "2") last = await stream.next();
        return last;
      },
      expected: "closed",
    },
    {
      what: "silence ends a session that polls",
      run: async (site) => {
        const session = await site.open(polling);
        await site.gone();
        return (await site.ask(session)).status;
      },
      expected: 400,
    },
    {
      what: "an upgrade, and messages on both sides of it",
      run: async (site) => {
        const session = await site.open(polling);
        const stream = site.stream(session.replace("polling", "websocket"));
        await stream.say("2probe");
        const probed = await stream.next();
        await stream.say("5", "4hello");
        const echo = await stream.next();
        return [probed, echo, (await site.ask(session)).status];
      },
      expected: ["3probe", "4hello", 400],
    },
    {
      what: "a poll that is held while the client changes ends with a noop",
      run: async (site) => {
        const session = await site.open(polling);
        const poll = site.ask(session);
        await site.held();
        const stream = site.stream(session.replace("polling", "websocket"));
        await stream.say("2probe");
        await stream.next();
        const { body } = await poll;
        await stream.say("5", "4hello");
        return [body, await stream.next()];
      },
      expected: [payload("6"), "4hello"],
    },
    {
      what: "a second WebSocket of an upgraded session is not taken",
      run: async (site) => {
        const session = await site.open(polling);
        const change = session.replace("polling", "websocket");
        const stream = site.stream(change);
        await stream.say("2probe");
        await stream.next();
        await stream.say("5", "4a");
        const echo = await stream.next();
        const second = await site.stream(change).next();
        await stream.say("4b");
        return [echo, second, await stream.next()];
      },
      expected: ["4a", "closed", "4b"],
    },
  ];
}
