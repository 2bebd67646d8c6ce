/**
 * The guide of python-socketio's client, translated section by section. The
 * server that it talks to is in the same program.
 *
 *   node examples/seeds/client-guide.mjs
 */
import { Server } from "omnio";
import { args, Client, ClientNamespace, SimpleClient } from "omnio/client";

const io = new Server(0);
const url = `http://localhost:${io.httpServer.address().port}`;

io.on("connection", (socket) => {
  socket.on("my message", (...all) => {
    const answer = typeof all.at(-1) === "function" ? all.pop() : () => {};
    const shown = all.map((value) =>
      Buffer.isBuffer(value) ? `${value.length} bytes` : JSON.stringify(value),
    );
    console.log(`server got: ${shown.join(", ")}`);
    answer("OK", 123);
  });
  socket.on("talk to me", () => {
    socket.emit("message", "hello");
    socket.emit("my message", { spaces: "in names" });
    socket.emit("my event", { foo: "bar" }, (...values) =>
      socket.emit("you said", ...values),
    );
  });
});
io.of("/chat").on("connection", (socket) => {
  socket.emit("my event", 42);
  socket.on("my response", (data, answer) => {
    console.log(`server got on /chat: ${data}`);
    answer?.("thanks");
  });
});

console.log("- Creating a client instance; debugging and troubleshooting");
const lines = [];
const logger = {
  info: (line) => lines.push(line),
  error: (line) => lines.push(line),
};
const client = new Client({ logger, engineLogger: logger });

console.log("- Defining event handlers");
// The name of the function is the name of the event.
client.event(function message(data) {
  console.log(`I received a message: ${data}`);
});
client.on("my message", async (data) => {
  await client.sleep(0);
  console.log(`I received: ${JSON.stringify(data)}`);
});
client.on("connect", () => console.log("I'm connected!"));
client.on("connect_error", (error) =>
  console.log(`The connection failed: ${error.message}`),
);
client.on("disconnect", (reason) => console.log(`I'm disconnected: ${reason}`));
client.on("*", (event, ...values) =>
  console.log(`anything else: ${event} ${values.join(" ")}`),
);

console.log("- Event callbacks");
client.on("my event", () => ["OK", 123]);

console.log("- Class-based namespaces");
class MyCustomNamespace extends ClientNamespace {
  onConnect() {
    console.log(`${this.namespace} is connected`);
  }
  onDisconnect(reason) {
    console.log(`${this.namespace} is disconnected: ${reason}`);
  }
  async onMyEvent(data) {
    const answer = await this.call("my response", data);
    console.log(`${this.namespace} was answered: ${answer}`);
    answered();
  }
}
let answered;
const chatAnswered = new Promise((resolve) => (answered = resolve));
client.register(new MyCustomNamespace("/chat"));

console.log("- Connecting to a server");
// Without `namespaces`, those that have handlers are connected.
await client.connect(url);
console.log(
  `my sid is one of the server's: ${io.sockets.sockets.has(client.sid)}`,
);
console.log(`over ${client.transport() === undefined ? "nothing" : "a line"}`);
await chatAnswered;

console.log("- Emitting events");
client.emit("my message", { foo: "bar" });
client.emit("my message", args("several", ["values"], Buffer.from([1, 2])));
client.emit("my message", "with a callback", {
  callback: (...values) => console.log(`callback: ${values.join(" ")}`),
});
await client.waitForCallbacks();
console.log(`call: ${(await client.call("my message", "called")).join(" ")}`);
client.emit("my response", "by name", { namespace: "/chat" });

const said = new Promise((resolve) => {
  client.on("you said", (...values) => {
    console.log(`my handler's answer: ${values.join(" ")}`);
    resolve();
  });
});
client.emit("talk to me");
await said;

console.log("- Managing background tasks");
const task = client.startBackgroundTask(async (argument) => {
  await client.sleep(0.01);
  return `task done with ${argument}`;
}, 123);
console.log(await task);

console.log("- Disconnecting from the server");
const over = client.wait();
await client.disconnect();
await over;
console.log(
  `logged: ${lines.length > 0 && lines.every((line) => line.startsWith("omnio:client"))}`,
);

console.log("- A simple client");
io.on("connection", (socket) => socket.emit("welcome", 1, 2));
const simple = new SimpleClient();
await simple.connect(url);
const [event, ...values] = await simple.receive({ timeout: 5000 });
console.log(`received: ${event} ${values.join(" ")}`);
console.log(`call: ${(await simple.call("my message", "simple")).join(" ")}`);
await simple.disconnect();

await io.close();
console.log("done");
