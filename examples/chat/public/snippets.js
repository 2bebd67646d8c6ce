/** How to join from a program: real programs for this server and this room, to copy. */
import { announce, byId, el } from "./dom.js";
import { icon } from "./icons.js";

/**
 * Ten lines that work as they are.
 * @param {string} url @param {string} room @param {string} head how the client is loaded @param {string} name
 */
function program(url, room, head, name) {
  return `${head}

const socket = io(${JSON.stringify(url)});
const room = ${JSON.stringify(room)};

socket.on("message", ({ name, text }) => console.log(name + ": " + text));
socket.on("connect", () => {
  socket.emit("join", { room, name: ${JSON.stringify(name)} }, (answer) => {
    if (answer.ok) socket.emit("message", { room, text: "Hello!" });
    else console.error(answer.error.message);
  });
});
`;
}

/** @param {string} url @param {string} room */
export function snippets(url, room) {
  return [
    {
      id: "node",
      title: "Node.js",
      how: "with omnio installed: save as hello.mjs, run node hello.mjs",
      code: program(
        url,
        room,
        'import { io } from "omnio/client";',
        "Node program",
      ),
    },
    {
      id: "2x",
      title: "Any Socket.IO 2.x client",
      how: "with socket.io-client@2 installed: save as hello.cjs, run node hello.cjs",
      code: program(
        url,
        room,
        'const io = require("socket.io-client");',
        "2.x program",
      ),
    },
    {
      id: "09",
      title: "Any Socket.IO 0.9 client",
      how: "with socket.io-client@0.9 installed: save as hello.cjs, run node hello.cjs",
      code: program(
        url,
        room,
        'const { connect: io } = require("socket.io-client");',
        "0.9 program",
      ),
    },
    {
      id: "shell",
      title: "From this project's folder",
      how: "one line in a terminal",
      code: `node examples/chat/join.mjs --url ${url} --name Terminal --room ${room} "hello"\n`,
    },
  ];
}

/** @param {() => string} currentRoom */
export function startSnippets(currentRoom) {
  const dialog = /** @type {HTMLDialogElement} */ (byId("program"));
  byId("open-program").addEventListener("click", () => {
    const shown = snippets(location.origin, currentRoom());
    byId("snippets").replaceChildren(...shown.map(section));
    dialog.showModal();
  });
  byId("program-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

/** @param {ReturnType<typeof snippets>[number]} snippet */
function section({ id, title, how, code }) {
  const label = el("span", {}, "Copy");
  const button = el(
    "button",
    {
      type: "button",
      class: "quiet outlined copy",
      "data-testid": `copy-${id}`,
      "aria-label": `Copy: ${title}`,
    },
    icon("copy"),
    label,
  );
  const block = el(
    "pre",
    { tabindex: "0", "aria-label": title },
    el("code", { "data-testid": `snippet-${id}` }, code),
  );
  button.addEventListener("click", async () => {
    const copied = await copy(code, block);
    label.textContent = copied ? "Copied" : "Selected";
    announce(
      copied ? `${title}: copied.` : "Selected; copy it with your keyboard.",
    );
    setTimeout(() => (label.textContent = "Copy"), 2000);
  });
  return el(
    "section",
    { class: "snippet" },
    el(
      "header",
      {},
      el("div", {}, el("h3", {}, title), el("p", {}, how)),
      button,
    ),
    block,
  );
}

/** Without permission (or on plain http) the text is selected instead. @param {string} code @param {HTMLElement} block */
async function copy(code, block) {
  try {
    await navigator.clipboard.writeText(code);
    return true;
  } catch {
    getSelection()?.selectAllChildren(block);
    return false;
  }
}
