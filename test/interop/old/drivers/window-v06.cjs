/**
 * As much of a window of 2011 as the bundle of 0.6 asks for: XMLHttpRequest,
 * a document whose scripts are fetched and whose forms are posted into hidden
 * frames, and the WebSocket (hixie-76) that comes with the package.
 */
const { readFileSync } = require("node:fs");
const http = require("node:http");
const path = require("node:path");
const vm = require("node:vm");

function fetch(method, url, headers, body, done) {
  const request = http.request(url, { method, headers, agent: false });
  request.on("error", () => done(0, ""));
  request.on("response", (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (chunk) => (text += chunk));
    response.on("error", () => done(0, ""));
    response.on("end", () => done(response.statusCode, text));
  });
  request.end(body);
  return request;
}

class XMLHttpRequest {
  withCredentials = false;
  readyState = 0;
  #headers = {};

  open(method, url) {
    this.method = method;
    this.url = url;
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  send(body) {
    this.request = fetch(
      this.method,
      this.url,
      this.#headers,
      body,
      (status, text) => {
        Object.assign(this, { readyState: 4, status, responseText: text });
        this.onreadystatechange();
      },
    );
  }

  abort() {
    this.request.destroy();
  }
}

function createDocument(run) {
  const submit = (form) => {
    // A form's line ends are CR LF, whatever the text has.
    const fields = form.children
      .filter(({ name, value }) => name !== undefined && value !== undefined)
      .map(({ name, value }) => [name, value.replace(/\r\n|\r|\n/g, "\r\n")]);
    const frame = form.children.find(({ tag }) => tag === "iframe");
    fetch(
      "POST",
      form.action,
      { "Content-Type": "application/x-www-form-urlencoded" },
      String(new URLSearchParams(fields)),
      () => frame.onload(),
    );
  };

  function createElement(tag) {
    if (tag.startsWith("<")) throw new Error("not the name of an element");
    const element = {
      tag: tag.toLowerCase(),
      children: [],
      style: {},
      appendChild(child) {
        element.children.push(child);
        child.parentNode = element;
        if (child.tag === "script")
          fetch("GET", child.src, {}, undefined, (status, text) => {
            if (status === 200) run(text);
            else child.onerror();
          });
        return child;
      },
      insertBefore: (child) => element.appendChild(child),
      removeChild(child) {
        element.children = element.children.filter((other) => other !== child);
      },
      submit: () => submit(element),
    };
    return element;
  }

  const head = createElement("head");
  const first = createElement("first script");
  head.appendChild(first);
  return {
    domain: "127.0.0.1",
    location: { port: "80", protocol: "http:" },
    readyState: "complete",
    cookie: "",
    head,
    body: createElement("body"),
    createElement,
    getElementById: () => null,
    getElementsByTagName: () => [first],
    addEventListener() {},
  };
}

/** The bundle looks for a native `send` on the prototype; the package's class has it on each object. */
function nativeLooking(WebSocket) {
  WebSocket.prototype.send = (() => undefined).bind(undefined);
  return WebSocket;
}

exports.openWindow = function openWindow(folder) {
  const support = path.join(folder, "support");
  const { WebSocket } = require(
    path.join(support, "node-websocket-client/lib/websocket.js"),
  );
  const window = {
    XMLHttpRequest,
    WebSocket: nativeLooking(WebSocket),
    navigator: { userAgent: "Node.js", platform: "", plugins: [] },
    location: { port: "80" },
    addEventListener() {},
    setTimeout,
    clearTimeout,
    console,
  };
  window.window = window;
  window.document = createDocument((text) => vm.runInContext(text, window));
  vm.createContext(window);
  const bundle = path.join(support, "socket.io-client/socket.io.js");
  vm.runInContext(readFileSync(bundle, "utf8"), window, bundle);
  return {
    window,
    /** The window shows a page of the server on this port. */
    place(port) {
      window.location.port = String(port);
      window.document.location.port = String(port);
    },
  };
};
