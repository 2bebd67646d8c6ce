/**
 * A program without a server, that only emits: `emitter.mjs <socket of Redis>
 * <room> <event> <data>`.
 */
import { createClient } from "@redis/client";
import { Emitter } from "@socket.io/redis-emitter";

const [path, room, event, data] = process.argv.slice(2);
const client = createClient({ socket: { path } });
await client.connect();
new Emitter(client).to(room).emit(event, JSON.parse(data));
await client.close();
