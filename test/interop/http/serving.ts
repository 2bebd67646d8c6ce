/** Rows about requests that are served: handshakes, polls, JSONP, compression, cookies, CORS. */
import type { ServerSocket } from "../peers/peer.js";
import type { Answer } from "../raw.js";
import { echo, OLD_POLL, plain, POLL, post, TEXT, type Row } from "./row.js";
import { seen, withoutIds, type Site } from "./site.js";

export const SERVING: readonly Row[] = [
  { name: "a handshake", run: plain(POLL) },
  {
    name: "a handshake of EIO3",
    options: { allowEIO3: true },
    run: plain(OLD_POLL),
  },
  {
    name: "a handshake of EIO3, base64 asked for",
    options: { allowEIO3: true },
    run: plain(`${OLD_POLL}&b64=1`),
  },
  {
    name: "posts and polls",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      return [
        seen(await site.ask(path, post("40"))),
        seen(await site.ask(path)),
        seen(await site.ask(path, post("41\u001e40/none,"))),
        seen(await site.ask(path)),
      ];
    },
  },
  {
    name: "no XSS warnings in Internet Explorer",
    run: async (site) => {
      const headers = {
        "User-Agent": "Mozilla/5.0 (MSIE 9.0; Windows NT 6.1; Trident/5.0)",
      };
      const path = `${POLL}&sid=${await site.greet()}`;
      return [
        seen(await site.ask(POLL, { headers }), "x-xss-protection"),
        seen(
          await site.ask(path, post("40", { ...TEXT, ...headers })),
          "x-xss-protection",
        ),
        seen(await site.ask(path, { headers }), "x-xss-protection"),
      ];
    },
  },
  {
    name: "JSONP over EIO4",
    run: async (site) => {
      const sid = await site.greet("EIO=4&transport=polling&j=7");
      const path = `${POLL}&j=7&sid=${sid}`;
      return [
        script(await site.ask(`${POLL}&j=7`)),
        seen(await site.ask(path, post("d=40", form()))),
        script(await site.ask(path)),
      ];
    },
  },
  {
    name: "JSONP over EIO3",
    options: { allowEIO3: true },
    run: async (site) => {
      echo(site);
      const sid = await site.greet("EIO=3&transport=polling&j=0");
      const path = `${OLD_POLL}&j=0&sid=${sid}`;
      const packet = '42["echo","line\\\\nbreak \u2028 é"]';
      const body = `d=${encodeURIComponent(`${packet.length - 1}:${packet}`)}`;
      const posted = seen(await site.ask(path, post(body, form())));
      let said: string;
      do said = script(await site.ask(path)).call[1];
      while (!said.includes("echo"));
      const [event = "[]"] = /\[.*\]/s.exec(said) ?? [];
      return { posted, event: JSON.parse(event) as unknown };
    },
  },
  {
    name: "JSONP is a script by its type too",
    run: async (site) =>
      (await site.ask(`${POLL}&j=0`)).headers["content-type"],
    // Pages that send `nosniff` run no script of the reference's text/plain.
    better: "text/javascript; charset=UTF-8",
  },
  {
    name: "a JSONP index is a number",
    run: async (site) => script(await site.ask(`${POLL}&j=1);alert(1`)),
  },
  {
    name: "compression above the threshold",
    run: async (site) => {
      emitsOnDemand(site);
      const answers: unknown[] = [];
      for (const [size, accepted] of [
        [2000, "gzip"],
        [2000, "deflate"],
        [2000, "deflate, gzip"],
        [2000, "br"],
        [2000, ""],
        [500, "gzip"],
      ] as const)
        answers.push(await sized(site, size, accepted));
      return answers;
    },
  },
  {
    name: "no compression when it is off",
    options: { httpCompression: false },
    run: (site) => {
      emitsOnDemand(site);
      return sized(site, 2000, "gzip");
    },
  },
  {
    name: "a cookie on the polling handshake",
    options: { cookie: true },
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      return [
        seen(await site.ask(POLL), "set-cookie"),
        seen(await site.ask(path, post("40")), "set-cookie"),
      ];
    },
  },
  {
    name: "a cookie of one's own",
    options: {
      cookie: {
        name: "seat",
        httpOnly: false,
        sameSite: "strict",
        maxAge: 86_400,
      },
    },
    run: async (site) => {
      const { headers } = await site.ask(POLL);
      return headers["set-cookie"]?.replace(/seat=[^;]+/, "seat=<id>");
    },
  },
  {
    name: "paths: a prefix with its slash is ours, the rest is the application's",
    run: async (site) => [
      seen(await site.ask("/socket.io/any/thing?EIO=4&transport=polling")),
      seen(await site.ask("/socket.io?EIO=4&transport=polling")),
      seen(await site.ask("/socket.iox/?EIO=4&transport=polling")),
      seen(await site.ask("/")),
    ],
  },
  {
    name: "without the trailing slash",
    options: { addTrailingSlash: false },
    run: plain("/socket.io?EIO=4&transport=polling"),
  },
  {
    name: "a path of one's own",
    options: { path: "/my/path" },
    run: async (site) => [
      seen(await site.ask("/my/path/?EIO=4&transport=polling")),
      seen(await site.ask(POLL)),
    ],
  },
];

export const CORS: readonly Row[] = [
  {
    name: "no CORS headers by default",
    run: plain(
      POLL,
      { headers: { Origin: "http://a.example" } },
      ...corsHeaders(),
    ),
  },
  {
    name: "CORS on answers and errors",
    options: { cors: { origin: ["http://a.example"], credentials: true } },
    run: async (site) => {
      const answers: unknown[] = [];
      for (const origin of ["http://a.example", "http://b.example"])
        for (const path of [POLL, `${POLL}&sid=unknown`])
          answers.push(
            seen(
              await site.ask(path, { headers: { Origin: origin } }),
              ...corsHeaders(),
            ),
          );
      return answers;
    },
  },
  {
    name: "a preflight",
    options: { cors: { origin: "http://a.example", methods: ["GET", "POST"] } },
    run: plain(
      POLL,
      {
        method: "OPTIONS",
        headers: {
          Origin: "http://a.example",
          "Access-Control-Request-Method": "POST",
          "Access-Control-Request-Headers": "x-own",
        },
      },
      ...corsHeaders(),
    ),
  },
];

function corsHeaders(): string[] {
  return [
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
    "vary",
  ];
}

/** A JSONP answer: which function is called, and with what. */
function script({ status, body }: Answer): {
  status: number;
  call: [index: string, text: string];
} {
  const [, index = "", literal = '""'] =
    /^___eio\[(\d*)\]\((".*")\);$/.exec(String(body)) ?? [];
  const text = JSON.parse(literal) as string;
  return { status, call: [index, withoutIds(text)] };
}

function form(): Record<string, string> {
  return { "Content-Type": "application/x-www-form-urlencoded" };
}

function emitsOnDemand(site: Site): void {
  site.io.on("connection", (socket: ServerSocket) => {
    socket.on("size", (bytes: number) =>
      socket.emit("sized", "x".repeat(bytes)),
    );
  });
}

/** A poll whose answer has about `size` bytes. */
async function sized(
  site: Site,
  size: number,
  accepted: string,
): Promise<unknown> {
  const path = `${POLL}&sid=${await site.greet()}`;
  await site.ask(path, post("40"));
  await site.ask(path);
  await site.ask(path, post(`42["size",${size}]`));
  const answer: Answer = await site.ask(path, {
    headers: { "Accept-Encoding": accepted },
  });
  return {
    status: answer.status,
    type: answer.headers["content-type"],
    encoding: answer.headers["content-encoding"],
  };
}
