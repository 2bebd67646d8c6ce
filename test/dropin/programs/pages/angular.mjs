/** ngx-socket-io: Angular's service, with observables of events. */
import "@angular/compiler";
import { Socket } from "ngx-socket-io";
import { firstValueFrom, take, toArray } from "rxjs";
import rig from "./rig.cjs";

const { print, program, serve } = rig;

program(async () => {
  const { io, url } = await serve();
  for (const nsp of [io, io.of("/chat")])
    nsp.on("connection", (socket) => {
      socket.on("count", (to) => {
        for (let i = 1; i <= to; i++) socket.emit("number", i);
      });
      socket.on("echo", (value, done) => done(value, nsp.name));
      socket.on("message", (...all) => socket.send("back", ...all));
    });
  let ticks = 0;
  const service = new Socket(
    { url, options: { auth: { a: 1 }, autoConnect: false } },
    { tick: () => ticks++ },
  );
  print("auth", service.auth);
  service.connect();
  await service.fromOneTimeEvent("connect");
  const numbers = service.fromEvent("number");
  const [all, first] = [
    firstValueFrom(numbers.pipe(take(3), toArray())),
    firstValueFrom(numbers),
  ];
  service.emit("count", 3);
  print("numbers", await all, await first, ticks > 0);
  print("echo", await service.emitWithAck("echo", { text: "ü" }));
  const message = service.fromOneTimeEvent("message");
  service.send("a");
  print("message", await message);
  const chat = service.of("/chat");
  print("chat", chat === service.of("/chat"), chat === service);
  chat.connect();
  print("echo", await chat.emitWithAck("echo", 1));
  const outgoing = [];
  service.onAnyOutgoing((...args) => outgoing.push(args));
  const listener = () => undefined;
  service.on("x", listener);
  print("listeners", service.listeners("x").length, service.hasListeners("x"));
  service.off("x", listener);
  print("listeners", service.listeners("x").length, service.hasListeners("x"));
  service.ioSocket.volatile.emit("echo", 2, () => undefined);
  print("last", await service.emitWithAck("echo", 4));
  print(
    "outgoing",
    outgoing.map(([name, value]) => [name, value]),
  );
  print(
    "engine",
    typeof service.io.engine.transport.name,
    service.ioSocket.active,
  );
  chat.disconnect();
  service.disconnect();
});
