/** One message as an element, and how it follows what happens to the message. */
import { el, paintAvatar, setText } from "./dom.js";
import { download, isPicture, pictureOf } from "./files.js";
import { clockTime, fullTime, linked } from "./format.js";
import { icon } from "./icons.js";
import { formatBytes } from "./rules.js";

/** @typedef {import("./model.js").Shown} Shown */
/** @typedef {{ retry: (message: Shown) => void, discard: (message: Shown) => void }} Actions */

export class MessageView {
  /** @type {HTMLElement | undefined} */
  #picture;

  /** @param {Shown} message @param {Actions} actions */
  constructor(message, actions) {
    this.message = message;
    const avatar = el("span", { class: "avatar", "aria-hidden": "true" });
    paintAvatar(avatar, message.name);
    this.time = el("time");
    this.state = el("span", { class: "state" });
    this.bubble = el(
      "div",
      { class: "bubble" },
      el(
        "p",
        { class: "author", "data-testid": "message-author" },
        message.name,
      ),
      message.file && this.#file(message.file),
      message.text !== "" &&
        el(
          "p",
          { class: "text", dir: "auto", "data-testid": "message-text" },
          ...linked(message.text),
        ),
      el("p", { class: "meta" }, this.time, this.state),
    );
    this.failure = el(
      "p",
      { class: "failure" },
      el("span", { class: "why" }),
      el(
        "button",
        {
          type: "button",
          class: "link",
          click: () => actions.retry(this.message),
        },
        "Try again",
      ),
      el(
        "button",
        {
          type: "button",
          class: "link",
          click: () => actions.discard(this.message),
        },
        "Discard",
      ),
    );
    this.node = el(
      "li",
      { class: "message", "data-testid": "message", "data-id": message.id },
      avatar,
      el("div", { class: "column" }, this.bubble, this.failure),
    );
  }

  /**
   * @param {Shown} message
   * @param {{ head: boolean, tail: boolean }} place first or last of a group
   */
  update(message, { head, tail }) {
    this.message = message;
    const { node } = this;
    node.dataset.state = message.state;
    node.dataset.own = String(message.own);
    node.classList.toggle("own", message.own);
    node.classList.toggle("head", head);
    node.classList.toggle("tail", tail);
    setText(this.time, clockTime(message.time));
    this.time.dateTime = new Date(message.time).toISOString();
    this.time.title = fullTime(message.time);
    if (this.state.dataset.for !== message.state) this.#showState(message);
    if (this.#picture) this.#showPicture(message);
  }

  /** @param {Shown} message */
  #showState({ state, own, why = "" }) {
    this.state.dataset.for = state;
    this.failure.hidden = state !== "failed";
    setText(/** @type {Element} */ (this.failure.firstElementChild), why);
    const pending = [icon("clock"), "waiting"];
    const sent = own
      ? [icon("check"), el("span", { class: "hidden" }, "delivered")]
      : [];
    const failed = [icon("alert"), "not sent"];
    this.state.replaceChildren(...{ pending, sent, failed }[state]);
  }

  /** @param {import("../types.d.ts").FileCard} file */
  #file(file) {
    const info = el("span", { class: "info" }, formatBytes(file.size));
    const save = async () => {
      const there = await download(this.message).catch(() => undefined);
      if (there === undefined)
        setText(info, "No connection, please try again.");
      if (there === false) setText(info, "No longer kept by the server.");
    };
    if (isPicture(this.message)) {
      this.#picture = el("div", {
        class: "picture",
        "data-testid": "message-image",
      });
    }
    return el(
      "figure",
      { class: "file", "data-testid": "message-file" },
      this.#picture,
      el(
        "figcaption",
        {},
        this.#picture ? undefined : icon("file"),
        el(
          "span",
          { class: "about" },
          el("strong", { title: file.name }, file.name),
          info,
        ),
        el(
          "button",
          {
            type: "button",
            class: "quiet square",
            click: () => void save(),
            "data-testid": "message-download",
          },
          icon("download"),
          el("span", { class: "hidden" }, `Download ${file.name}`),
        ),
      ),
    );
  }

  /** @param {Shown} message */
  #showPicture(message) {
    const box = /** @type {HTMLElement} */ (this.#picture);
    const { state, url } = pictureOf(message);
    if (box.dataset.state === state) return;
    box.dataset.state = state;
    if (state === "ready" && url) {
      const alt = `Picture ${message.file?.name} from ${message.name}`;
      box.replaceChildren(el("img", { src: url, alt, decoding: "async" }));
    } else {
      const text =
        state === "gone"
          ? "This picture is no longer kept."
          : "Loading the picture";
      box.replaceChildren(el("span", {}, text));
    }
  }
}
