/**
 * The `parser` option in MessagePack, for servers and clients that agree on
 * it: what the package `socket.io-msgpack-parser` is for socket.io.
 *
 * @example
 * import { Server } from "omnio";
 * import parser from "omnio/msgpack-parser";
 * const io = new Server(3000, { parser });
 */
import { Decoder, Encoder, PacketType, protocol } from "./dialects/msgpack.js";

export { Decoder, Encoder, PacketType, protocol };
export default { Decoder, Encoder, PacketType, protocol };
