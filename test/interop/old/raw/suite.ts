/**
 * The same conversation with an old server and with ours, one test for each
 * generation, way and feature, and a table of them at the end.
 */
import { afterAll, describe, expect, test } from "vitest";
import { bufferingProxyTo } from "../../proxy.js";
import { omnioServer } from "../peers/omnio.js";
import type { Generation, ServerOptions, ServerPeer } from "../peers/peer.js";
import { Matrix } from "../table.js";
import { Talk } from "./talk.js";

export type Told = (talk: Talk) => Promise<void>;

export interface Feature {
  readonly name: string;
  /** A string says why there is nothing to compare. */
  readonly told: Told | string;
  readonly times: ServerOptions;
  /** The client is behind a proxy that holds every answer back until it is complete. */
  readonly buffered?: boolean;
}

export interface Way {
  readonly name: string;
  readonly features: readonly Feature[];
}

export interface Row {
  readonly old: ServerPeer;
  readonly ways: readonly Way[];
}

export function runSideBySide(
  title: string,
  file: string,
  rows: readonly Row[],
): void {
  const matrix = new Matrix();
  const ours = omnioServer();
  const names = new Set<string>();

  for (const { old, ways } of rows) {
    const pair = pairOf(old);
    for (const { name: way, features } of ways) {
      const conversations: [Feature, Told][] = [];
      for (const feature of features) {
        const { name, told } = feature;
        names.add(name);
        if (typeof told !== "string") conversations.push([feature, told]);
        else {
          matrix.record(pair, way, name, "—");
          matrix.note(pair, way, `—: ${told}`);
        }
      }
      if (conversations.length === 0) continue;
      describe(`${pair}, ${way}`, () => {
        for (const [feature, told] of conversations)
          test.concurrent(feature.name, { timeout: 60_000 }, async () => {
            matrix.record(pair, way, feature.name, "FAIL");
            const [theirs, mine] = await Promise.all(
              [old, ours].map((peer) =>
                had(peer, old.generation, feature, told),
              ),
            );
            expect(theirs?.length).toBeGreaterThan(0);
            expect(mine).toEqual(theirs);
            matrix.record(pair, way, feature.name, "ok");
          });
      });
    }
  }

  afterAll(async () => {
    await Promise.all(rows.map(({ old }) => old.shutDown()));
    const text = matrix.render(
      title,
      rows.map(({ old, ways }) => [pairOf(old), ways.map(({ name }) => name)]),
      [...names],
    );
    matrix.write(file, text);
    console.log(text);
  });
}

const pairOf = ({ version }: ServerPeer): string =>
  `omnio server = socket.io ${version}`;

async function had(
  peer: ServerPeer,
  generation: Generation,
  { times, buffered = false }: Feature,
  told: Told,
): Promise<readonly string[]> {
  const server = await peer.start(times);
  const proxy = buffered ? await bufferingProxyTo(server.port) : undefined;
  const talk = new Talk(server, generation, proxy?.port);
  try {
    await told(talk);
    return talk.said;
  } finally {
    talk.close();
    await proxy?.close();
    await server.close();
  }
}
