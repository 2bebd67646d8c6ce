/**
 * Before 1.0: whatever arrives, decoders and forms answer with packets or with
 * a ProtocolError; doors never throw at all, and let nothing into a script.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LINES } from "../../src/dialects/dialect.js";
import { v06, v09 } from "../../src/dialects/index.js";
import type { Unit } from "../../src/dialects/packet.js";
import { knockAt, outcome } from "./recordings.js";
import { FUZZ_RUNS, json, LIMITS, list, nsp } from "./support.js";

const TIMEOUT = Math.max(60_000, FUZZ_RUNS * 20);

/** What the heap of a process may differ by that keeps nothing, in bytes. */
const HEAP_NOISE = 8e6;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

function usedHeap(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** What parsers trip over, glued together. */
const pieces = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'0123456789:+?/[]{}",-~<%&='.split(""),
        ...["\ufffd", "\ufffd5\ufffd", "\ufffd99\ufffd", "5:::", "6:::1+"],
        ...["5:1+:/a:", '{"name":"x"', ',"args":[', "1::/a?b", "7:::1+0"],
        ...["~m~", "~h~", "~j~", "~m~3~m~", "~m~99~m~", "sid:60:60:a,b"],
        ...['"__proto__"', "null", "1e9", "9".repeat(20), "\ud83d", "é"],
        ...["d=", "data=", "%", "%4", "%ff", "%22", "\r\n", "\u2028"],
      ),
      fc.string({ maxLength: 3 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

const rawText = fc.oneof(pieces, fc.string({ unit: "binary" }));
const frame: fc.Arbitrary<Unit> = fc.oneof(
  { weight: 9, arbitrary: rawText },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }) },
);
const line = fc.constantFrom(...Object.values(LINES));

describe.each([
  ["v09", v09()],
  ["v06", v06()],
  ["v06 at the other end", { ...v06({ greeted: true }), door: v06().door }],
])("%s", (_, dialect) => {
  const { door } = dialect;

  test("units", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 4 }), (units) => {
        const decoder = dialect.decoder(LIMITS);
        for (const unit of units) {
          outcome(() => decoder.push(unit));
          dialect.describe(unit);
          dialect.recognises(unit);
          expect(decoder.pending).toBe(false);
        }
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  test("frames", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(frame, line, (frame, line) => {
        outcome(() => {
          let size = 0;
          for (const unit of dialect.unframe(frame, line)) {
            size += unit.length;
            outcome(() => dialect.decoder(LIMITS).push(unit));
          }
          expect(size).toBeLessThanOrEqual(frame.length);
        });
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  test("good frames with one thing wrong", { timeout: TIMEOUT }, () => {
    const damage = fc.record({ at: fc.nat(60), drop: fc.nat(3), put: pieces });
    fc.assert(
      fc.property(list(json), nsp, line, damage, (args, nsp, line, damage) => {
        const units = [
          ...dialect.encode({ type: "event", nsp, args: ["message", args] }),
          ...dialect.encode({
            type: "event",
            nsp,
            args: ["x", ...args],
            id: 1,
          }),
          ...dialect.encode({ type: "ack", nsp, id: 1, args }),
        ];
        const { at, drop, put } = damage;
        for (const frame of dialect.frame(units, line)) {
          const text = String(frame);
          const broken = text.slice(0, at) + put + text.slice(at + drop);
          outcome(() => {
            for (const unit of dialect.unframe(broken, line))
              dialect.decoder(LIMITS).push(unit);
          });
        }
      }),
      { numRuns: FUZZ_RUNS / 2 },
    );
  });

  test("nothing is kept of what was read", { timeout: TIMEOUT }, () => {
    // If it were kept, 4 kB of each run would be.
    const ballast = "x".repeat(4_096);
    const decoder = dialect.decoder(LIMITS);
    let runs = 0;
    let before = Infinity;
    fc.assert(
      fc.property(rawText, line, (text, line) => {
        if (++runs === Math.ceil(FUZZ_RUNS / 10)) before = usedHeap();
        const frame = text + runs + ballast;
        outcome(() => decoder.push(frame));
        outcome(() => dialect.unframe(frame, line));
        outcome(() => {
          const knock = door.knock({
            method: "POST",
            path: text,
            query: { t: frame },
            upgrade: false,
          });
          const body = new TextEncoder().encode("d=" + frame);
          if (knock) door.readPost(body, undefined, knock);
        });
      }),
      { numRuns: FUZZ_RUNS },
    );
    expect(usedHeap() - before).toBeLessThan(HEAP_NOISE);
  });

  const part = fc.oneof(
    fc.constantFrom(
      ...["", "0", "1", "2", "1.0", "websocket", "flashsocket", "htmlfile"],
      ...["xhr-multipart", "xhr-polling", "jsonp-polling", "__proto__"],
      ...["toString", "..", "%2f", "sid", "1](x"],
    ),
    rawText,
  );
  const value = fc.oneof(
    fc.constantFrom(undefined, "", "1", "0);alert(1)//", "9".repeat(99)),
    rawText,
    fc.array(rawText, { maxLength: 3 }),
  );
  const request = fc.record({
    method: fc.constantFrom("GET", "POST", "HEAD", "OPTIONS", "", "get"),
    path: fc.oneof(
      fc.array(part, { maxLength: 6 }).map((parts) => "/" + parts.join("/")),
      fc.array(part, { maxLength: 6 }).map((parts) => parts.join("/")),
      fc.string(),
    ),
    query: fc.oneof(
      fc.record(
        { t: value, i: value, jsonp: value, disconnect: value, EIO: value },
        { requiredKeys: [] },
      ),
      fc.dictionary(fc.string(), value),
    ),
    upgrade: fc.boolean(),
  });

  test("requests at the door", { timeout: TIMEOUT }, () => {
    fc.assert(
      fc.property(request, rawText, fc.nat(9), (request, payload, code) => {
        const knock = door.knock(request);
        if (knock === undefined) return;
        expect(knock.jsonp ?? "0").toMatch(/^\d+$/);
        expect(Object.values(LINES)).toContain(knock.line);
        expect(["", "polling", "websocket"]).toContain(knock.family);
        expect(knock.sid).not.toBe("");
        const hello = {
          sid: "s",
          upgrades: [],
          pingInterval: 1,
          pingTimeout: 1,
        };
        for (const answer of [
          door.polled(payload, knock, true),
          door.posted(knock),
          door.refuse(code, payload, knock),
          door.greet?.(hello, [payload, "polling"], knock),
          knock.streams ? door.stream?.(knock).head : undefined,
        ]) {
          if (answer === undefined) continue;
          expect(Object.keys(answer.headers).length).toBeLessThan(3);
          expect(typeof answer.body).toBe("string");
        }
        door.refuseStream?.(code, knock);
      }),
      { numRuns: FUZZ_RUNS },
    );
  });

  test("bodies of POSTs", { timeout: TIMEOUT }, () => {
    const body = fc.oneof(
      rawText.map((text) => new TextEncoder().encode(text)),
      rawText.map((text) => new TextEncoder().encode("d=" + text)),
      rawText.map((text) => new TextEncoder().encode("data=" + text)),
      fc.uint8Array({ maxLength: 30 }),
    );
    fc.assert(
      fc.property(request, body, fc.option(rawText), (request, body, type) => {
        const knock = door.knock({ ...request, method: "POST" });
        if (knock === undefined) return;
        outcome(() => {
          const frame = door.readPost(body, type ?? undefined, knock);
          expect(typeof frame).toBe("string");
          for (const unit of dialect.unframe(frame, knock.line))
            dialect.decoder(LIMITS).push(unit);
        });
      }),
      { numRuns: FUZZ_RUNS },
    );
  });
});

/** What a script calls, whatever the callback is. */
function run(script: string, names: (heard: unknown[]) => object): unknown[] {
  const heard: unknown[] = [];
  runInNewContext(script, names(heard));
  return heard;
}

test.each([
  [v09(), "/1/jsonp-polling/a?i=1", "io.j"],
  [v06(), "/jsonp-polling/a/1/1", "io.JSONP"],
])(
  "answers by a script make one call",
  { timeout: TIMEOUT },
  (dialect, url, name) => {
    const knock = knockAt(dialect, url);
    fc.assert(
      fc.property(rawText, (payload) => {
        const { body } = dialect.door.polled(payload, knock, false);
        const heard = run(String(body), (heard) => {
          const push = (value: unknown) => heard.push(value);
          return name === "io.j"
            ? { io: { j: [undefined, push] } }
            : { io: { JSONP: [undefined, { _: push }] } };
        });
        expect(heard).toEqual([payload]);
      }),
      { numRuns: FUZZ_RUNS / 100 },
    );
  },
);

test.each([
  [v09(), "/1/htmlfile/a", /^<script>([^<]*)<\/script>$/],
  [v06(), "/htmlfile/", /^<script>([^<]*)<\/script>$/],
])(
  "pieces of a page are one script",
  { timeout: TIMEOUT },
  (dialect, url, form) => {
    const stream = dialect.door.stream?.(knockAt(dialect, url));
    fc.assert(
      fc.property(rawText, (payload) => {
        const [, script = ""] = form.exec(stream?.piece(payload) ?? "") ?? [];
        const heard = run(script, (heard) => {
          const push = (value: unknown) => heard.push(value);
          return { _: push, parent: { s: { _: push } }, document: {} };
        });
        expect(heard).toEqual([payload]);
      }),
      { numRuns: FUZZ_RUNS / 100 },
    );
  },
);

test("no packet ends a part of an answer before its end", () => {
  const text = fc
    .array(fc.constantFrom("\n", "--", "socketio", "\r", "x"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, fc.constantFrom(v06(), v09()), (text, dialect) => {
      for (const unit of dialect.encode({
        type: "event",
        nsp: "/",
        args: ["message", text],
      }))
        expect(unit).not.toContain("\n--socketio");
    }),
    { numRuns: FUZZ_RUNS / 10 },
  );
});
