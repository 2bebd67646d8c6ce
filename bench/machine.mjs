/**
 * The machine and the versions that figures belong to, and what the operating
 * system allows.
 */
import { execFileSync } from "node:child_process";
import os from "node:os";
import process from "node:process";
import { versionOf } from "./contenders.mjs";

const GB = 1e9;

/** @param {import("./contenders.mjs").Contender[]} contenders */
export function describeMachine(contenders) {
  const cpus = os.cpus();
  return {
    node: process.version,
    versions: Object.fromEntries(
      contenders
        .flatMap(({ name, clientPackage }) => [name, clientPackage])
        .map((name) => [name, versionOf(name)]),
    ),
    platform: `${os.type()} ${os.release()} ${os.arch()}`,
    cpu: cpus[0]?.model.trim() || "unknown CPU",
    cores: cpus.length,
    memoryGB: Math.round(os.totalmem() / GB),
    loadAverage: os.loadavg()[0],
    date: new Date().toISOString().slice(0, 16).replace("T", " "),
  };
}

/** @param {ReturnType<typeof describeMachine>} machine */
export function machineLine(machine) {
  const versions = Object.entries(machine.versions).map(
    ([name, version]) => `${name} ${version}`,
  );
  return [
    versions.join(", "),
    `Node.js ${machine.node}`,
    `${machine.cores} x ${machine.cpu}, ${machine.memoryGB} GB`,
    machine.platform,
    `load average ${machine.loadAverage.toFixed(1)}`,
    `${machine.date} UTC`,
  ].join(" | ");
}

/**
 * How many file descriptors a process may have. Node.js raises its own soft
 * limit to the hard one when it starts, and a child inherits that.
 */
export function fileDescriptorLimit() {
  if (process.platform === "win32") return Infinity;
  const limit = execFileSync("sh", ["-c", "ulimit -n"], {
    encoding: "utf8",
  }).trim();
  return limit === "unlimited" ? Infinity : Number(limit);
}
