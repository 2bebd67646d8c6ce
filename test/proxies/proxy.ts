/**
 * The proxies, as their configurations in examples/proxies/ have them: the
 * server's port and their own are put in, nothing else is changed. Each runs
 * as a child in a temporary folder.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** As `npm test` looks for them, which has installed what it could. */
const { findProgram } = (await import(
  new URL("../../scripts/proxies.mjs", import.meta.url).href
)) as { findProgram: (program: string) => string | undefined };

export type Transport = "polling" | "upgrade" | "websocket";

export interface Proxy {
  readonly title: string;
  readonly program: string;
  /** In examples/proxies/. */
  readonly file: string;
  /** What it passes on. */
  readonly transports: readonly Transport[];
  /** TLS with a certificate of the tests. */
  readonly secure?: boolean;
  /** What a whole configuration has around this one. */
  wrap?(configuration: string, folder: string): string;
  args(file: string, folder: string, port: number): string[];
}

const ALL: readonly Transport[] = ["polling", "upgrade", "websocket"];

const nginx = {
  program: "nginx",
  wrap: (configuration: string, folder: string) =>
    [
      `pid ${folder}/nginx.pid; error_log stderr warn; worker_processes 1;`,
      "events {}",
      `http { access_log off; client_body_temp_path ${folder};`,
      `proxy_temp_path ${folder}; fastcgi_temp_path ${folder};`,
      `uwsgi_temp_path ${folder}; scgi_temp_path ${folder};`,
      configuration,
      "}",
    ].join("\n"),
  args: (file: string, folder: string) => [
    ...["-p", folder, "-c", file, "-e", "stderr"],
    ...["-g", "daemon off;"],
  ],
};

const haproxy = {
  program: "haproxy",
  args: (file: string, folder: string) => ["-db", "-C", folder, "-f", file],
};

const APACHE = "/usr/lib/apache2/modules";

export const proxies: readonly Proxy[] = [
  { ...nginx, title: "nginx", file: "nginx.conf", transports: ALL },
  {
    ...nginx,
    title: "nginx, Connection: upgrade on all",
    file: "nginx-always-upgrade.conf",
    transports: ALL,
  },
  {
    ...nginx,
    title: "nginx without upgrade headers",
    file: "nginx-plain.conf",
    transports: ["polling"],
  },
  {
    title: "Apache",
    program: "apache2",
    file: "apache.conf",
    transports: ALL,
    wrap: (configuration, folder) =>
      [
        ...["mpm_event", "authz_core", "proxy", "proxy_http"].map(
          (name) => `LoadModule ${name}_module ${APACHE}/mod_${name}.so`,
        ),
        `LoadModule proxy_wstunnel_module ${APACHE}/mod_proxy_wstunnel.so`,
        `ServerName localhost\nPidFile ${folder}/apache.pid`,
        `ErrorLog ${folder}/error.log\nDefaultRuntimeDir ${folder}`,
        // Started by root, it works as somebody else.
        ...(process.getuid?.() === 0 ? ["User nobody\nGroup nogroup"] : []),
        configuration,
      ].join("\n"),
    args: (file, folder) => ["-d", folder, "-f", file, "-DFOREGROUND"],
  },
  { ...haproxy, title: "HAProxy", file: "haproxy.cfg", transports: ALL },
  {
    ...haproxy,
    title: "HAProxy with TLS and HTTP/2",
    file: "haproxy-h2.cfg",
    transports: ALL,
    secure: true,
  },
  {
    title: "lighttpd",
    program: "lighttpd",
    file: "lighttpd.conf",
    transports: ALL,
    args: (file) => ["-D", "-f", file],
  },
  {
    title: "Caddy",
    program: "caddy",
    file: "Caddyfile",
    transports: ALL,
    wrap: (configuration) =>
      `{\n\tauto_https off\n\tadmin off\n}\n${configuration}`,
    args: (file) => ["run", "--adapter", "caddyfile", "--config", file],
  },
  {
    title: "Varnish",
    program: "varnishd",
    file: "varnish.vcl",
    transports: ALL,
    args: (file, folder, port) => [
      ...["-F", "-j", "none", "-a", `127.0.0.1:${port}`, "-f", file],
      ...["-n", join(folder, "work"), "-s", "malloc,16m", "-T", "none"],
    ],
  },
];

export const isInstalled = ({ program }: Proxy): boolean =>
  findProgram(program) !== undefined;

export interface RunningProxy {
  readonly port: number;
  stop(): Promise<void>;
}

/** @throws {Error} it ended by itself; the message has what it said */
export async function start(
  proxy: Proxy,
  upstream: number,
): Promise<RunningProxy> {
  const folder = await mkdtemp(join(tmpdir(), "omnio-proxy-"));
  // Some work as somebody else than who started them.
  await chmod(folder, 0o755);
  const port = await freePort();
  const example = await readFile(
    new URL(`../../examples/proxies/${proxy.file}`, import.meta.url),
    "utf8",
  );
  const configuration = example
    .replaceAll("3000", String(upstream))
    .replaceAll("8080", String(port))
    .replaceAll("site.pem", join(folder, "site.pem"));
  const file = join(folder, proxy.file);
  await writeFile(file, proxy.wrap?.(configuration, folder) ?? configuration);
  if (proxy.secure) await writeFile(join(folder, "site.pem"), await pem());
  const child = spawn(
    findProgram(proxy.program) ?? proxy.program,
    proxy.args(file, folder, port),
    {
      cwd: folder,
      env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder },
    },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
    }
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  const until = Date.now() + 10_000;
  while (!(await accepts(port))) {
    if (child.exitCode !== null) {
      await stop();
      throw new Error(`${proxy.program} has ended: ${said}`);
    }
    if (Date.now() > until) {
      await stop();
      throw new Error(`${proxy.program} does not listen: ${said}`);
    }
    await nextTry(child);
  }
  return { port, stop };
}

async function pem(): Promise<string> {
  const folder = new URL("../runtimes/node/", import.meta.url);
  const [cert, key] = await Promise.all(
    ["cert.pem", "key.pem"].map((name) =>
      readFile(new URL(name, folder), "utf8"),
    ),
  );
  return cert + key;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

/** A proxy does not say that it listens: it is asked again, or is gone. */
function nextTry(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      child.off("exit", done);
      resolve();
    };
    const timer = setTimeout(done, 20);
    child.on("exit", done);
  });
}
