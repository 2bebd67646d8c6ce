/** What HTTP adds: cookies, origins, compression, and JSONP. */
import { expect } from "vitest";
import { Fetch } from "../../../src/client/index.js";
import { heard, type ClientFeature } from "./rig.js";

const FRIEND = "https://friend.example";

/** Runs the task, and says how the answers to `fetch` were encoded. */
async function encodings(task: () => Promise<void>): Promise<unknown[]> {
  const seen: unknown[] = [];
  const fetched = globalThis.fetch;
  globalThis.fetch = async (...args) => {
    const response = await fetched(...args);
    seen.push(response.headers.get("content-encoding"));
    return response;
  };
  try {
    await task();
  } finally {
    globalThis.fetch = fetched;
  }
  return seen;
}

export const http: readonly ClientFeature[] = [
  {
    name: "cookie comes back",
    transports: ["polling", "upgrade"],
    async run(rig) {
      const server = await rig.start({
        options: { cookie: "io" },
        cookies: true,
      });
      const { client } = await rig.ends(server, { withCredentials: true });
      const sid = client.io.engine?.id ?? "";
      expect(await server.told.args("cookies")).toEqual([null]);
      expect(await server.told.args("cookies")).toEqual([`io=${sid}`]);
    },
  },
  {
    name: "CORS: an origin that is allowed, and one that is not",
    async run(rig) {
      const server = await rig.start({
        options: { cors_allowed_origins: [FRIEND] },
      });
      const from = (origin: string) => ({
        extraHeaders: { origin },
        reconnection: false,
      });
      await rig.ends(server, from(FRIEND));
      const stranger = rig.open(server, from("https://stranger.example"));
      const [error] = await heard(stranger, "connect_error");
      expect(String(error)).toMatch(/(xhr poll|fetch read|websocket) error/);
    },
  },
  {
    name: "compression, as `Fetch` accepts it",
    transports: ["polling"],
    async run(rig) {
      const server = await rig.start();
      const text = "€ and more of it; ".repeat(500);
      const seen = await encodings(async () => {
        const { client } = await rig.ends(server, { transports: [Fetch] });
        const large = heard(client, "large");
        await server.emit("large", text);
        expect(await large).toEqual([text]);
      });
      expect(seen).toContain("gzip");
      expect(seen).toContain(null);
    },
  },
];
