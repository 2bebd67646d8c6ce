/** The site of the docs. The sidebar is what is there: every guide, by the title it gives itself. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitepress";

const docs = fileURLToPath(new URL("..", import.meta.url));

/** Guides that are best read first; the others follow by name. */
const ORDER = [
  "server",
  "serving",
  "runtimes",
  "client",
  "class-based-handlers",
  "validation",
];

function pages(folder: string): { text: string; link: string }[] {
  if (!existsSync(`${docs}${folder}`)) return [];
  const place = (name: string) =>
    ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length;
  return readdirSync(`${docs}${folder}`)
    .filter((file) => file.endsWith(".md"))
    .map((file) => file.slice(0, -".md".length))
    .sort((a, b) => place(a) - place(b) || a.localeCompare(b))
    .map((name) => {
      const text = readFileSync(`${docs}${folder}/${name}.md`, "utf8");
      const [, title = name] = /^# (.+)$/m.exec(text) ?? [];
      return { text: title, link: `/${folder}/${name}` };
    });
}

export default defineConfig({
  title: "omnio",
  description: "One Socket.IO for every client ever shipped",
  srcExclude: ["bench/**"],
  outDir: "../test-output/site",
  cacheDir: "../test-output/vitepress-cache",
  themeConfig: {
    nav: [
      { text: "Guide", link: "/guide/server" },
      { text: "API", link: "/api/" },
    ],
    sidebar: [
      { text: "Guide", items: pages("guide") },
      { text: "Reference", items: pages("reference") },
      { text: "API", items: [{ text: "All exports", link: "/api/" }] },
    ].filter(({ items }) => items.length > 0),
    search: { provider: "local" },
  },
});
