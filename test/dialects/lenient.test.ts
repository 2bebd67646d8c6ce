/** What a client forgives its server: python-socketio says why it takes one out of a namespace. */
import { expect, test } from "vitest";
import type { Dialect } from "../../src/dialects/dialect.js";
import { eio3, eio4 } from "../../src/dialects/index.js";
import { ProtocolError } from "../../src/dialects/packet.js";

test.each<[string, Dialect]>([
  ["eio4", eio4()],
  ["eio3", eio3()],
])("%s: a lenient reader is left with data, and only that", (_, dialect) => {
  const limits = { maxPayload: 1_000_000, maxAttachments: 10, lenient: true };
  const read = (unit: string) => dialect.decoder(limits).push(unit);
  for (const data of ["", "{}", '{"message":"no"}', '"x"', "[]"])
    expect(read(`41/chat,${data}`)).toEqual({ type: "leave", nsp: "/chat" });
  for (const unit of ["41{", "41null", "40[]", "43[]", "42{}"])
    expect(() => read(unit)).toThrow(ProtocolError);
});
