/** koa-socket-2, written for socket.io 3: middlewares in Koa's manner, and a hidden namespace. */
const Koa = require("koa");
const IO = require("koa-socket-2");
const { client, connected, heard, print, program } = require("./rig.cjs");

program(async () => {
  const app = new Koa();
  const io = new IO();
  const chat = new IO({ namespace: "chat" });
  app.use((ctx) => {
    ctx.body = "hello from Koa";
  });
  io.attach(app);
  chat.attach(app);
  for (const each of [io, chat])
    each.use(async (ctx, next) => {
      ctx.began = true;
      await next();
    });
  io.on("hello", (ctx, name) => {
    print("hello", name, ctx.event, ctx.began);
    ctx.acknowledge?.(`hello ${name}`);
    io.broadcast("said", name);
  });
  chat.on("join", (ctx, room) => {
    ctx.socket.join(room);
    ctx.acknowledge(room);
  });
  chat.on("tell", (ctx, { room, text }) => {
    ctx.socket.to(room).emit("told", text);
    chat.to(room).emit("everybody", text);
  });
  io.on("connection", (socket) => print("connection", typeof socket.id));
  app.listen(0, "127.0.0.1");
  await new Promise((resolve) => app.server.once("listening", resolve));
  const url = `http://127.0.0.1:${app.server.address().port}`;

  print("page", await (await fetch(url)).text());
  const anna = client(url);
  const said = heard(anna, "said");
  print("answer", await anna.emitWithAck("hello", "ü"), await said);
  const [berta, clara] = [client(`${url}/chat`), client(`${url}/chat`)];
  for (const socket of [berta, clara]) await socket.emitWithAck("join", "a");
  const told = [heard(clara, "told"), heard(berta, "everybody")];
  berta.emit("tell", { room: "a", text: "x" });
  print("told", await Promise.all(told));
  print("connections", io.connections.size, chat.connections.size);
  anna.disconnect();
  while (io.connections.size > 0)
    await new Promise((resolve) => setImmediate(resolve));
  await connected(berta);
  app._io.close();
});
