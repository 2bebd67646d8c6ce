/**
 * The page: it holds the rooms, hears the server, and has everything shown
 * again after each change, once per turn.
 */
import { showBanner, startBanner, tellGoodNews } from "./banner.js";
import { focusComposer, openDraft, startComposer } from "./composer.js";
import { ask, onStatus, socket } from "./connection.js";
import { byId, paintAvatar, setText } from "./dom.js";
import { isPicture, keepOnly, loadLate, onPicture } from "./files.js";
import { counted } from "./format.js";
import { drawIcons } from "./icons.js";
import {
  me,
  newId,
  savedOutbox,
  savedRooms,
  saveRooms,
  setName,
} from "./identity.js";
import { Room } from "./model.js";
import { Outbox } from "./outbox.js";
import { closePanel, startPanels } from "./panels.js";
import { showPeople, showTyping } from "./people.js";
import { listenForRooms, showRooms } from "./rooms.js";
import { checkRoom, INLINE_TYPES, LIMITS, LOBBY } from "./rules.js";
import { startSnippets } from "./snippets.js";
import { isReading, scrollToEnd, showTimeline } from "./timeline.js";
import { askForName, startWelcome } from "./welcome.js";

/** @type {Map<string, Room>} the rooms that this page is in or wants to be in */
const rooms = new Map();
/** @type {import("../types.d.ts").RoomCard[]} */
let directory = [];
let active = LOBBY;
let boot = "";
let scheduled = false;
/** What became of the last interruption. */
let news = "";
let connectedAt = 0;
/** Messages that were written before `connectedAt` and sent after. */
let delivered = 0;

const outbox = new Outbox({
  ready: (room) => rooms.get(room)?.joined === true && socket.connected,
  sent: ({ id, room, time: written }, { seq, time }) => {
    rooms.get(room)?.update(id, { state: "sent", seq, time });
    if (written < connectedAt) delivered += 1;
    if (delivered === 0 || outbox.size > 0 || news === "") return;
    tellGoodNews(`${news} ${counted(delivered, "waiting message")} delivered.`);
    delivered = 0;
  },
  failed: ({ id, room }, why) =>
    rooms.get(room)?.update(id, { state: "failed", why }),
});

/** @param {string} name */
function roomCalled(name) {
  let room = rooms.get(name);
  if (!room) {
    room = new Room(name, changed);
    rooms.set(name, room);
    saveRooms(rooms.keys());
  }
  return room;
}

function activeRoom() {
  return roomCalled(active);
}

// --- showing ---

function changed() {
  if (scheduled) return;
  scheduled = true;
  setTimeout(() => {
    scheduled = false;
    show();
  });
}

function show() {
  const room = activeRoom();
  if (isReading()) room.read();
  showRooms(rooms.values(), directory, active);
  showPeople(room.people, me.name, room.joined);
  showTyping(room.typing);
  openDraft(active);
  showTimeline(room, { retry, discard });
  showBanner();
  setText(byId("room-title"), `# ${active}`);
  byId("leave-room").hidden = active === LOBBY;
  setText(byId("my-name"), me.name);
  paintAvatar(byId("my-avatar"), me.name || "?");
  const unread = [...rooms.values()].reduce(
    (sum, { unread }) => sum + unread,
    0,
  );
  document.title = `${unread > 0 ? `(${unread}) ` : ""}#${active} · omnio chat`;
  const all = [...rooms.values()].flatMap(({ messages }) => [
    ...messages.keys(),
  ]);
  keepOnly(new Set(all));
}

// --- rooms ---

/** @param {string} name */
async function join(name) {
  if (me.name === "" || !socket.connected) return;
  const room = roomCalled(name);
  const asked = me.name;
  const answer = await ask("join", {
    room: name,
    name: asked,
    key: me.key,
  }).catch(() => undefined);
  if (!answer || asked !== me.name || rooms.get(name) !== room) return;
  if (!answer.ok) {
    const { code, message, suggestion, retryAfter } = answer.error;
    if (code === "rate") setTimeout(() => void join(name), retryAfter);
    else if (code === "name-taken")
      askForName({ name: suggestion ?? asked, problem: message });
    else dropRoom(name, message);
    return;
  }
  room.joined = true;
  for (const message of answer.history)
    room.take(message, message.name === asked);
  room.setPeople(answer.people, asked);
  loadLate([...room.messages.values()].filter(isPicture));
  void outbox.flush();
}

/** @param {string} name @param {string} [why] */
function dropRoom(name, why) {
  outbox.forget(name);
  rooms.delete(name);
  saveRooms(rooms.keys());
  if (name === active)
    location.hash = encodeURIComponent([...rooms.keys()].at(-1) ?? LOBBY);
  if (why)
    roomCalled([...rooms.keys()].at(-1) ?? LOBBY).note(`#${name}: ${why}`);
  changed();
}

function followHash() {
  let wanted = "";
  try {
    wanted = decodeURIComponent(location.hash.slice(1));
  } catch {
    // Not an address that we made.
  }
  const name = checkRoom(wanted).value ?? LOBBY;
  const isNew = !rooms.has(name);
  activeRoom().firstUnread = undefined;
  active = name;
  roomCalled(name);
  closePanel();
  focusComposer();
  if (isNew) void join(name);
  changed();
}

// --- messages ---

/** @param {string} text @param {File | undefined} file */
async function send(text, file) {
  const room = activeRoom();
  const draft = { id: newId(), room: room.name, text, time: Date.now() };
  room.firstUnread = undefined;
  if (!file) {
    room.write({ ...draft, name: me.name });
    outbox.add(draft);
  } else {
    const { name, type, size } = file;
    const card = { name, type, size, inline: INLINE_TYPES.includes(type) };
    room.write({ ...draft, name: me.name, file: card, blob: file });
    outbox.add({
      ...draft,
      file: { name, type, data: await file.arrayBuffer() },
    });
  }
  // Another window of this page took the place; whoever writes has it.
  if (socket.connected && !room.joined) void join(room.name);
  changed();
}

/** @param {import("./model.js").Shown} message */
async function retry({ id, room, text, file, blob, time }) {
  rooms.get(room)?.update(id, { state: "pending" });
  const upload = file && blob && { ...file, data: await blob.arrayBuffer() };
  outbox.add({ id, room, text, time, ...(upload && { file: upload }) });
}

/** @param {import("./model.js").Shown} message */
function discard({ id, room }) {
  rooms.get(room)?.remove(id);
}

// --- what the server says ---

socket.on("welcome", (welcome) => {
  const restarted = boot !== "" && boot !== welcome.boot;
  const isBack = boot !== "";
  boot = welcome.boot;
  const where = welcome.durable
    ? "a file on the server and outlive its restart"
    : "the server's memory until it stops";
  setText(
    byId("footnote"),
    `The last ${LIMITS.history} messages of a room are kept in ${where}.`,
  );
  if (!isBack) return;
  news = restarted ? "The server was started again." : "Nothing was missed.";
  delivered = 0;
  tellGoodNews(news);
});

socket.on("connect", () => {
  connectedAt = Date.now();
  if (socket.recovered) {
    for (const room of rooms.values()) room.joined = true;
    void outbox.flush();
  } else {
    for (const name of rooms.keys()) void join(name);
  }
  changed();
});
socket.on("disconnect", () => {
  for (const room of rooms.values()) room.loseSight();
});
socket.on("rooms", (cards) => {
  directory = cards;
  changed();
});
socket.on("people", ({ room, people }) => {
  if (rooms.get(room)?.joined) rooms.get(room)?.setPeople(people, me.name);
});
socket.on("typing", ({ room, name }) => rooms.get(room)?.startTyping(name));
socket.on("left", ({ room, reason }) => {
  const known = rooms.get(room);
  known?.loseSight();
  known?.note(reason);
});
socket.on("message", (message) => {
  const room = rooms.get(message.room);
  if (!room) return;
  const reading = message.room === active && isReading();
  const isNew = room.take(message, false);
  if (!isNew || reading) return;
  room.unread += 1;
  if (room.unread === 1) room.firstUnread = message.id;
});

// --- start ---

drawIcons();
startPanels();
startBanner(() => outbox.size);
startSnippets(() => active);
startWelcome((name) => {
  setName(name);
  for (const room of rooms.keys()) void join(room);
  focusComposer();
  changed();
});
startComposer({
  send: (text, file) => void send(text, file),
  typing: () => {
    if (activeRoom().joined) socket.volatile.emit("typing", { room: active });
  },
});
listenForRooms((name) => (location.hash = encodeURIComponent(name)));
byId("change-name").addEventListener("click", () =>
  askForName({ name: me.name, optional: true }),
);
byId("leave-room").addEventListener("click", () => {
  const name = active;
  void ask("leave", { room: name }).catch(() => {});
  dropRoom(name);
});
onPicture(changed);
onStatus(changed);
addEventListener("hashchange", followHash);
document.addEventListener("visibilitychange", changed);

for (const name of savedRooms()) roomCalled(name);
for (const entry of savedOutbox()) {
  roomCalled(entry.room).write({ ...entry, name: me.name });
  outbox.add(entry);
}
followHash();
scrollToEnd();
if (me.name === "") askForName({ name: "", first: true });
socket.connect();
