/** `Client` and servers before 1.0, in processes of their own. */
import { afterAll, describe, expect, it } from "vitest";
import { SocketHandler } from "../../../src/client/index.js";
import { arrival, heard, PEERS, start } from "../old-servers.js";
import { client, failure, happens } from "./support.js";

const TEXT = "aé€😀";

afterAll(async () => {
  for (const peer of Object.values(PEERS)) await peer.shutDown();
});

class Notes extends SocketHandler {
  readonly calls: unknown[][] = [];
  override onError(reason: string, advice: unknown) {
    this.calls.push(["error", reason, advice]);
  }
  onMessage(message: unknown) {
    this.calls.push(["message", message]);
    return undefined;
  }
  onAsk(value: unknown) {
    return [value, TEXT];
  }
}

describe("with a server of 0.9.19", () => {
  const peer = PEERS["0.9"];

  it("events, answers and messages go both ways", async () => {
    const { url, server } = await start(peer);
    const arrived = arrival(server);
    const c = client();
    const notes = await c.connect(url, new Notes());
    const end = await arrived;
    end.on("echo", (value: unknown, answer: (value: unknown) => void) =>
      answer(value),
    );
    expect(await c.call("echo", { text: TEXT })).toEqual({ text: TEXT });
    const message = heard(end, "message");
    c.send(TEXT);
    expect((await message)[0]).toBe(TEXT);
    end.send(TEXT);
    end.json({ a: 1 });
    const answer = new Promise<unknown[]>((resolve) =>
      end.emit("ask", 7, (...values: unknown[]) => resolve(values)),
    );
    expect(await answer).toEqual([7, TEXT]);
    expect(notes.calls).toEqual([
      ["message", TEXT],
      ["message", { a: 1 }],
    ]);
  });

  it("channels are opened, or refused with a reason", async () => {
    const { url, server } = await start(peer);
    const arrived = arrival(server, "/chat");
    const c = client();
    await c.connect(url);
    const chat = await c.connect("/chat", new Notes());
    const message = heard(await arrived, "message");
    chat.send("to the channel");
    expect((await message)[0]).toBe("to the channel");
    const denied = new Notes();
    const error = await failure(c.connect("/deny", denied));
    expect(error.message).toBe(
      'namespace "/deny" failed to connect: unauthorized',
    );
    expect(denied.calls).toEqual([["error", "unauthorized", undefined]]);
  });

  it("comes back, asking again for the address", async () => {
    const { url, server } = await start(peer);
    let attempts = 0;
    const c = client();
    const first = arrival(server);
    await c.connect(() => `${url}?n=${++attempts}`);
    expect((await first).query.n).toBe("1");
    const back = happens(c, "connect");
    const arrived = arrival(server);
    await server.cut();
    await back;
    expect((await arrived).query.n).toBe("2");
  });
});

describe.each(["0.8", "0.7"] as const)("with a server of %s", (generation) => {
  it("asks and is answered", async () => {
    const { url, server } = await start(PEERS[generation]);
    const arrived = arrival(server);
    const c = client();
    await c.connect(url);
    (await arrived).on(
      "echo",
      (value: unknown, answer: (value: unknown) => void) => answer(value),
    );
    expect(await c.call("echo", TEXT)).toBe(TEXT);
  });
});

describe("with a server of 0.6", () => {
  it("messages are all there is", async () => {
    const { url, server } = await start(PEERS["0.6"]);
    const arrived = arrival(server);
    const c = client();
    const notes = await c.connect(url, new Notes());
    const end = await arrived;
    const message = heard(end, "message");
    c.send(TEXT);
    expect((await message)[0]).toBe(TEXT);
    const said = c.events();
    end.send(TEXT);
    expect((await said.next()).value).toEqual(["message", TEXT]);
    expect(notes.calls).toEqual([["message", TEXT]]);
  });
});
