/** socketio-auth: a client that has not said who it is in time, or says it wrongly, has to go. */
const auth = require("socketio-auth");
const { client, heard, print, program, serve } = require("./rig.cjs");

program(async () => {
  const { io, url } = await serve();
  const gone = new Promise((resolve) => {
    auth(io, {
      timeout: 1000,
      authenticate: (_socket, { name }, done) =>
        name === "broken"
          ? done(new Error("no database"))
          : done(null, name === "anna"),
      postAuthenticate: (socket, { name }) => {
        socket.client.user = name;
        socket.on("who", (callback) => callback(socket.client.user));
      },
      disconnect: (socket) => {
        print("left", socket.client.user);
        if (socket.client.user) resolve();
      },
    });
  });
  const anna = client(url);
  anna.emit("authentication", { name: "anna" });
  print("authenticated", await heard(anna, "authenticated"));
  print("who", await anna.emitWithAck("who"));
  for (const name of ["berta", "broken"]) {
    const other = client(url);
    const why = heard(other, "unauthorized");
    const end = heard(other, "disconnect");
    other.on("unauthorized", (_reason, done) => done());
    other.emit("authentication", { name });
    print("unauthorized", ...(await why));
    print("then", ...(await end).slice(0, 1));
  }
  const silent = client(url);
  print("silent", ...(await heard(silent, "disconnect")).slice(0, 1));
  anna.disconnect();
  await gone;
});
