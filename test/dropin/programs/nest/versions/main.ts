/**
 * NestJS: two gateways with guards, pipes, interceptors, filters and what they
 * return, and two applications that share a Redis by the adapter of NestJS'
 * documentation. Prints what clients of them see.
 */
import "reflect-metadata";
import {
  Catch,
  Injectable,
  Module,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExecutionContext,
  type INestApplication,
  type NestInterceptor,
  type PipeTransform,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { IoAdapter } from "@nestjs/platform-socket.io";
import {
  BaseWsExceptionFilter,
  ConnectedSocket,
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
  WsException,
  WsResponse,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from "@nestjs/websockets";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { from, interval, map, take, type Observable } from "rxjs";
import { Namespace, Server, Socket } from "socket.io";
import rig = require("./rig.cjs");

const { client, connected, heard, print, program } = rig;

@Injectable()
class OnlyAnna implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const socket = context.switchToWs().getClient<Socket>();
    return socket.handshake.auth["name"] === "anna";
  }
}

@Injectable()
class Positive implements PipeTransform {
  transform(value: unknown): unknown {
    if (typeof value === "number" && value <= 0)
      throw new WsException({ code: 7, text: "not positive" });
    return value;
  }
}

@Injectable()
class Doubled implements NestInterceptor {
  intercept(
    _context: ExecutionContext,
    next: CallHandler,
  ): Observable<unknown> {
    return next.handle().pipe(map((value: number) => value * 2));
  }
}

@Catch()
class Everything extends BaseWsExceptionFilter {
  override catch(error: unknown, host: ArgumentsHost): void {
    const [, data] = host.getArgs<[Socket, unknown]>();
    host.switchToWs().getClient<Socket>().emit("caught", String(error), data);
  }
}

@UseFilters(BaseWsExceptionFilter)
@WebSocketGateway({ cors: true })
class RootGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect
{
  @WebSocketServer()
  server!: Server;

  afterInit(server: Server): void {
    print("after init", typeof server.emit);
    server.use((socket, next) => {
      socket.data = { seen: true };
      next(
        socket.handshake.auth["name"] === "x" ? new Error("no x") : undefined,
      );
    });
  }

  handleConnection(socket: Socket, ...more: unknown[]): void {
    socket.emit("welcome", socket.handshake.auth, socket.data, more.length);
  }

  handleDisconnect(socket: Socket): void {
    this.server.emit("left", socket.handshake.auth["name"]);
  }

  @SubscribeMessage("identity")
  identity(@MessageBody() data: unknown): unknown {
    return data;
  }

  @SubscribeMessage("part")
  part(@MessageBody("id") id: number): number {
    return id;
  }

  @SubscribeMessage("event")
  event(@MessageBody() data: string): WsResponse<string> {
    return { event: "answered", data };
  }

  @SubscribeMessage("later")
  async later(@MessageBody() data: string): Promise<WsResponse<string>> {
    await Promise.resolve();
    return { event: "answered", data: `${data} later` };
  }

  @SubscribeMessage("many")
  many(): Observable<WsResponse<number>> {
    return from([1, 2, 3]).pipe(map((data) => ({ event: "number", data })));
  }

  @SubscribeMessage("slowly")
  slowly(): Observable<WsResponse<number>> {
    return interval(5).pipe(
      take(3),
      map((data) => ({ event: "number", data })),
    );
  }

  @UseGuards(OnlyAnna)
  @UsePipes(Positive)
  @UseInterceptors(Doubled)
  @SubscribeMessage("double")
  double(@MessageBody() n: number): number {
    return n;
  }

  @SubscribeMessage("fail")
  fail(@MessageBody() how: string): never {
    throw how === "ws" ? new WsException("as asked") : new Error("a secret");
  }

  @UseFilters(Everything)
  @SubscribeMessage("caught")
  caught(): never {
    throw new WsException("to be caught");
  }

  @SubscribeMessage("join")
  async join(
    @MessageBody() room: string,
    @ConnectedSocket() socket: Socket,
  ): Promise<string[]> {
    await socket.join(room);
    return [...socket.rooms].slice(1);
  }

  @SubscribeMessage("tell")
  tell(
    @MessageBody() { room, text }: { room: string; text: string },
    @ConnectedSocket() socket: Socket,
  ): void {
    socket.to(room).emit("told", text);
    this.server.in(room).emit("everybody", text);
  }

  @SubscribeMessage("count")
  async count(): Promise<number> {
    return (await this.server.fetchSockets()).length;
  }

  @SubscribeMessage("bytes")
  bytes(@MessageBody() data: Buffer): WsResponse<Buffer> {
    return { event: "bytes", data: Buffer.from(data).reverse() };
  }
}

@WebSocketGateway({ namespace: /^\/room-\w+$/, cors: { origin: "*" } })
class RoomsGateway {
  @WebSocketServer()
  namespace!: Namespace;

  @SubscribeMessage("where")
  where(@ConnectedSocket() socket: Socket): string {
    return socket.nsp.name;
  }
}

@WebSocketGateway({ namespace: "chat", transports: ["websocket", "polling"] })
class ChatGateway {
  @WebSocketServer()
  namespace!: Namespace;

  @SubscribeMessage("say")
  say(@MessageBody() text: string): void {
    this.namespace.emit("said", text, this.namespace.name);
  }
}

@Module({ providers: [RootGateway, RoomsGateway, ChatGateway] })
class AppModule {}

/** As in NestJS' documentation. */
class RedisIoAdapter extends IoAdapter {
  #create?: ReturnType<typeof createAdapter>;

  async connectToRedis(path: string): Promise<() => void> {
    const pub = createClient({ socket: { path, tls: false } });
    const sub = pub.duplicate();
    await Promise.all([pub.connect(), sub.connect()]);
    this.#create = createAdapter(pub, sub, { key: process.env["NAME"] });
    return () => {
      pub.destroy();
      sub.destroy();
    };
  }

  override createIOServer(port: number, options?: object): Server {
    const server = super.createIOServer(port, options) as Server;
    if (this.#create) server.adapter(this.#create);
    return server;
  }
}

async function start(): Promise<{ app: INestApplication; url: string }> {
  const app = await NestFactory.create(AppModule, { logger: false });
  const adapter = new RedisIoAdapter(app);
  const { REDIS_PATH } = process.env;
  if (REDIS_PATH) closing.push(await adapter.connectToRedis(REDIS_PATH));
  app.useWebSocketAdapter(adapter);
  await app.listen(0, "127.0.0.1");
  return { app, url: await app.getUrl() };
}

const closing: (() => void)[] = [];

void program(async () => {
  const { app, url } = await start();
  const cors = await fetch(`${url}/socket.io/?EIO=4&transport=polling`, {
    headers: { origin: "http://example.com" },
  });
  print("cors", cors.status, cors.headers.get("access-control-allow-origin"));

  const anna = client(url, { auth: { name: "anna" } });
  print("welcome", await heard(anna, "welcome"));
  print(
    "x",
    await heard(client(url, { auth: { name: "x" } }), "connect_error"),
  );
  for (const [event, data] of [
    ["identity", 0],
    ["identity", { a: [null, "ü"] }],
    ["part", { id: 8 }],
    ["double", 4],
    ["join", "lobby"],
    ["count", undefined],
  ] as const)
    print(event, await anna.emitWithAck(event, data));
  for (const [event, data, answer] of [
    ["event", "x", "answered"],
    ["later", "x", "answered"],
    ["bytes", Buffer.from([1, 2, 3]), "bytes"],
    ["double", -1, "exception"],
    ["fail", "ws", "exception"],
    ["fail", "other", "exception"],
    ["caught", "x", "caught"],
  ] as const) {
    const heardOf = heard(anna, answer);
    anna.emit(event, data);
    print(event, await heardOf);
  }
  for (const event of ["many", "slowly"]) {
    const numbers = new Promise((resolve) => {
      const all: unknown[] = [];
      const listener = (n: unknown): void => {
        if (all.push(n) < 3) return;
        anna.off("number", listener);
        resolve(all);
      };
      anna.on("number", listener);
    });
    anna.emit(event);
    print(event, await numbers);
  }
  const berta = client(url, { auth: { name: "berta" } });
  const refused = heard(berta, "exception");
  berta.emit("double", 1);
  print("guarded", await refused);
  print("where", await client(`${url}/room-a`).emitWithAck("where"));
  print("no room", await heard(client(`${url}/nowhere`), "connect_error"));
  const chat = client(`${url}/chat`, { transports: ["websocket"] });
  const said = heard(chat, "said");
  chat.emit("say", "hällo");
  print("said", await said);
  const left = heard(anna, "left");
  berta.disconnect();
  print("left", await left);

  const other = await start();
  const clara = client(other.url, { auth: { name: "clara" } });
  await connected(clara);
  if (process.env["REDIS_PATH"]) {
    print("join", await clara.emitWithAck("join", "lobby"));
    const told = [heard(clara, "told"), heard(clara, "everybody")];
    const everybody = heard(anna, "everybody");
    anna.emit("tell", { room: "lobby", text: "through Redis, hällo" });
    print("told", await Promise.all(told), await everybody);
    print("count", await anna.emitWithAck("count"));
  }
  const ends = [heard(anna, "disconnect"), heard(clara, "disconnect")];
  await app.close();
  await other.app.close();
  print(
    "closed",
    (await Promise.all(ends)).map(([reason]) => reason),
  );
  for (const close of closing) close();
});
