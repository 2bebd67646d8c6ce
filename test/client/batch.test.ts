import { describe, expect, it } from "vitest";
import { batchFor as fit, type Outbound } from "../../src/client/batch.js";
import { LINES } from "../../src/dialects/dialect.js";

const units = (...lengths: number[]) =>
  lengths.map((length) => ({ unit: "x".repeat(length) }));

const batchFor = (waiting: Outbound[], max?: number) =>
  fit(waiting, LINES.polling, max);

describe("what goes into one POST", () => {
  it("is all that waits, within the limits", () => {
    expect(batchFor(units(1, 2, 3), 1000)).toHaveLength(3);
    expect(batchFor(units(1, 2, 3))).toHaveLength(3);
  });

  it("is at most 16 packets", () => {
    expect(batchFor(units(...Array<number>(40).fill(1)), 1e6)).toHaveLength(16);
  });

  it("stays below the server's limit", () => {
    expect(batchFor(units(40, 40, 40), 110)).toHaveLength(2);
  });

  it("is one packet even if that is too large, as the server shall say so", () => {
    expect(batchFor(units(1000, 1), 100)).toHaveLength(1);
  });

  it("counts bytes, not characters, and base64 for binary", () => {
    expect(
      batchFor([{ unit: "€".repeat(30) }, { unit: "€".repeat(30) }], 150),
    ).toHaveLength(1);
    expect(
      batchFor(
        [{ unit: new Uint8Array(90) }, { unit: new Uint8Array(1) }],
        140,
      ),
    ).toHaveLength(1);
  });
});

describe("what goes over WebSocket", () => {
  it("is all that waits", () => {
    const waiting = units(...Array<number>(40).fill(100));
    expect(fit(waiting, LINES.websocket, 100)).toEqual(waiting);
  });
});
