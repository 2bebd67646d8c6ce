/** Rooms: what they hold, against a plain model, whether or not somebody looks. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { RoomTable } from "../../src/hub/rooms.js";

function observed() {
  const log: string[] = [];
  const table = new RoomTable({
    created: (room) => log.push(`create ${room}`),
    joined: (room, id) => log.push(`join ${room} ${id}`),
    left: (room, id) => log.push(`leave ${room} ${id}`),
    deleted: (room) => log.push(`delete ${room}`),
  });
  return { table, log };
}

// Ids and rooms share their names, as each socket is in a room of its own id.
const name = fc.constantFrom("a", "b", "c", "__proto__");
const step = fc.oneof(
  fc.tuple(fc.constant("add" as const), name, name),
  fc.tuple(fc.constant("del" as const), name, name),
  fc.tuple(fc.constant("delAll" as const), name, fc.constant("")),
  fc.tuple(fc.constant("look" as const), name, fc.constant("")),
);

/** Pairs of id and room. */
class Model {
  readonly pairs = new Set<string>();
  has(id: string, room: string) {
    return this.pairs.has(`${id} ${room}`);
  }
  apply([what, id, room]: [string, string, string]) {
    if (what === "add") this.pairs.add(`${id} ${room}`);
    if (what === "del") this.pairs.delete(`${id} ${room}`);
    if (what === "delAll")
      for (const pair of this.pairs)
        if (pair.startsWith(`${id} `)) this.pairs.delete(pair);
  }
}

test("any sequence of joins and leaves, with and without a look at the maps", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 30 }),
      name,
      name,
      (steps, x, y) => {
        const { table, log } = observed();
        const model = new Model();
        for (const step of steps) {
          const [what, id, room] = step;
          if (what === "add") table.add(id, room);
          if (what === "del") table.del(id, room);
          if (what === "delAll") table.delAll(id);
          if (what === "look") table.roomsOf(id);
          model.apply(step);
        }
        const selected: string[] = [];
        table.select(new Set([x, y]), new Set(["c"]), [], (id) =>
          selected.push(id),
        );
        const ids = ["a", "b", "c", "__proto__"];
        expect(selected.sort()).toEqual(
          ids
            .filter((id) => model.has(id, x) || model.has(id, y))
            .filter((id) => !model.has(id, "c"))
            .sort(),
        );
        // Events tell the whole story.
        const told = new Set<string>();
        for (const line of log) {
          const [what, room, id] = line.split(" ");
          if (what === "join") told.add(`${id} ${room}`);
          if (what === "leave") told.delete(`${id} ${room}`);
        }
        expect(told).toEqual(model.pairs);
        const inMaps = [...table.rooms].flatMap(([room, ids]) =>
          [...ids].map((id) => `${id} ${room}`),
        );
        expect(new Set(inMaps)).toEqual(model.pairs);
        const inSids = [...table.sids].flatMap(([id, rooms]) =>
          [...rooms].map((room) => `${id} ${room}`),
        );
        expect(new Set(inSids)).toEqual(model.pairs);
      },
    ),
  );
});

test("no rooms mean everybody, and some may be left out", () => {
  const { table } = observed();
  for (const id of ["a", "b", "c"]) table.add(id, id);
  table.add("b", "room");
  const select = (rooms: string[], except: string[]) => {
    const ids: string[] = [];
    table.select(new Set(rooms), new Set(except), ["a", "b", "c"], (id) =>
      ids.push(id),
    );
    return ids;
  };
  expect(select([], [])).toEqual(["a", "b", "c"]);
  expect(select([], ["room", "a"])).toEqual(["c"]);
  expect(select(["a"], [])).toEqual(["a"]);
  expect(select(["a", "room", "b"], [])).toEqual(["a", "b"]);
});

test("the maps stay true when somebody keeps them", () => {
  const { table } = observed();
  const { rooms, sids } = table;
  table.add("a", "a");
  table.add("a", "room");
  expect(rooms).toEqual(
    new Map([
      ["a", new Set(["a"])],
      ["room", new Set(["a"])],
    ]),
  );
  table.delAll("a");
  expect(rooms.size + sids.size).toBe(0);
});

test("a room is made and removed once", () => {
  const { table, log } = observed();
  table.add("a", "a");
  table.add("a", "a");
  table.add("b", "a");
  table.delAll("a");
  table.delAll("b");
  expect(log).toEqual([
    "create a",
    "join a a",
    "join a b",
    "leave a a",
    "leave a b",
    "delete a",
  ]);
});
