/** The Chromium that the tests drive, and pages that report what went wrong in them. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

const NAMES = ["chromium", "google-chrome"];

function executable(): string {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = [
    process.env["CHROMIUM_PATH"],
    "/usr/bin/chromium",
    ...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))),
  ];
  for (const file of candidates) {
    if (file === undefined) continue;
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not this one.
    }
  }
  throw new Error(
    "No Chromium or Chrome was found: install one, or set CHROMIUM_PATH to its path.",
  );
}

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: executable(),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}

/** Collects what a page complains about: errors on the console, and exceptions nobody caught. */
export function complaints(page: Page): string[] {
  const all: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") all.push(message.text());
  });
  page.on("pageerror", (error) => all.push(String(error)));
  return all;
}
