/** A list of tasks that several pages edit: answers with errors, retries, timeouts, what is sent while away. */
const {
  client,
  connected,
  heard,
  print,
  program,
  serve,
} = require("./rig.cjs");

function tasks(io) {
  const all = new Map();
  const seen = new Set();
  const guarded =
    (handler) =>
    async (...args) => {
      const done = args.at(-1);
      try {
        done({ data: await handler(...args) });
      } catch (error) {
        done({ error: error.message, details: error.details });
      }
    };
  io.on("connection", (socket) => {
    socket.on(
      "list",
      guarded(() => [...all.values()]),
    );
    socket.on(
      "create",
      guarded((task, id) => {
        if (typeof task?.title !== "string")
          throw Object.assign(new Error("invalid task"), {
            details: [{ path: ["title"], type: "string" }],
          });
        if (seen.has(id)) return "known";
        seen.add(id);
        all.set(id, { id, ...task });
        socket.broadcast.emit("created", all.get(id));
        return id;
      }),
    );
    socket.on(
      "remove",
      guarded((id) => {
        if (!all.delete(id)) throw new Error("not found");
        io.emit("removed", id);
      }),
    );
    socket.on("never", () => undefined);
    socket.on("twice", (done) => {
      done(1);
      done(2);
    });
    let asked = 0;
    socket.on("flaky", (value, done) => {
      if (++asked > 1) done(value, asked);
    });
  });
}

program(async () => {
  const { io, url } = await serve();
  tasks(io);
  const early = client(url, { autoConnect: false });
  const created = early.emitWithAck("create", { title: "äh" }, "1");
  print("waits", early.sendBuffer.length, early.connected);
  early.connect();
  print("created", await created);
  const other = client(url);
  await connected(other);
  for (const args of [
    [{ title: "b", done: false }, "2"],
    [{ title: 7 }, "3"],
    [null, "4"],
    [{ title: "again" }, "2"],
  ])
    print("create", await other.emitWithAck("create", ...args));
  print("list", await early.emitWithAck("list"));
  const removed = Promise.all([early, other].map((s) => heard(s, "removed")));
  print("remove", await early.emitWithAck("remove", "1"), await removed);
  print("remove", await early.emitWithAck("remove", "1"));
  print(
    "twice",
    await new Promise((resolve) => {
      const answers = [];
      early.emit("twice", (n) => answers.push(n));
      early.emitWithAck("list").then(() => resolve(answers));
    }),
  );
  print(
    "never",
    await early
      .timeout(30)
      .emitWithAck("never")
      .catch(({ message }) => message),
  );
  await new Promise((resolve) =>
    early.timeout(30).emit("never", (error, ...all) => {
      print("never", error instanceof Error, all);
      resolve();
    }),
  );
  const retrying = client(url, { retries: 3, ackTimeout: 40 });
  print(
    "flaky",
    await new Promise((resolve) =>
      retrying.emit("flaky", "x", (...all) => resolve(all)),
    ),
  );
  const server = await io
    .timeout(40)
    .emitWithAck("nobody answers")
    .catch(({ message, responses }) => [message, responses]);
  print("the server asks", server);
  const gone = early.emitWithAck("never").catch(({ message }) => message);
  early.disconnect();
  print(
    "gone",
    await Promise.race([gone, heard(other, "x"), Promise.resolve("open")]),
  );
  const buffered = [];
  for (let i = 0; i < 3; i++)
    buffered.push(
      early.emitWithAck("create", { title: `t${i}` }, `while away ${i}`),
    );
  early.connect();
  print("buffered", await Promise.all(buffered));
  const { data } = await early.emitWithAck("list");
  print(
    "list",
    data.map(({ id }) => id),
  );
});
