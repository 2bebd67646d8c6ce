/**
 * Payloads and packets that no client sends. Each ends its own session with the
 * reason that the reference gives, or is without consequence.
 */
import { expect, test } from "vitest";
import {
  grownBy,
  MB,
  OCTETS,
  OLD_POLLING,
  OLD_STREAM,
  POLLING,
  Site,
  STREAM,
} from "./site.js";
import { frame, OPCODE, text } from "./wire.js";

const PARSE = "parse error";
const FORCED = "forced close";

const PAYLOADS: [path: string, body: string | Buffer, reason: string][] = [
  [POLLING, "", PARSE],
  [POLLING, "\x1e", PARSE],
  [POLLING, "6\x1e", PARSE],
  [POLLING, "\x1e6", PARSE],
  [POLLING, "x", PARSE],
  [POLLING, "9", PARSE],
  [POLLING, "0", PARSE],
  [POLLING, "0{}", PARSE],
  [POLLING, "é", PARSE],
  [POLLING, "\0", PARSE],
  [POLLING, Buffer.from([0xff, 0xfe]), PARSE],
  [POLLING, "2", "transport error"],
  [POLLING, "2probe", "transport error"],
  [POLLING, "1", "transport close"],
  [POLLING, "b", FORCED],
  [POLLING, "b!!!!", FORCED],
  [POLLING, `b${"A".repeat(900_000)}`, FORCED],
  [POLLING, "4", FORCED],
  [POLLING, "49", FORCED],
  [POLLING, '42["a"', FORCED],
  [POLLING, '42["a"]]', FORCED],
  [POLLING, '42["a"]\x1e4x', FORCED],
  [POLLING, '42["\ud800"]'.slice(0, 6), FORCED],
  [POLLING, `42["echo",${"[".repeat(100_000)}${"]".repeat(100_000)}]`, FORCED],
  [POLLING, `42["echo",${"[".repeat(100_000)}`, FORCED],
  [
    POLLING,
    `42["echo",${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}]`,
    FORCED,
  ],
  [POLLING, `40${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`, FORCED],
  [POLLING, `431${"[".repeat(100_000)}${"]".repeat(100_000)}`, FORCED],
  [OLD_POLLING, "", PARSE],
  [OLD_POLLING, ":", PARSE],
  [OLD_POLLING, "1", PARSE],
  [OLD_POLLING, "2:2", PARSE],
  [OLD_POLLING, "-1:2", PARSE],
  [OLD_POLLING, "+1:2", PARSE],
  [OLD_POLLING, "1e0:2", PARSE],
  [OLD_POLLING, " 1:2", PARSE],
  [OLD_POLLING, "0x1:2", PARSE],
  [OLD_POLLING, "1.0:2", PARSE],
  [OLD_POLLING, "1:22:2", PARSE],
  [OLD_POLLING, `${"9".repeat(900_000)}:2`, PARSE],
  [OLD_POLLING, "9".repeat(900_000), PARSE],
  [OLD_POLLING, "9007199254740993:2", PARSE],
  [OLD_POLLING, "1:7", PARSE],
  [OLD_POLLING, "1:3", "transport error"],
  [OLD_POLLING, "2:b4", FORCED],
  [OLD_POLLING, "1:b", PARSE],
  [OLD_POLLING, "2:b7", PARSE],
  [OLD_POLLING, "2:4x", FORCED],
  [
    OLD_POLLING,
    `200010:42["echo",${"[".repeat(100_000)}${"]".repeat(100_000)}]`,
    PARSE,
  ],
  [
    OLD_POLLING,
    `200011:42["echo",${"[".repeat(100_000)}${"]".repeat(100_000)}]`,
    FORCED,
  ],
];

const short = (body: string | Buffer) =>
  JSON.stringify(String(body).slice(0, 20)).slice(1, -1);

test.each(
  PAYLOADS.map(([path, body, reason], index) => ({
    name: `${index} for ${path.slice(12, 17)}: ${short(body)}`,
    path,
    body,
    reason,
  })),
)("payload $name", async ({ path, body, reason }) => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const poller = await site.poller(path);
    if (path === OLD_POLLING) await poller.get();
    expect((await poller.post(body)).status).toBe(200);
    expect(site.closed.concat(site.left)).toContain(reason);
    // The rest of the session is one close packet, if anything, after a noop.
    expect(["", "1", "6\x1e1", "1:1", "1:61:1"]).toContain(await poller.rest());
  });
  expect(site.count).toBe(1);
});

const DIGITS = (length: number) => Array.from(String(length), Number);

test.each([
  ["digits without end", Buffer.alloc(1_000_000, 9)],
  [
    "digits without end, in small",
    Buffer.concat([Buffer.of(1), Buffer.alloc(400, 1)]),
  ],
  ["zeros without end", Buffer.alloc(1_000_000, 0)],
  ["a length of 2^40", Buffer.from([1, ...DIGITS(2 ** 40), 255, 4])],
  ["ten digits", Buffer.from([1, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 255, 4])],
  ["more than there is", Buffer.from([1, 2, 255, 4])],
  ["less than there is", Buffer.from([1, 1, 255, 4, 4])],
  ["no length", Buffer.from([1, 255, 4])],
  ["an unknown kind", Buffer.from([7, 1, 255, 4])],
  ["an empty packet", Buffer.from([0, 0, 255])],
  ["bytes of another type", Buffer.from([1, 2, 255, 0, 1])],
  ["half a character", Buffer.from([0, 2, 255, 0x34, 0xc3])],
])("EIO3 binary payload with %s", async (_, body) => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    const poller = await site.poller(OLD_POLLING);
    await poller.get();
    const grown = await grownBy(() => poller.post(body, OCTETS));
    expect(grown).toBeLessThan(16 * MB);
    await poller.rest();
  });
  expect([PARSE, FORCED]).toContain(site.left[0]);
  expect(site.count).toBe(1);
});

test("JSONP: the index is digits, and forms of any kind are packets or end the session", async () => {
  const site = await Site.open();
  await site.undisturbed(async () => {
    for (const j of [
      "0",
      "](0);alert(1);//",
      "<script>",
      "1\u2028",
      "%00",
      "../",
      "a".repeat(5000),
      "-1e9",
    ]) {
      const { headers, body } = await site.ask(
        `${POLLING}&j=${encodeURIComponent(j)}`,
      );
      expect(body).toMatch(/^___eio\[\d*\]\("0\{[^<>]*"\);$/);
      expect(headers["content-type"]).toMatch(/^text\/javascript/);
    }
    for (const [form, answer] of [
      ["", PARSE],
      ["d=", PARSE],
      ["e=40", PARSE],
      ["d=%ff", PARSE],
      ["&".repeat(500_000), PARSE],
      [`d=${"\\\\n".repeat(200_000)}`, PARSE],
      [`${"d".repeat(500_000)}=`, PARSE],
      ["d=40&d=41", undefined],
    ]) {
      const { sid } = await site.poller(POLLING, false);
      const path = `${POLLING}&sid=${sid}&j=0`;
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      await site.ask(path, { method: "POST", headers, body: form });
      if (answer !== undefined) expect(site.closed.at(-1)).toBe(answer);
      else expect((await site.ask(path)).body).toMatch(/^___eio\[0\]\("40/);
    }
    const poller = await site.poller();
    const said = "\u2028\u2029</script>";
    await poller.post(`42["echo",${JSON.stringify(said)}]`);
    const { body } = await site.ask(`${poller.path}&j=0`);
    expect(body).not.toMatch(/[\u2028\u2029]/);
  });
});

const PACKETS: [string, string[]][] = [
  ["before CONNECT: an event", ['42["echo"]']],
  ["before CONNECT: an ack", ["431[]"]],
  ["before CONNECT: a disconnect", ["41"]],
  ["before CONNECT: a refusal", ["44"]],
  ["after DISCONNECT: an event", ["40", "41", '42["echo"]']],
  ["after DISCONNECT: a disconnect", ["40", "41", "41"]],
  ["for a namespace not joined: an event", ["40", '42/other,["echo"]']],
  ["for a namespace not joined: an ack", ["40", "43/other,1[]"]],
  ["for a namespace not joined: a disconnect", ["40", "41/other,"]],
  ["joined twice", ["40", "40"]],
  ["a refusal of the client's", ["40", '44{"message":"no"}']],
  ["an ack id of 17 digits", ["40", '4212345678901234567["echo"]']],
  ["an ack id above 2^53", ["40", '429007199254740993["echo"]']],
  ["a negative ack id", ["40", '42-1["echo"]']],
  ["an answer without an id", ["40", "43[]"]],
];

test.each(PACKETS)("packets %s", async (_, packets) => {
  const site = await Site.open({}, (io) => io.of("/other"));
  await site.undisturbed(async () => {
    const wire = await site.stream();
    wire.send(...packets.map(text));
    await wire.ended();
    expect(wire.messages.join()).not.toContain("echo");
    const poller = await site.poller(POLLING, false);
    await poller.post(packets.join("\x1e"));
    expect(await poller.rest()).toMatch(/1$/);
  });
  expect(site.closed).toEqual([FORCED, FORCED]);
  expect(site.count).toBe(1);
});

test("acks for nothing, twice, and of another socket settle nothing", async () => {
  const answers: unknown[] = [];
  const site = await Site.open({}, (io) => {
    io.on("connection", (socket) => {
      if (socket.handshake.query.good === undefined)
        socket.on("ask", () =>
          socket.emit("question", (answer: unknown) =>
            answers.push([socket.id, answer]),
          ),
        );
    });
  });
  await site.undisturbed(async () => {
    const asked = await site.joined();
    const other = await site.joined();
    asked.send(text('42["ask"]'));
    const id = /^42(\d+)/.exec(await asked.hears(/question/))?.[1];
    other.send(text(`43${id}["stolen"]`), text('42["echo",1]'));
    await other.hears(/echo/);
    for (const wrong of ["43999[1]", "439007199254740991[1]"])
      asked.send(text(wrong));
    asked.send(text(`43${id}["mine"]`), text(`43${id}["again"]`));
    asked.send(text('42["echo",1]'));
    await asked.hears(/echo/);
  });
  expect(answers).toEqual([[expect.any(String), "mine"]]);
});

const NAMES = [
  "__proto__",
  "constructor",
  "prototype",
  "",
  " ",
  "\0",
  "\ud800",
  "x".repeat(900_000),
];

test("rooms, events and namespaces of any name", async () => {
  const site = await Site.open({}, (io) => {
    io.on("connection", (socket) =>
      socket.on("join", async (room: string) => {
        await socket.join(room);
        io.to(room).emit("joined", socket.rooms.has(room));
        await socket.leave(room);
        socket.emit("left", socket.rooms.has(room));
      }),
    );
    io.of((name, _auth, allow) => allow(null, name.startsWith("/__proto__")));
  });
  await site.undisturbed(async () => {
    for (const path of [STREAM, OLD_STREAM])
      for (const name of NAMES) {
        const wire = await site.joined(path);
        const json = JSON.stringify(name);
        wire.send(text(`42["join",${json}]`));
        expect(await wire.hears(/joined/)).toBe('42["joined",true]');
        expect(await wire.hears(/left/)).toBe('42["left",false]');
        wire.send(text(`42[${json},1]`), text('42["echo",1]'));
        await wire.hears(/echo/);
        wire.send(text(`40/${name.replace("\ud800", "!") || "x"},`));
        await wire.hears(name === "__proto__" ? /^40\/__proto__/ : /^44\//);
        wire.send(text('42["echo",2]'));
        await wire.hears(/"echo",2/);
        wire.socket.destroy();
      }
  });
  expect(site.handlerErrors).toEqual([]);
  expect(site.io.of("/").adapter.rooms.size).toBeLessThan(NAMES.length);
});

test("noise: random bytes as payloads, messages and frames", async () => {
  const site = await Site.open();
  // The same noise in every run.
  let state = 1;
  const random = (below: number) => {
    state = (state * 48_271) % 0x7fffffff;
    return state % below;
  };
  const alphabet = '0123456789b[]{}",:-/?_\\ueE.\x1e\0é';
  const noise = () =>
    Array.from(
      { length: random(40) },
      () => alphabet[random(alphabet.length)],
    ).join("");
  await site.undisturbed(async () => {
    for (let round = 0; round < 40; round++) {
      const path = round % 2 ? POLLING : OLD_POLLING;
      const poller = await site.poller(path);
      await poller.post(`4${noise()}`);
      await poller.post(Buffer.from(noise()), round % 3 ? {} : OCTETS);
      await poller.post(path === POLLING ? "1" : "1:1");
      const wire = await site.joined(round % 2 ? STREAM : OLD_STREAM);
      for (let i = 0; i < 20; i++)
        wire.send(
          random(2) ? text(`42${noise()}`) : frame(OPCODE.binary, noise()),
        );
      wire.send(Buffer.from(Array.from({ length: 50 }, () => random(256))));
      wire.socket.end();
    }
  });
  for (const conn of Object.values(site.io.engine.clients) as {
    close(d: boolean): void;
    request: { url: string };
  }[])
    if (!conn.request.url.includes("good")) conn.close(true);
  expect(site.count).toBe(1);
  expect(site.handlerErrors).toEqual([]);
});
