/** socket-controllers: classes with decorators for namespaces, events, middlewares and answers. */
import "reflect-metadata";
import {
  ConnectedSocket,
  EmitOnFail,
  EmitOnSuccess,
  MessageAck,
  MessageBody,
  Middleware,
  NspParam,
  NspParams,
  OnConnect,
  OnDisconnect,
  OnMessage,
  SocketController,
  SocketControllers,
  SocketId,
  SocketIO,
  SocketQueryParam,
  SocketRooms,
  type MiddlewareInterface,
} from "socket-controllers";
import type { Server, Socket } from "socket.io";
import { Container, Service } from "typedi";
import rig = require("./rig.cjs");

const { client, heard, print, program, serve } = rig;

let hasLeft = (): void => undefined;

@SocketController()
@Service()
class Everybody {
  @OnConnect()
  connected(
    @ConnectedSocket() socket: Socket,
    @SocketQueryParam("name") name: string,
  ): void {
    print("connected", name);
    socket.emit("welcome", name);
  }

  @OnDisconnect()
  left(): void {
    print("left");
    hasLeft();
  }

  @OnMessage("save")
  @EmitOnSuccess("saved")
  @EmitOnFail("refused")
  async save(
    @MessageBody() message: { text?: string },
    @SocketId() id: string,
    @SocketRooms() rooms: Set<string>,
  ): Promise<object> {
    await Promise.resolve();
    if (!message.text) throw new Error("no text");
    return { text: message.text, id: typeof id, rooms: rooms.size };
  }

  @OnMessage("add")
  add(
    @MessageBody({ index: 0 }) a: number,
    @MessageBody({ index: 1 }) b: number,
    @MessageAck() done: (sum: number) => void,
    @SocketIO() io: Server,
  ): void {
    io.emit("added", a + b);
    done(a + b);
  }
}

@SocketController("/rooms/:room")
@Service()
class Rooms {
  @OnMessage("where")
  @EmitOnSuccess("here")
  where(@NspParam("room") room: string, @NspParams() all: object): object {
    return { room, all };
  }
}

@Middleware({ namespace: "/rooms/closed" })
@Service()
class Closed implements MiddlewareInterface {
  use(_socket: Socket, next: (error?: Error) => void): void {
    next(new Error("closed"));
  }
}

void program(async () => {
  const { io, url } = await serve();
  new SocketControllers({
    io,
    container: Container,
    controllers: [Everybody, Rooms],
    middlewares: [Closed],
  });
  const anna = client(url, { query: { name: "ännchen" } });
  print("welcome", await heard(anna, "welcome"));
  for (const text of ["hällo", ""]) {
    const answer = ["saved", "refused"].map((event) => heard(anna, event));
    anna.emit("save", { text });
    print("save", await Promise.race(answer));
  }
  const added = heard(anna, "added");
  print("add", await anna.emitWithAck("add", 1, 2), await added);
  const lobby = client(`${url}/rooms/lobby`);
  const here = heard(lobby, "here");
  lobby.emit("where", {});
  print("here", await here);
  print(
    "closed",
    ...(await heard(client(`${url}/rooms/closed`), "connect_error")),
  );
  const left = new Promise<void>((resolve) => (hasLeft = resolve));
  anna.disconnect();
  await left;
});
