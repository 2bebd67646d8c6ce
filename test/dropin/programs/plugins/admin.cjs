/** @socket.io/admin-ui: what its page is told of sockets, rooms and events, and what it may do. */
const { instrument } = require("@socket.io/admin-ui");
const bcrypt = require("bcryptjs");
const {
  client,
  connected,
  heard,
  print,
  program,
  serve,
} = require("./rig.cjs");

/** Ids and times by what they are. */
function known(names, value) {
  return JSON.parse(
    JSON.stringify(value, (key, each) => {
      if (names.has(each)) return names.get(each);
      if (/^(address|headers|secure|time|issued|url|xdomain)$/.test(key))
        return typeof each;
      return /^(clientId|pid|uptime|hostname|serverId|timestamp)$/.test(key)
        ? typeof each
        : each;
    }),
  );
}

/** They are told second by second. */
function totals(events) {
  const sums = {};
  for (const { type, count } of events) sums[type] = (sums[type] ?? 0) + count;
  return Object.entries(sums).sort();
}

program(async () => {
  const { io, url } = await serve();
  instrument(io, {
    auth: {
      type: "basic",
      username: "admin",
      password: bcrypt.hashSync("secret", 4),
    },
    mode: "development",
  });
  io.of("/chat").on("connection", (socket) => {
    socket.on("hello", (name, done) => done(`hello ${name}`));
  });

  const stranger = client(`${url}/admin`, {
    auth: { username: "admin", password: "wrong" },
  });
  print("stranger", ...(await heard(stranger, "connect_error")));
  const admin = client(`${url}/admin`, {
    transports: ["websocket"],
    auth: { username: "admin", password: "secret" },
  });
  const first = ["session", "config", "server_stats", "all_sockets"];
  const [session, config, stats, sockets] = await Promise.all(
    first.map((event) => heard(admin, event)),
  );
  print("session", typeof session[0]);
  print("config", config);
  const names = new Map([[admin.id, "the admin"]]);
  const [{ aggregatedEvents, ...rest }] = stats;
  print("stats", known(names, rest));
  print("since the start", totals(aggregatedEvents));
  print("sockets", known(names, sockets));

  const told = async (event, cause) => {
    const args = heard(admin, event);
    const result = await cause();
    const [found] = await Promise.all([args, result]);
    print(event, known(names, found.slice(0, -1)), typeof found.at(-1));
  };
  const anna = client(`${url}/chat`, {
    query: { a: "ü" },
    transports: ["websocket"],
  });
  anna.on("connect", () => names.set(anna.id, "anna"));
  await told("socket_connected", () => heard(anna, "connect"));
  await told("event_received", () => anna.emitWithAck("hello", "berta"));
  await told("room_joined", () => {
    admin.emit("join", "/chat", "lobby", anna.id);
  });
  await told("event_sent", async () => {
    const news = heard(anna, "news");
    admin.emit("emit", "/chat", "lobby", "news", 1, "ü");
    print("news", await news);
  });
  await told("room_left", () => {
    admin.emit("leave", "/chat", "lobby", anna.id);
  });
  await told("socket_disconnected", async () => {
    const left = heard(anna, "disconnect");
    admin.emit("_disconnect", "/chat", false, anna.id);
    print("anna", (await left)[0]);
  });
  const again = client(`${url}/admin`, { auth: { sessionId: session[0] } });
  await connected(again);
  print("by the session", again.connected);
});
