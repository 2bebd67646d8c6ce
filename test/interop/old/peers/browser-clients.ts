/**
 * The bundles that the clients of 0.6 to 0.9 gave to browsers, in Chromium. The
 * pages are the server's own, whatever there is at its root.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { launch } from "../../../browser/chromium.js";
import { proxyTo, type Proxy } from "../../proxy.js";
import { installed } from "./installed.js";
import type { ClientPeer, Generation, Transport } from "./peer.js";
import { openRemoteClient } from "./remote-ends.js";
import { Remote, type Message } from "./remote.js";

const driver = (file: string): string =>
  fileURLToPath(new URL(`../drivers/${file}`, import.meta.url));

/** A page that reaches whatever server its front stands before. */
interface Driven {
  readonly name: string;
  readonly page: Page;
  readonly remote: Remote;
  readonly front: Proxy;
}

/**
 * One browser for all bundles, started when the first page is opened. A page
 * serves one server at a time, and then the next: opening one takes longer
 * than most of what is tried in it.
 */
export class Pages {
  #browser: Promise<Browser> | undefined;
  /** By the port of the server that they are in use for. */
  readonly #used = new Map<number, Promise<Driven>>();
  readonly #idle: Driven[] = [];

  /** The page for that server, with those scripts. */
  use(name: string, port: number, scripts: readonly string[]): Promise<Driven> {
    const used = this.#used.get(port) ?? this.#take(name, port, scripts);
    this.#used.set(port, used);
    return used;
  }

  async leave(port: number): Promise<void> {
    const used = this.#used.get(port);
    this.#used.delete(port);
    if (used !== undefined) this.#idle.push(await used);
  }

  async close(): Promise<void> {
    const browser = this.#browser;
    this.#browser = undefined;
    await (await browser)?.close();
    const pages = [...this.#idle, ...(await Promise.all(this.#used.values()))];
    await Promise.all(pages.map(({ front }) => front.close()));
  }

  async #take(
    name: string,
    port: number,
    scripts: readonly string[],
  ): Promise<Driven> {
    const at = this.#idle.findIndex((idle) => idle.name === name);
    if (at === -1) {
      // Its bundle and transport are done with.
      for (const { page, front } of this.#idle.splice(0))
        await Promise.all([page.close(), front.close()]);
      return this.#load(name, port, scripts);
    }
    const [driven] = this.#idle.splice(at, 1);
    driven.front.aim(port);
    return driven;
  }

  async #load(
    name: string,
    port: number,
    scripts: readonly string[],
  ): Promise<Driven> {
    this.#browser ??= launch();
    const page = await (await this.#browser).newPage();
    const front = await proxyTo(port);
    const remote = new Remote((message) => {
      page
        .evaluate((sent) => window.receive(sent), message)
        .catch((error: unknown) => remote.lose(error as Error));
    });
    // One at a time: who waited for one may listen for the next.
    await page.exposeFunction("post", (message: Message) => {
      setImmediate(() => remote.receive(message));
    });
    // Any page will do, but it has to be a real one: Chromium lets no other open a WebSocket here.
    await page.goto(`http://127.0.0.1:${front.port}/`);
    for (const path of scripts) await page.addScriptTag({ path });
    await page.evaluate(() => {
      const { createLink, driveClients } = window.drivers;
      const link = createLink((message) => window.post(message));
      const commands = driveClients(window.io, link.report);
      window.receive = (message) => link.receive(message, commands);
    });
    return { name, page, remote, front };
  }
}

declare global {
  interface Window {
    io: unknown;
    post(message: Message): void;
    receive(message: Message): void;
    /** The files of drivers/, as scripts. */
    drivers: {
      createLink: (post: (message: Message) => void) => {
        report: unknown;
        receive: (message: Message, commands: unknown) => void;
      };
      driveClients: (io: unknown, report: unknown) => unknown;
    };
  }
}

function browserClient(
  pages: Pages,
  alias: string,
  generation: Generation,
  bundle: string,
  clientDriver = "client-v09.cjs",
): ClientPeer {
  const { folder, version } = installed(alias);
  const scripts = [
    join(folder, bundle),
    driver("link.cjs"),
    driver(clientDriver),
  ];
  const withHtmlfile = [driver("internet-explorer.js"), ...scripts];
  const pageFor = (port: number, transport: Transport) =>
    pages.use(
      `${alias} ${transport}`,
      port,
      transport === "htmlfile" ? withHtmlfile : scripts,
    );
  return {
    name: "socket.io-client",
    version,
    generation,
    place: "page",
    visit: async (port, transport) => void (await pageFor(port, transport)),
    async open(port, options) {
      const { remote, front } = await pageFor(port, options.transport);
      return openRemoteClient(remote, front.port, options);
    },
    leave: (port) => void pages.leave(port),
    shutDown: () => pages.close(),
  };
}

export const browserClient09 = (pages: Pages): ClientPeer =>
  browserClient(pages, "sioc09", "0.9", "dist/socket.io.js");
export const browserClient08 = (pages: Pages): ClientPeer =>
  browserClient(pages, "sioc08", "0.8", "dist/socket.io.js");
export const browserClient07 = (pages: Pages): ClientPeer =>
  browserClient(pages, "sioc07", "0.7", "dist/socket.io.js");
export const browserClient06 = (pages: Pages): ClientPeer =>
  browserClient(
    pages,
    "sio06",
    "0.6",
    "support/socket.io-client/socket.io.js",
    "client-v06.cjs",
  );
