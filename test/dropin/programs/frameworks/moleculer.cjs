/** moleculer-io: actions of services, rooms, broadcasts and namespaces. */
const { ServiceBroker } = require("moleculer");
const gateway = require("moleculer-io");
const { client, connected, heard, print, program } = require("./rig.cjs");

program(async () => {
  const broker = new ServiceBroker({ logger: false, metrics: true });
  const service = broker.createService({
    mixins: [gateway],
    settings: {
      port: 0,
      io: {
        options: { cors: { origin: "*" } },
        namespaces: {
          "/": {
            authorization: true,
            middlewares: [(socket, next) => next()],
            packetMiddlewares: [
              ([event], next) =>
                next(
                  event === "forbidden" ? new Error("forbidden") : undefined,
                ),
            ],
            events: {
              call: {
                mappingPolicy: "restrict",
                aliases: { add: "math.add", enter: "rooms.enter" },
                onAfterCall: (_ctx, socket, result) => {
                  socket.emit("after", result);
                },
              },
              forbidden: { whitelist: [] },
            },
          },
          "/open": {
            events: { call: { whitelist: ["math.*"] } },
          },
        },
      },
    },
    methods: {
      async socketAuthorize(socket) {
        const { token } = socket.handshake.query;
        if (token !== "right") throw new Error("wrong token");
        return { name: "anna" };
      },
    },
  });
  broker.createService({
    name: "math",
    actions: {
      add: ({ params: { a, b }, meta }) => {
        if (typeof a !== "number") throw new TypeError("a is no number");
        return { sum: a + b, user: meta.user, rooms: meta.$rooms?.length };
      },
    },
  });
  broker.createService({
    name: "rooms",
    actions: {
      enter(ctx) {
        ctx.meta.$join = ctx.params.room;
        return "in";
      },
    },
  });
  await broker.start();
  const { port } = service.io.httpServer.address();
  const url = `http://127.0.0.1:${port}`;

  const call = (socket, ...args) =>
    new Promise((resolve) =>
      socket.emit("call", ...args, (error, result) =>
        resolve({ error: error && [error.name, error.message], result }),
      ),
    );
  print("stranger", ...(await heard(client(url), "connect_error")));
  const anna = client(url, { query: { token: "right" } });
  const after = heard(anna, "after");
  print("add", await call(anna, "add", { a: 1, b: 2 }), await after);
  print("add", await call(anna, "add", { a: "x" }));
  print("by its name", await call(anna, "math.add", {}));
  print("enter", await call(anna, "enter", { room: "lobby" }));
  const ids = await broker.call("io.getClients", { room: "lobby" });
  print("in the lobby", ids.length, ids[0] === anna.id);
  const news = heard(anna, "news");
  await broker.call("io.broadcast", {
    event: "news",
    args: [1, "ü"],
    rooms: ["lobby"],
    local: true,
  });
  print("news", await news);
  const open = client(`${url}/open`);
  print("open", await call(open, "math.add", { a: 2, b: 3 }));
  print("open", await call(open, "rooms.enter", { room: "x" }));
  service.registerNamespace("/later", "/open", {});
  const later = client(`${url}/later`);
  print("later", await call(later, "math.add", { a: 3, b: 4 }));
  const left = heard(later, "disconnect");
  service.removeNamespace("/later");
  print("removed", (await left)[0]);
  print("again", ...(await heard(client(`${url}/later`), "connect_error")));
  await connected(anna);
  await broker.stop();
});
