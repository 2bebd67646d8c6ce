/** Who hears what: namespaces, refusals, rooms and broadcasts. */
import { expect } from "vitest";
import { acked, next, within, type Ends } from "../rig.js";
import type { End, Listening } from "../peers/peer.js";
import type { Feature } from "./feature.js";

export const namespaces: Feature = {
  name: "namespaces",
  async run(rig) {
    const server = await rig.start();
    const root = await rig.ends(server);
    const chat = await rig.joined(server, root.client, "/chat");
    const other = await rig.joined(server, root.client, "/other");
    const heard: string[] = [];
    for (const [name, { client }] of Object.entries({ root, chat, other }))
      client.on("news", (value: string) => heard.push(`${name} ${value}`));
    server.of("").emit("news", "1");
    server.of("/chat").emit("news", "2");
    chat.server.emit("news", "3");
    other.server.send("in other");
    expect(await next(other.client, "message")).toEqual(["in other"]);
    await roundTrips(root, chat, other);
    expect(heard.sort()).toEqual(["chat 2", "chat 3", "root 1"]);

    // Acknowledgements are counted for each namespace by itself.
    for (const [name, { server: end }] of Object.entries({ root, chat, other }))
      end.on("where", (done: (name: string) => void) => done(name));
    const where = [root, chat, other].map(({ client }) =>
      acked(client, "where"),
    );
    expect(await Promise.all(where)).toEqual([["root"], ["chat"], ["other"]]);

    const left = next(chat.server, "disconnect", "the server sees it leave");
    chat.client.disconnect();
    await left;
    expect(await acked(other.client, "where")).toEqual(["other"]);
    expect(await acked(root.client, "where")).toEqual(["root"]);
  },
};

/** A client may name its namespace when it connects. */
export const directNamespace: Feature = {
  name: "direct nsp",
  async run(rig) {
    const server = await rig.start();
    const chat = await rig.ends(server, { namespace: "/chat" });
    chat.server.on("where", (done: (name: string) => void) => done("chat"));
    expect(await acked(chat.client, "where")).toEqual(["chat"]);
    const gone = next(chat.server, "disconnect");
    chat.client.disconnect();
    await gone;
  },
};

export const refusal: Feature = {
  name: "refusal",
  async run(rig) {
    const server = await rig.start();
    const entered: string[] = [];
    for (const name of ["/deny", "/fault"])
      server.of(name).on("connection", () => entered.push(name));
    const root = await rig.ends(server);
    root.server.on("alive", (done: () => void) => done());

    const deny = root.client.of("/deny");
    const [refused] = await next(deny, "connect_failed", "the refusal");
    expect(wordsOf(refused)).toBe("unauthorized");
    // Servers before 1.0 have no words for an error, and ours has but one refusal for them.
    const fault = root.client.of("/fault");
    const ours = rig.pair.server.generation === "now";
    await next(fault, ours ? "connect_failed" : "error", "the error");
    await acked(root.client, "alive");
    expect(entered).toEqual([]);
  },
};

function wordsOf(refusal: unknown): unknown {
  return refusal instanceof Error ? refusal.message : refusal;
}

export const authorization: Feature = {
  name: "authorize",
  async run(rig) {
    const server = await rig.start();
    const entered: unknown[] = [];
    server.of("").on("connection", (end: unknown) => entered.push(end));
    const ours = rig.pair.server.generation === "now";
    for (const [token, words] of [
      ["refused", "handshake unauthorized"],
      ["broken", ours ? "handshake unauthorized" : "handshake error"],
    ]) {
      const client = await rig.open(server, { query: `token=${token}` });
      client.on("connect", () => entered.push("connected"));
      const [error] = await next(client, "error", `not: ${token}`);
      if (rig.pair.client.generation !== "now") expect(error).toBe(words);
    }
    expect(entered).toEqual([]);
    await rig.ends(server, { query: "token=welcome" });
    expect(entered.length).toBe(1);
  },
};

export const query: Feature = {
  name: "query",
  async run(rig) {
    const server = await rig.start();
    const { server: end } = await rig.ends(server, {
      query: "token=secret&name=ada",
    });
    expect(end.query).toMatchObject({ token: "secret", name: "ada" });
  },
};

export const rooms: Feature = {
  name: "rooms",
  async run(rig) {
    const server = await rig.start();
    const ada = await rig.ends(server);
    const bob = await rig.ends(server);
    const cyd = await rig.ends(server);
    const heard = record({ ada, bob, cyd });
    await ada.server.join("red");
    await bob.server.join("red");
    await cyd.server.join("blue");

    server.of("").emit("news", "all");
    server.of("").to("red").emit("news", "red €");
    ada.server.others("red").emit("news", "red but ada");
    bob.server.others().emit("news", "all but bob");
    await roundTrips(ada, bob, cyd);
    expect(heard).toEqual({
      ada: ["all", "red €", "all but bob"],
      bob: ["all", "red €", "red but ada"],
      cyd: ["all", "all but bob"],
    });

    await ada.server.leave("red");
    server.of("").to("red").emit("news", "red without ada");
    await roundTrips(bob);
    const gone = next(bob.server, "disconnect");
    bob.client.disconnect();
    await gone;
    server.of("").to("red").emit("news", "nobody");
    await roundTrips(ada, cyd);
    expect(heard["bob"]?.at(-1)).toBe("red without ada");
    expect(heard["ada"]?.length).toBe(3);
  },
};

/** The one way to reach everybody that 0.6 has too. */
export const broadcast: Feature = {
  name: "broadcast",
  async run(rig) {
    const server = await rig.start();
    const ada = await rig.ends(server);
    const bob = await rig.ends(server);
    const toBoth = [hears(ada.client, "all €"), hears(bob.client, "all €")];
    server.of("").send("all €");
    await Promise.all(toBoth);
    const heard: unknown[] = [];
    ada.client.on("message", (text: unknown) => heard.push(text));
    const toBob = hears(bob.client, "all but ada");
    ada.server.others().send("all but ada");
    await toBob;
    const last = hears(ada.client, "last");
    ada.server.send("last");
    await last;
    expect(heard).toEqual(["last"]);
  },
};

function hears(source: Listening, text: string): Promise<void> {
  return within(
    new Promise((resolve) => {
      source.on("message", (value: unknown) => {
        if (value === text) resolve();
      });
    }),
    `"${text}"`,
  );
}

function record(people: Record<string, Ends>): Record<string, unknown[]> {
  const heard: Record<string, unknown[]> = {};
  for (const [name, { client }] of Object.entries(people)) {
    const list: unknown[] = (heard[name] = []);
    client.on("news", (value: unknown) => list.push(value));
  }
  return heard;
}

/** After this, everything that the server sent before has arrived. */
async function roundTrips(...all: Ends[]): Promise<void> {
  await Promise.all(all.map(({ client, server }) => arrives(server, client)));
}

async function arrives(from: End, to: Listening): Promise<void> {
  const arrived = next(to, "round trip");
  from.emit("round trip");
  await arrived;
}
