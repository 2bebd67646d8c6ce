/**
 * A NestJS gateway as its documentation writes it; nothing here names a
 * package of sockets but NestJS' own and its peer.
 */
import "reflect-metadata";
import { Logger, Module, UseFilters } from "@nestjs/common";
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
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
} from "@nestjs/websockets";
import { from, map, type Observable } from "rxjs";
import { Server, Socket } from "socket.io";

@UseFilters(BaseWsExceptionFilter)
@WebSocketGateway({ namespace: "events", cors: true })
class EventsGateway
  implements OnGatewayInit, OnGatewayConnection, OnGatewayDisconnect
{
  @WebSocketServer()
  server!: Server;

  afterInit(server: Server): void {
    Logger.log(`gateway of ${server.constructor.name}`);
  }

  handleConnection(client: Socket): void {
    client.emit("welcome", client.handshake.auth);
  }

  handleDisconnect(client: Socket): void {
    this.server.emit("left", client.id);
  }

  @SubscribeMessage("identity")
  identity(@MessageBody() data: number): number {
    return data;
  }

  @SubscribeMessage("count")
  count(@MessageBody() to: number): Observable<object> {
    const numbers = Array.from({ length: to }, (_, i) => i + 1);
    return from(numbers).pipe(map((data) => ({ event: "number", data })));
  }

  @SubscribeMessage("shout")
  shout(@MessageBody() text: string, @ConnectedSocket() client: Socket): void {
    client.join("loud");
    this.server.to("loud").emit("shouted", text.toUpperCase());
  }

  @SubscribeMessage("fail")
  fail(): never {
    throw new WsException("as asked");
  }
}

@Module({ providers: [EventsGateway] })
class AppModule {}

async function bootstrap(): Promise<void> {
  const app = await NestFactory.create(AppModule, { logger: false });
  app.useWebSocketAdapter(new IoAdapter(app));
  await app.listen(0);
  console.log(await app.getUrl());
  process.once("SIGTERM", () => void app.close());
}

void bootstrap();
