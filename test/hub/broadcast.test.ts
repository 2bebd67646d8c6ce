/** One event for many peers, and the answers to it. */
import { expect, test, vi } from "vitest";
import { eio3, eio4 } from "../../src/dialects/index.js";
import { PendingAcks } from "../../src/hub/acks.js";
import { Broadcast } from "../../src/hub/broadcast.js";

const EVENT = {
  type: "event",
  nsp: "/",
  args: ["x", "y"] as [string, string],
  offset: "~1",
} as const;

test("each dialect encodes once, in whatever order its speakers come", () => {
  const dialects = [eio4({}), eio3({})] as const;
  const encode = dialects.map((dialect) => vi.spyOn(dialect, "encode"));
  const broadcast = new Broadcast(
    { ...EVENT },
    { volatile: true, compress: false, shared: true, whenSlow: "disconnect" },
  );
  const deliver = vi.fn();
  for (const index of [0, 1, 1, 0, 0, 1] as const)
    broadcast.to({ id: "", dialect: dialects[index], deliver });
  for (const spy of encode) expect(spy).toHaveBeenCalledOnce();
  const outgoing = deliver.mock.calls.map(([first]) => first as unknown);
  expect(new Set(outgoing).size).toBe(2);
  expect(outgoing[0]).toMatchObject({
    units: ['42["x","y","~1"]'],
    volatile: true,
    compress: false,
    shared: true,
  });
  expect(outgoing[1]).toMatchObject({ units: ['42["x","y"]'] });
});

test("an answer settles once", () => {
  const acks = new PendingAcks();
  const answer = vi.fn();
  acks.expect(1, answer);
  expect(acks.settle(1, ["a"])).toBe(true);
  expect(acks.settle(1, ["b"])).toBe(false);
  expect(answer).toHaveBeenCalledExactlyOnceWith("a");
});

test("the end of a peer is told to those who asked, and all is forgotten", () => {
  const acks = new PendingAcks();
  const gone = vi.fn(() => expect(acks.size).toBe(0));
  const answer = vi.fn();
  acks.expect(1, answer, gone);
  acks.set(2, answer);
  acks.abandon();
  acks.abandon();
  expect(gone).toHaveBeenCalledOnce();
  expect(answer).not.toHaveBeenCalled();
});

test("adapters use it like a map", () => {
  const acks = new PendingAcks();
  const answer = vi.fn();
  acks.set(1, answer);
  expect([acks.has(1), acks.get(1), acks.size]).toEqual([true, answer, 1]);
  expect([acks.delete(1), acks.delete(1)]).toEqual([true, false]);
  expect(acks.get(1)).toBeUndefined();
});
