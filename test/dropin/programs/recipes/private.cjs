/** Private messages: sessions that outlive connections, several pages of one person, presence, what was missed. */
const { randomUUID } = require("node:crypto");
const { client, heard, print, program, serve, until } = require("./rig.cjs");

const sessions = new Map();
const messages = [];

function withSessions(io) {
  io.use((socket, next) => {
    const { sessionID, username } = socket.handshake.auth;
    const known = sessions.get(sessionID);
    if (known) {
      Object.assign(socket, { sessionID, ...known });
      return next();
    }
    if (!username) return next(new Error("invalid username"));
    socket.sessionID = randomUUID();
    socket.userID = randomUUID();
    socket.username = username;
    next();
  });
  io.on("connection", async (socket) => {
    const { sessionID, userID, username } = socket;
    sessions.set(sessionID, { userID, username, connected: true });
    socket.emit("session", { sessionID, userID });
    socket.join(userID);
    const users = [...sessions.values()].map(({ username, connected }) => ({
      username,
      connected,
    }));
    socket.emit(
      "users",
      users,
      messages.filter(({ to }) => to === userID),
    );
    socket.broadcast.emit("user connected", { username });
    socket.on("private message", ({ content, to }) => {
      const message = { content, from: username, to };
      messages.push(message);
      socket.to(to).to(userID).emit("private message", message);
    });
    socket.on("disconnect", async () => {
      const matching = await io.in(userID).fetchSockets();
      if (matching.length > 0) return print("one page less", username);
      sessions.set(sessionID, { userID, username, connected: false });
      socket.broadcast.emit("user disconnected", { username });
    });
  });
}

program(async () => {
  const { io, url } = await serve();
  withSessions(io);
  const enter = async (auth) => {
    const socket = client(url, { auth });
    const [[session], [users, missed]] = await Promise.all([
      heard(socket, "session"),
      heard(socket, "users"),
    ]);
    const contents = missed.map(({ content }) => content);
    print("enters", auth.username ?? "again", users, contents);
    return { socket, ...session };
  };
  print("nobody", await heard(client(url, { auth: {} }), "connect_error"));
  const anna = await enter({ username: "anna" });
  const appears = heard(anna.socket, "user connected");
  const berta = await enter({ username: "berta" });
  print("appears", await appears);
  const second = await enter({ sessionID: anna.sessionID });
  print("the same", second.userID === anna.userID);

  const both = [anna, second].map(({ socket }) =>
    heard(socket, "private message").then(([{ content, from }]) => [
      content,
      from,
    ]),
  );
  berta.socket.emit("private message", { content: "hällo", to: anna.userID });
  print("both pages", await Promise.all(both));
  const own = heard(second.socket, "private message");
  anna.socket.emit("private message", { content: "hi", to: berta.userID });
  print("the other page", (await own)[0].content);

  const connections = new Promise((resolve) =>
    berta.socket.once("user disconnected", resolve),
  );
  second.socket.disconnect();
  await until(() => io.of("/").adapter.rooms.get(anna.userID)?.size === 1);
  anna.socket.disconnect();
  print("gone", await connections);
  for (const content of ["one", "two"])
    berta.socket.emit("private message", { content, to: anna.userID });
  await until(() => messages.length === 4);
  anna.socket.connect();
  const [[users, missed]] = await Promise.all([heard(anna.socket, "users")]);
  print("as a new person", users.length, missed.length);
  await enter({ sessionID: anna.sessionID });
});
