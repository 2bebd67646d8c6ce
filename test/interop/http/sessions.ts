/** Rows about requests of a session that polls, in good order and not. */
import type { Answer } from "../raw.js";
import { within } from "../rig.js";
import { echo, OCTETS, POLL, post, TEXT, type Row } from "./row.js";
import { seen, type Site } from "./site.js";

export const SESSIONS: readonly Row[] = [
  {
    name: "a second poll ends the session",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      const held = await site.begin(path);
      return {
        second: seen(await site.ask(path)),
        held: seen(await held.answer),
        after: seen(await site.ask(path)),
      };
    },
  },
  {
    name: "a second post ends the session",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      const first = await site.begin(path, {
        method: "POST",
        headers: { ...TEXT, "Content-Length": "100" },
      });
      const second = seen(await site.ask(path, post("40")));
      await within(first.answer, "the end of the first post");
      return { second, after: seen(await site.ask(path)) };
    },
  },
  {
    name: "a post above maxHttpBufferSize",
    options: { maxHttpBufferSize: 100 },
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      return {
        large: seen(await site.ask(path, post("4".repeat(101)))),
        after: seen(await site.ask(path, post("40"))),
      };
    },
  },
  {
    name: "a post of exactly maxHttpBufferSize",
    options: { maxHttpBufferSize: 100 },
    run: async (site) => {
      echo(site);
      const path = `${POLL}&sid=${await site.greet()}`;
      await site.ask(path, post("40"));
      const event = `42["echo","${"x".repeat(87)}"]`;
      return [
        Buffer.byteLength(event),
        seen(await site.ask(path, post(event))),
        await polled(site, path, "echo"),
      ];
    },
  },
  {
    name: "binary posts are for EIO3",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      return [
        seen(await site.ask(path, post(Buffer.from([4, 1, 2]), OCTETS))),
        seen(await site.ask(path)),
      ];
    },
  },
  {
    name: "what is no packet ends the session",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      return [
        seen(await site.ask(path, post("garbage"))),
        seen(await site.ask(path)),
      ];
    },
  },
  {
    name: "the close packet ends the session and the held poll",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      const held = await site.begin(path);
      return [
        seen(await site.ask(path, post("1"))),
        // With a packet that says nothing more: the client has left.
        (await held.answer).status,
        seen(await site.ask(path)),
      ];
    },
  },
  {
    name: "other methods on a session",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      return [
        seen(await site.ask(path, { method: "PUT" })),
        seen(await site.ask(path, { method: "DELETE" })),
        seen(await site.ask(path, post("40"))).status,
      ];
    },
    // The reference answers 500, as if it were at fault.
    better: [badRequest(), badRequest(), 200],
  },
  {
    name: "the server closes while a poll is held",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      await site.ask(path, post("40"));
      await site.ask(path);
      const held = await site.begin(path);
      site.io.disconnectSockets(true);
      return [await lastWords(site, path, await held.answer)];
    },
  },
  {
    name: "the server closes between two polls",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      await site.ask(path, post("40"));
      await site.ask(path);
      site.io.disconnectSockets(true);
      return [await lastWords(site, path, await site.ask(path))];
    },
  },
];

function badRequest(): object {
  return {
    status: 400,
    "content-type": "application/json",
    body: '{"code":3,"message":"Bad request"}',
  };
}

/**
 * The payloads up to the close packet, without packets that say nothing. The
 * close packet has to come in a later payload than the last event: a 4.x
 * client handles events one tick after it closes.
 */
async function lastWords(
  site: Site,
  path: string,
  first: Answer,
): Promise<string[][]> {
  const payloads: string[][] = [];
  for (let answer = first; answer.status === 200;) {
    const packets = String(answer.body).split("\u001e");
    const telling = packets.filter((packet) => packet !== "6");
    if (telling.length > 0) payloads.push(telling);
    if (telling.includes("1")) break;
    answer = await within(site.ask(path), "the next poll");
  }
  return payloads;
}

/** Polls until something contains `words`. */
async function polled(
  site: Site,
  path: string,
  words: string,
): Promise<object> {
  for (;;) {
    const answer = await within(site.ask(path), `a poll with ${words}`);
    if (answer.status !== 200 || String(answer.body).includes(words))
      return seen(answer);
  }
}
