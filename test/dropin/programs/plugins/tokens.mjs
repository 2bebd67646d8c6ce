/** @thream/socketio-jwt and socketio-jwt: tokens in the handshake, in the query and in a header. */
import { authorize } from "@thream/socketio-jwt";
import jwt from "jsonwebtoken";
import old from "socketio-jwt";
import rig from "./rig.cjs";

const { client, heard, print, program, serve } = rig;
const secret = "a secret of tests";
const token = jwt.sign({ name: "anna" }, secret, { noTimestamp: true });
const foreign = jwt.sign({ name: "anna" }, "another secret");

async function outcome(socket) {
  const [event, args] = await Promise.race(
    ["connect", "connect_error"].map(async (name) => [
      name,
      await heard(socket, name),
    ]),
  );
  print(event, ...args);
}

program(async () => {
  const { io, url } = await serve();
  io.use(authorize({ secret, onAuthentication: ({ name }) => ({ name }) }));
  io.on("connection", (socket) => {
    socket.on("who", (done) =>
      done(
        socket.decodedToken.name,
        socket.user,
        socket.encodedToken === token,
      ),
    );
  });
  for (const auth of [
    { token: `Bearer ${token}` },
    { token },
    { token: `Bearer ${foreign}` },
    {},
  ]) {
    const socket = client(url, { auth });
    await outcome(socket);
    if (socket.connected)
      print(
        "who",
        await new Promise((r) => socket.emit("who", (...a) => r(a))),
      );
  }

  const byQuery = io.of("/query");
  byQuery.use(old.authorize({ secret, handshake: true }));
  byQuery.on("connection", (socket) => {
    socket.on("who", (done) => done(socket.decoded_token.name));
  });
  const authorization = { authorization: `Bearer ${token}` };
  for (const options of [
    { query: { token } },
    { extraHeaders: authorization, transports: ["websocket"] },
    { query: { token: foreign } },
    {},
  ]) {
    const socket = client(`${url}/query`, options);
    // The names of the errors come from the library that reads tokens.
    await outcome(socket);
    if (socket.connected) print("who", await socket.emitWithAck("who"));
  }
});
