/**
 * NestJS: its own package of sockets imports `socket.io`, and gets omnio by
 * npm's `overrides`, as ../README.md shows.
 */
import "reflect-metadata";
import { Controller, Get, Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { IoAdapter } from "@nestjs/platform-socket.io";
import {
  MessageBody,
  SubscribeMessage,
  WebSocketGateway,
} from "@nestjs/websockets";

@Controller()
class Hello {
  @Get("hello")
  hello(): string {
    return "hello from nest";
  }
}

@WebSocketGateway()
class Greetings {
  @SubscribeMessage("greet")
  greet(@MessageBody() name: string): string {
    return `hello ${name}`;
  }
}

@Module({ controllers: [Hello], providers: [Greetings] })
class App {}

async function start(): Promise<void> {
  const app = await NestFactory.create(App, { logger: false });
  app.useWebSocketAdapter(new IoAdapter(app));
  await app.listen(process.env["PORT"] ?? 3000);
  console.log(await app.getUrl());
}

void start();
