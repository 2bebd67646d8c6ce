/** Registers one test for each feature, peer and transport, and prints the table at the end. */
import { afterAll, describe, test } from "vitest";
import { Table } from "./table.js";
import { bePatient } from "./told.js";

export type Transport = "polling" | "websocket" | "upgrade";
export const TRANSPORTS: readonly Transport[] = [
  "polling",
  "websocket",
  "upgrade",
];

const HAS_PYTHON = process.env["PYTHON"] !== undefined;
const WHY =
  "(skipped: there is no Python with python-socketio, see scripts/python.mjs)";

export interface Feature<Rig> {
  readonly name: string;
  /** Where it is tried, unless on all transports. */
  readonly transports?: readonly Transport[];
  /** What the peer itself gets wrong, and where: there the test has to fail. */
  readonly fault?: {
    readonly reason: string;
    readonly applies: (peer: string, transport: Transport) => boolean;
  };
  run(rig: Rig): Promise<void>;
}

export interface Peer<Rig> {
  readonly name: string;
  rig(transport: Transport): Rig;
  shutDown(): Promise<void>;
}

export interface Suite<Rig> {
  title: string;
  file: string;
  peers: readonly Peer<Rig>[];
  features: readonly Feature<Rig>[];
}

export function runMatrix<Rig extends { close(): Promise<void> }>({
  title,
  file,
  peers,
  features,
}: Suite<Rig>): void {
  const table = new Table();
  const columns: string[] = [];

  afterAll(async () => {
    if (!HAS_PYTHON) return;
    await Promise.all(peers.map((peer) => peer.shutDown()));
    const text = table.render(
      title,
      features.map(({ name }) => name),
      columns,
    );
    table.write(file, text);
    console.log(text);
  });

  for (const peer of peers)
    for (const transport of TRANSPORTS) {
      const column = `${peer.name}, ${transport}`;
      columns.push(column);
      describe.skipIf(!HAS_PYTHON)(
        HAS_PYTHON ? column : `${column} ${WHY}`,
        () => {
          for (const feature of features) {
            const { name, transports, fault } = feature;
            if (transports?.includes(transport) === false) {
              table.record(name, column, "—");
              continue;
            }
            const faulty = fault?.applies(peer.name, transport) === true;
            if (faulty) table.note(`known: ${name}: ${fault.reason}`);
            const perform = faulty ? test.fails : test;
            perform(name, async () => {
              table.record(name, column, faulty ? "known" : "FAIL");
              bePatient(faulty ? 1_500 : 8_000);
              const rig = peer.rig(transport);
              try {
                await feature.run(rig);
              } finally {
                await rig.close();
              }
              table.record(name, column, "ok");
            });
          }
        },
      );
    }
}
