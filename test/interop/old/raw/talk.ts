/**
 * One conversation in bytes with a server: the same is had with an old server
 * and with ours, and what was said has to be the same. What differs from run
 * to run, session ids and the lengths of them, is put into one form.
 */
import { request } from "node:http";
import type { Generation, RunningServer, ServerEnd } from "../peers/peer.js";
import { next, within } from "../rig.js";
import { Line } from "./line.js";

export const HOST = "example.test";
const ORIGIN = `http://${HOST}`;

/** From the draft, where the proof is as well. */
const KEYS = [
  "Sec-WebSocket-Key1: 4 @1  46546xW%0l 1 5",
  "Sec-WebSocket-Key2: 12998 5 Y3 1  .P00",
];
const NONCE = "^n:ds[4U";

export interface Answer {
  /** 0 when the connection ended without an answer. */
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A request that may be held. */
export interface Held {
  readonly answer: Promise<Answer>;
  destroy(): void;
}

export type Draft = "hixie-75" | "hixie-76";

export const utf8 = (text: string): string =>
  Buffer.from(text, "utf8").toString("latin1");
export const framed = (message: string): string => `\0${utf8(message)}\xff`;

/** How a conversation is had with a server of 0.6, or of 0.7 to 0.9. */
export class Talk {
  readonly #wire: string[] = [];
  /** Apart, as nobody knows which of two ends is heard of first. */
  readonly #heard: string[] = [];
  readonly plain: boolean;
  sid = "";
  readonly #lines: Line[] = [];
  readonly #requests: Held[] = [];

  constructor(
    readonly server: RunningServer,
    readonly generation: Generation,
    /** Where the client connects to: the server, or a proxy before it. */
    private readonly port = server.port,
  ) {
    this.plain = generation === "0.6";
  }

  /** All that was noted so far: on the wire, and by the server's application. */
  get said(): string[] {
    return [...this.#wire, ...this.#heard];
  }

  note(what: string, said: string): void {
    this.#wire.push(`${what}: ${this.#clean(said)}`);
  }

  /** What the server end hears from now on, as it hears it. */
  watch(end: ServerEnd): void {
    end.on("message", (value: unknown) =>
      this.#heard.push(`server hears ${JSON.stringify(value)}`),
    );
    end.on("disconnect", () => this.#heard.push("server: gone"));
  }

  /** A message in the words of the generation. */
  words(text: string): string {
    return this.plain ? `~m~${text.length}~m~${text}` : `3:::${text}`;
  }

  json(value: unknown): string {
    const json = JSON.stringify(value);
    return this.plain ? this.words(`~j~${json}`) : `4:::${json}`;
  }

  /** The session for what follows; 0.6 begins one with its first request. */
  async greet(): Promise<void> {
    if (this.plain) return;
    const { body } = await this.send("/socket.io/1/").answer;
    this.sid = body.split(":")[0] ?? "";
  }

  /** The path of the session's requests. `what` comes last, where that matters. */
  path(transport: string, what = ""): string {
    if (!this.plain) return `/socket.io/1/${transport}/${this.sid}`;
    return `/socket.io/${transport}/${this.sid}${what && `/${what}`}`;
  }

  /** Waits for the server's side of a connection while the client makes it. */
  async meet<Value>(
    connecting: () => Promise<Value>,
  ): Promise<[ServerEnd, Value]> {
    const met = next<[ServerEnd]>(this.server.of(""), "connection");
    const value = await connecting();
    const [end] = await met;
    this.sid = end.id;
    this.watch(end);
    return [end, value];
  }

  line(): Line {
    const line = new Line(this.port);
    this.#lines.push(line);
    return line;
  }

  /** A WebSocket of a draft. What was answered is noted, without a word of the session. */
  async socket(
    transport: string,
    draft: Draft,
    nonce: "with the request" | "apart" = "with the request",
  ): Promise<Line> {
    const line = this.line();
    const lines = [
      `GET ${this.path(transport)} HTTP/1.1`,
      `Host: ${HOST}`,
      "Connection: Upgrade",
      "Upgrade: WebSocket",
      `Origin: ${ORIGIN}`,
      ...(draft === "hixie-76" ? KEYS : []),
    ];
    const together = draft === "hixie-76" && nonce === "with the request";
    await line.write(`${lines.join("\r\n")}\r\n\r\n${together ? NONCE : ""}`);
    this.note("head", await line.until("\r\n\r\n"));
    if (draft === "hixie-75") return line;
    if (!together)
      for (const piece of [NONCE.slice(0, 3), NONCE.slice(3)])
        await line.write(piece);
    this.note("proof", await line.bytes(16));
    return line;
  }

  /** A request that is answered at once. */
  async ask(path: string, body?: string): Promise<Answer> {
    const answer = await within(this.send(path, body).answer, path);
    this.noteAnswer(body === undefined ? "GET" : "POST", answer);
    return answer;
  }

  /** A request that may be held. */
  send(path: string, body?: string): Held {
    const type = this.plain
      ? "application/x-www-form-urlencoded"
      : "text/plain;charset=UTF-8";
    const sent = request({
      host: "127.0.0.1",
      port: this.port,
      path,
      agent: false,
      ...(body !== undefined && {
        method: "POST",
        headers: {
          "Content-Type": type,
          "Content-Length": Buffer.byteLength(body),
        },
      }),
    });
    const answer = new Promise<Answer>((resolve) => {
      sent.on("error", () => resolve({ status: 0, type: "", body: "" }));
      sent.on("response", (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (more: string) => (text += more));
        response.on("close", () =>
          resolve({
            status: response.statusCode ?? 0,
            type: response.headers["content-type"] ?? "",
            body: text,
          }),
        );
      });
    });
    sent.end(body);
    const held = { answer, destroy: () => void sent.destroy() };
    this.#requests.push(held);
    return held;
  }

  /** The body of a POST with these words. */
  form(words: string): string {
    return this.plain ? `data=${encodeURIComponent(words)}` : words;
  }

  noteAnswer(what: string, { status, type, body }: Answer): void {
    // Not that every answer has a type, but that those that matter have the same.
    const kind = what === "GET" && status === 200 ? ` ${type}` : "";
    this.note(what, `${status}${kind} ${body}`);
  }

  close(): void {
    for (const line of this.#lines) line.destroy();
    for (const held of this.#requests) held.destroy();
  }

  #clean(text: string): string {
    if (this.sid === "") return text;
    return text
      .replaceAll(`~m~${this.sid.length}~m~${this.sid}`, "~m~SID")
      .replaceAll(this.sid, "SID");
  }
}
