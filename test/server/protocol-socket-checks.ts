/** What the protocol of Socket.IO 5 asks of a server, over WebSocket and polling. */
import type { Site, Stream } from "./beside.js";
import type { Check } from "./protocol-checks.js";

/** Ids are made anew for each. */
const plain = (frame: string) =>
  frame.replace(/"(sid|pid)":"[^"]+"/g, '"$1":"..."');

/** A WebSocket that has said this, after the greeting. */
async function said(
  site: Site,
  ...frames: (string | Buffer)[]
): Promise<Stream> {
  const stream = site.stream();
  await stream.say(...frames);
  await stream.next();
  return stream;
}

/** What comes, apart from pings, until there is so much of it or the end. */
async function heard(stream: Stream, count: number): Promise<string[]> {
  const frames: string[] = [];
  while (frames.length < count && frames.at(-1) !== "closed") {
    const frame = await stream.next();
    if (frame === "2") await stream.say("3");
    else frames.push(plain(frame));
  }
  return frames;
}

const asks = (
  what: string,
  frames: (string | Buffer)[],
  expected: string[],
): Check => ({
  what,
  run: async (site) => heard(await said(site, ...frames), expected.length),
  expected,
});

/** In, then something wrong: the connection ends. */
const ends = (what: string, frame: string | Buffer): Check => ({
  what: `${what} ends the connection`,
  run: async (site) => {
    const stream = await said(site, "40");
    await heard(stream, 2);
    await stream.say(frame);
    return heard(stream, 1);
  },
  expected: ["closed"],
});

const IN = '40{"sid":"..."}';
const AUTH = '42["auth",{}]';

export const socketChecks: readonly Check[] = [
  asks("the root namespace", ["40"], [IN, AUTH]),
  asks(
    "the root namespace, with credentials",
    ['40{"token":"123"}'],
    [IN, '42["auth",{"token":"123"}]'],
  ),
  asks(
    "a namespace",
    ["40/custom,"],
    ['40/custom,{"sid":"..."}', '42/custom,["auth",{}]'],
  ),
  asks(
    "a namespace, with credentials",
    ['40/custom,{"token":"abc"}'],
    ['40/custom,{"sid":"..."}', '42/custom,["auth",{"token":"abc"}]'],
  ),
  asks(
    "a namespace that there is not",
    ["40/random"],
    ['44/random,{"message":"Invalid namespace"}'],
  ),
  asks("credentials that are none", ["4abc"], ["closed"]),
  asks("nobody who asks for nothing", [], ["closed"]),
  asks(
    "two namespaces on one connection",
    ["40", "40/custom,"],
    [IN, AUTH, '40/custom,{"sid":"..."}', '42/custom,["auth",{}]'],
  ),
  {
    what: "an event and its answer",
    run: async (site) => {
      const stream = await said(site, "40");
      await heard(stream, 2);
      await stream.say('42["message",1,"2",{"3":[true]}]');
      await stream.say('42456["message-with-ack",1,"2",{"3":[false]}]');
      return heard(stream, 2);
    },
    expected: [
      '42["message-back",1,"2",{"3":[true]}]',
      '43456[1,"2",{"3":[false]}]',
    ],
  },
  {
    what: "bytes, and bytes as an answer",
    run: async (site) => {
      const stream = await said(site, "40");
      await heard(stream, 2);
      const placeholders = [0, 1]
        .map((num) => `{"_placeholder":true,"num":${num}}`)
        .join(",");
      await stream.say(`452-["message",${placeholders}]`);
      await stream.say(Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6]));
      await stream.say(`452-789["message-with-ack",${placeholders}]`);
      await stream.say(Buffer.from([1, 2, 3]), Buffer.from([4, 5, 6]));
      return heard(stream, 6);
    },
    expected: [
      '452-["message-back",{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
      "bytes 010203",
      "bytes 040506",
      '462-789[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]',
      "bytes 010203",
      "bytes 040506",
    ],
  },
  {
    what: "leaving one namespace, and staying in the other",
    run: async (site) => {
      const stream = await said(site, "40", "40/custom");
      await heard(stream, 4);
      await stream.say("41", '42/custom,["message","here"]');
      return heard(stream, 1);
    },
    expected: ['42/custom,["message-back","here"]'],
  },
  {
    what: "coming back to a namespace",
    run: async (site) => {
      const stream = await said(site, "40", "40/custom");
      await heard(stream, 4);
      // At once, the reference takes it for a second time and ends the connection.
      await stream.say("41", '42/custom,["message"]');
      await heard(stream, 1);
      await stream.say("40");
      return heard(stream, 2);
    },
    expected: [IN, AUTH],
  },
  {
    what: "all of it over polling",
    run: async (site) => {
      const session = await site.open();
      await site.ask(session, "40");
      const frames: string[] = [];
      while (!frames.some((frame) => frame.startsWith('42["message-back"'))) {
        const { body } = await site.ask(session);
        const fresh = body.split("\x1e").map(plain);
        if (fresh.some((frame) => frame.includes('"auth"')))
          await site.ask(session, '42["message","a"]');
        frames.push(...fresh.filter((frame) => frame !== "2"));
      }
      return frames;
    },
    expected: [IN, AUTH, '42["message-back","a"]'],
  },
  ends("an event in a namespace that it is not in", '42/custom,["message"]'),
  ends("an event that is none", "42{}"),
  ends("an event without a name", "42[]"),
  ends("an unknown type of packet", "4abc"),
  ends("an unknown packet of the engine", "abc"),
  ends("bytes that belong to nothing", Buffer.from([1])),
  ends("a reserved name", '42["connect"]'),
];
