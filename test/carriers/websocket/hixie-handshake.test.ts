import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  answerHixieHandshake,
  isHixie,
  type HixieRequest,
} from "../../../src/carriers/websocket/hixie-handshake.js";
import { md5 } from "../../../src/runtimes/node/platform.js";
import peers from "./hixie-peers.json" with { type: "json" };
import { cut, hex, toHex } from "./support.js";

/** The example of draft-hixie-thewebsocketprotocol-76, section 1.2. */
const KEY_1 = "4 @1  46546xW%0l 1 5";
const KEY_2 = "12998 5 Y3 1  .P00";
const NONCE = Buffer.from("^n:ds[4U");
const PROOF = "8jKS'y:G*Co,Wxa-";

const HEADERS = {
  host: "example.com",
  connection: "Upgrade",
  upgrade: "WebSocket",
  origin: "http://example.com",
};
const KEYS = { "sec-websocket-key1": KEY_1, "sec-websocket-key2": KEY_2 };

const request = (
  headers: HixieRequest["headers"] = {},
  rest: Partial<HixieRequest> = {},
): HixieRequest => ({
  method: "GET",
  httpVersion: "1.1",
  url: "/demo",
  headers: { ...HEADERS, ...headers },
  ...rest,
});

function accepted(asked: HixieRequest, secure = false) {
  const answer = answerHixieHandshake(asked, secure);
  if (!answer.accepted) throw new Error(answer.message);
  return answer;
}

function proofOf(asked: HixieRequest, nonce: Uint8Array): Uint8Array {
  const { challenge } = accepted(asked);
  if (challenge === undefined) throw new Error("there is nothing to prove");
  expect(challenge.take(nonce)).toBe(8);
  expect(challenge.complete).toBe(true);
  return challenge.proof(md5);
}

describe("a request of hixie", () => {
  it.each<[string, HixieRequest["headers"], boolean]>([
    ["hixie-75", {}, true],
    ["hixie-76", KEYS, true],
    [
      "hixie-76 with a version",
      { ...KEYS, "sec-websocket-version": "0" },
      true,
    ],
    [
      "RFC 6455",
      { "sec-websocket-version": "13", "sec-websocket-key": "x" },
      false,
    ],
    ["RFC 6455 without its key", { "sec-websocket-version": "13" }, false],
    ["RFC 6455 without its version", { "sec-websocket-key": "x" }, false],
    [
      "both",
      { ...KEYS, "sec-websocket-version": "13", "sec-websocket-key": "x" },
      false,
    ],
  ])("is or is not: %s", (_, headers, yes) => {
    expect(isHixie(request(headers))).toBe(yes);
  });
});

describe("hixie-76", () => {
  it("is answered as in the draft's example", () => {
    const asked = request({ ...KEYS, "sec-websocket-protocol": "sample" });
    expect(accepted(asked).lines).toEqual([
      "HTTP/1.1 101 WebSocket Protocol Handshake",
      "Upgrade: WebSocket",
      "Connection: Upgrade",
      "Sec-WebSocket-Origin: http://example.com",
      "Sec-WebSocket-Location: ws://example.com/demo",
      "Sec-WebSocket-Protocol: sample",
    ]);
    expect(Buffer.from(proofOf(asked, NONCE)).toString("latin1")).toBe(PROOF);
  });

  it("takes the nonce in any pieces, and no byte behind it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), {
          minLength: 1,
          maxLength: 9,
        }),
        fc.uint8Array({ maxLength: 20 }),
        (sizes, behind) => {
          const { challenge } = accepted(request(KEYS));
          const bytes = Buffer.concat([NONCE, behind]);
          let taken = 0;
          for (const piece of cut(bytes, sizes)) {
            expect(challenge?.complete).toBe(taken === NONCE.length);
            taken += challenge?.take(piece) ?? 0;
          }
          expect(taken).toBe(NONCE.length);
          const proof = challenge?.proof(md5) ?? NONCE;
          expect(Buffer.from(proof).toString("latin1")).toBe(PROOF);
        },
      ),
    );
  });

  it("reads the numbers that clients hide", () => {
    const hidden = fc
      .tuple(
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.tuple(fc.nat(40), fc.constantFrom(..."!/:Zaz~")), {
          minLength: 1,
          maxLength: 12,
        }),
      )
      .map(([spaces, share, noise]) => {
        const number = Math.floor((share * 0xffffffff) / spaces);
        let key = String(number * spaces);
        const insert = (at: number, what: string) => {
          const place = 1 + (at % Math.max(1, key.length - 1));
          key = key.slice(0, place) + what + key.slice(place);
        };
        for (const [at, character] of noise) insert(at, character);
        for (let i = 0; i < spaces; i++) insert(i * 7, " ");
        return { number, key };
      });
    fc.assert(
      fc.property(
        hidden,
        hidden,
        fc.uint8Array({ minLength: 8, maxLength: 8 }),
        (first, second, nonce) => {
          const numbers = Buffer.alloc(8);
          numbers.writeUInt32BE(first.number, 0);
          numbers.writeUInt32BE(second.number, 4);
          const asked = request({
            "sec-websocket-key1": first.key,
            "sec-websocket-key2": second.key,
          });
          expect(toHex(proofOf(asked, nonce))).toBe(
            createHash("md5").update(numbers).update(nonce).digest("hex"),
          );
        },
      ),
    );
  });

  it.each<[string, string | string[] | undefined]>([
    ["no spaces", "12345"],
    ["a remainder", "1 2 3"],
    ["no digits", "a b"],
    ["more than 32 bits", "42949672 96"],
    ["digits without end", `${"9".repeat(8000)} `],
    ["nothing", ""],
    ["no second key", undefined],
    ["the key twice", ["12 ", "13 "]],
  ])("refuses a key with %s", (_, key) => {
    for (const name of Object.keys(KEYS)) {
      const asked = request({ ...KEYS, [name]: key });
      if (key === undefined && name === "sec-websocket-key1") {
        // Then it is hixie-75.
        expect(accepted(asked).challenge).toBeUndefined();
        continue;
      }
      expect(answerHixieHandshake(asked, false)).toMatchObject({
        accepted: false,
        status: 400,
      });
    }
  });

  it("takes the largest number there is", () => {
    const asked = request({ ...KEYS, "sec-websocket-key1": "4294 967295" });
    // The second key is 1299853100, and has five spaces.
    const numbers = Buffer.alloc(8, 0xff);
    numbers.writeUInt32BE(1_299_853_100 / 5, 4);
    expect(toHex(proofOf(asked, NONCE))).toBe(
      createHash("md5").update(numbers).update(NONCE).digest("hex"),
    );
  });
});

describe("hixie-75", () => {
  it("is answered without a proof, in the words of its time", () => {
    const asked = request({ "websocket-protocol": "sample" });
    expect(accepted(asked)).toEqual({
      accepted: true,
      challenge: undefined,
      lines: [
        "HTTP/1.1 101 Web Socket Protocol Handshake",
        "Upgrade: WebSocket",
        "Connection: Upgrade",
        "WebSocket-Origin: http://example.com",
        "WebSocket-Location: ws://example.com/demo",
        "WebSocket-Protocol: sample",
      ],
    });
  });
});

describe("both drafts", () => {
  it.each([
    [{}, "WebSocket-Location: wss://example.com/demo"],
    [KEYS, "Sec-WebSocket-Location: wss://example.com/demo"],
  ])("tell a client on TLS so", (headers, line) => {
    expect(accepted(request(headers), true).lines).toContain(line);
  });

  it("tell a program that has no origin that it has none", () => {
    const { lines } = accepted(request({ ...KEYS, origin: undefined }));
    expect(lines).toContain("Sec-WebSocket-Origin: null");
  });

  it.each<[string, HixieRequest, number]>([
    ["another method", request({}, { method: "POST" }), 405],
    ["HTTP/1.0", request({}, { httpVersion: "1.0" }), 400],
    ["another Upgrade", request({ upgrade: "h2c" }), 426],
    ["another Connection", request({ connection: "close" }), 400],
    ["no Host", request({ host: undefined }), 400],
    ["no path", request({}, { url: undefined }), 400],
    ["a URL for a path", request({}, { url: "http://example.com/" }), 400],
    ["a line break in Origin", request({ origin: "x\r\nSet-Cookie: a" }), 400],
    ["a line break in Host", request({ host: "x\ny" }), 400],
    ["a line break in the path", request({}, { url: "/\r\n" }), 400],
    [
      "what is no byte in the protocol",
      request({ "websocket-protocol": "€" }),
      400,
    ],
    ["NUL in Origin", request({ ...KEYS, origin: "\0" }), 400],
  ])("refuse %s", (_, asked, status) => {
    expect(answerHixieHandshake(asked, false)).toMatchObject({
      accepted: false,
      status,
    });
  });

  it("never throw, and never answer with a line too many", () => {
    const value = fc.option(
      fc.oneof(
        fc.string(),
        fc.string({ unit: "binary" }),
        fc.array(fc.string()),
      ),
      { nil: undefined },
    );
    const names = [
      ...Object.keys(HEADERS).filter(
        (name) => name !== "upgrade" && name !== "connection",
      ),
      ...Object.keys(KEYS),
      "sec-websocket-protocol",
    ];
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom(...names), value),
        value,
        (headers, url) => {
          const asked = request(headers, {
            url: typeof url === "string" ? `/${url}` : undefined,
          });
          const answer = answerHixieHandshake(asked, false);
          if (answer.accepted)
            expect(
              answer.lines.join("\r\n").split(/\r\n|\r|\n/).length,
            ).toBeLessThanOrEqual(6);
          else expect(answer.message).not.toBe("");
        },
      ),
    );
  });
});

const lowerCase = (headers: Record<string, string | undefined>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );

describe("the old peers", () => {
  it.each(peers.servers.map((peer, at) => ({ ...peer, number: at + 1 })))(
    "socket.io $server answered hixie-$draft with the same bytes (recording $number)",
    ({ url, headers, nonce, head, proof }) => {
      const asked = request(lowerCase(headers), { url });
      expect(isHixie(asked)).toBe(true);
      expect(accepted(asked).lines).toEqual(head);
      if (nonce !== undefined)
        expect(toHex(proofOf(asked, hex(nonce)))).toBe(proof);
    },
  );

  it.each(peers.clients)(
    "$client accepted this proof",
    ({ url, headers, nonce, proof }) => {
      const asked = request(lowerCase(headers), { url });
      expect(isHixie(asked)).toBe(true);
      expect(toHex(proofOf(asked, hex(nonce)))).toBe(proof);
    },
  );
});
