/**
 * What an attacker's frames may cost: memory in proportion to the bytes that
 * really came, and nothing that grows without end.
 */
import { describe, expect, it } from "vitest";
import { FrameDecoder } from "../../../src/carriers/websocket/decoder.js";
import {
  portablePorts,
  type FramePorts,
} from "../../../src/carriers/websocket/ports.js";
import {
  binary,
  concat,
  continuation,
  cut,
  hex,
  ping,
  Recorder,
  text,
  utf8,
} from "./support.js";

/** A decoder whose allocations are counted. */
function counted(limit: number) {
  const allocations: number[] = [];
  const ports: FramePorts = {
    ...portablePorts,
    allocate(size) {
      allocations.push(size);
      return new Uint8Array(size);
    },
  };
  const recorder = new Recorder();
  const decoder = new FrameDecoder(recorder, limit, ports);
  return {
    allocations,
    recorder,
    decoder,
    total: () => allocations.reduce((sum, size) => sum + size, 0),
  };
}

describe("what frames cost", () => {
  it("an announced length costs nothing until the bytes come", () => {
    const { decoder, allocations, total } = counted(1e9);
    decoder.push(binary(new Uint8Array(10), { announced: 900_000_000n }));
    expect(total()).toBeLessThanOrEqual(64);
    for (let i = 0; i < 100; i++) decoder.push(new Uint8Array(10));
    expect(total()).toBeLessThanOrEqual(4 * 1010);
    expect(allocations.length).toBeLessThan(10);
  });

  it("a length beyond the limit costs nothing at all", () => {
    const { decoder, allocations, recorder } = counted(1e6);
    decoder.push(binary(new Uint8Array(1000), { announced: 1_000_001n }));
    expect(recorder.heard).toEqual([["error", 1009]]);
    expect(allocations).toEqual([]);
  });

  it("a message in chunks of one byte costs what its bytes cost", () => {
    const size = 100_000;
    const { decoder, allocations, recorder, total } = counted(1e6);
    for (const chunk of cut(binary(new Uint8Array(size)), [1]))
      decoder.push(chunk);
    expect(recorder.heard.map(([kind]) => kind)).toEqual(["binary"]);
    expect(allocations.length).toBeLessThan(20);
    expect(total()).toBeLessThan(4 * size);
  });

  // CVE-2026-48779
  it("a message in fragments of one byte costs what its bytes cost", () => {
    const size = 15_000;
    const { decoder, allocations, recorder, total } = counted(1e6);
    decoder.push(text("a", { fin: false }));
    const fragment = continuation(utf8("a"), { fin: false });
    for (let i = 2; i < size; i++) decoder.push(Uint8Array.from(fragment));
    decoder.push(continuation(utf8("a")));
    expect(recorder.heard).toEqual([["text", "a".repeat(size)]]);
    expect(allocations.length).toBeLessThan(20);
    expect(total()).toBeLessThan(4 * size);
  });

  it.each([
    ["of one byte", 1],
    ["of no byte", 0],
  ])("fragments %s do not go on for ever", (_, size) => {
    const { decoder, recorder, total } = counted(1e6);
    const fragment = continuation(new Uint8Array(size).fill(0x61), {
      fin: false,
    });
    decoder.push(text("", { fin: false }));
    let sent = 1;
    while (recorder.heard.length === 0 && sent < 100_000) {
      decoder.push(Uint8Array.from(fragment));
      sent++;
    }
    expect(recorder.heard).toEqual([["error", 1008]]);
    expect(sent).toBe(Math.floor(1e6 / 64) + 1);
    expect(total()).toBeLessThan(4 * sent);
  });

  it("allows some fragments whatever the limit", () => {
    const { decoder, recorder } = counted(64);
    decoder.push(text("a", { fin: false }));
    for (let i = 2; i < 64; i++)
      decoder.push(continuation(utf8("a"), { fin: false }));
    decoder.push(continuation(utf8("a")));
    expect(recorder.heard).toEqual([["text", "a".repeat(64)]]);
  });

  it("counts the fragments of each message anew", () => {
    const { decoder, recorder } = counted(64);
    const message = [text("a", { fin: false }), continuation(utf8("b"))];
    for (let i = 0; i < 200; i++) decoder.push(concat(message));
    expect(recorder.heard).toHaveLength(200);
  });

  it("a control frame that never ends costs 125 bytes", () => {
    const { decoder, allocations, recorder } = counted(1e6);
    decoder.push(ping(new Uint8Array(125)).subarray(0, 100));
    expect(allocations).toEqual([]);
    expect(recorder.heard).toEqual([]);
  });

  it("memory that cannot be had closes the connection, not the process", () => {
    const recorder = new Recorder();
    const decoder = new FrameDecoder(recorder, Infinity, {
      ...portablePorts,
      allocate() {
        throw new RangeError("Array buffer allocation failed");
      },
    });
    decoder.push(binary(new Uint8Array(10), { announced: 1n << 40n }));
    expect(recorder.heard).toEqual([["error", 1009]]);
  });
});

describe("after the end", () => {
  it.each([
    ["a close", hex("8880 00000000")],
    ["an error", hex("8300")],
  ])("nothing is read behind %s, in the same chunk or later", (_, last) => {
    const { decoder, recorder } = counted(1e6);
    decoder.push(concat([last, text("a")]));
    decoder.push(text("b"));
    decoder.push(last);
    expect(recorder.heard).toHaveLength(1);
  });

  it("a handler may stop the decoder amid a chunk", () => {
    const heard: unknown[] = [];
    const recorder = new Recorder();
    const decoder: FrameDecoder = new FrameDecoder(
      {
        onMessage(message) {
          heard.push(message);
          decoder.stop();
        },
        onPing: (data) => recorder.onPing(data),
        onPong: (data) => recorder.onPong(data),
        onClose: (code, reason) => recorder.onClose(code, reason),
        onError: (code, message) => recorder.onError(code, message),
      },
      1e6,
      portablePorts,
    );
    decoder.push(concat([text("a"), text("b"), hex("8300")]));
    decoder.push(text("c"));
    expect(heard).toEqual(["a"]);
    expect(recorder.heard).toEqual([]);
  });

  it("a handler that throws ends the reading and is not swallowed", () => {
    let calls = 0;
    const fail = () => {
      calls++;
      throw new Error("the handler's own");
    };
    const handler = {
      onMessage: fail,
      onPing: fail,
      onPong: fail,
      onClose: fail,
      onError: fail,
    };
    const decoder = new FrameDecoder(handler, 1e6, portablePorts);
    expect(() => decoder.push(concat([text("a"), text("b")]))).toThrow(
      "the handler's own",
    );
    decoder.push(text("c"));
    expect(calls).toBe(1);
  });
});
