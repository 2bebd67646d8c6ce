/** As much of a browser's window of 2011 as the library of 0.6 asks for to poll. */
const { readFileSync } = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

class XMLHttpRequest {
  withCredentials = false;
  readyState = 0;
  #headers = {};
  #abort = new AbortController();

  open(method, url) {
    Object.assign(this, { method, url });
  }

  setRequestHeader(name, value) {
    this.#headers[name] = value;
  }

  async send(body) {
    const { method, url } = this;
    const { signal } = this.#abort;
    const headers = this.#headers;
    try {
      const answer = await fetch(url, { method, headers, body, signal });
      this.responseText = await answer.text();
      this.status = answer.status;
    } catch {
      this.status = 0;
    }
    this.readyState = 4;
    this.onreadystatechange();
  }

  abort() {
    this.#abort.abort();
  }
}

/** A window that shows a page of this host and port, with the library loaded. */
exports.openWindow = function openWindow(domain, port) {
  const window = {
    XMLHttpRequest,
    location: { port },
    navigator: { userAgent: "Node.js", platform: "", plugins: [] },
    document: {
      domain,
      location: { port, protocol: "http:" },
      readyState: "complete",
      cookie: "",
    },
    addEventListener() {},
    setTimeout,
    clearTimeout,
  };
  window.window = window;
  const folder = path.dirname(require.resolve("sio06/package.json"));
  const file = path.join(folder, "support/socket.io-client/socket.io.js");
  vm.runInNewContext(readFileSync(file, "utf8"), window, file);
  return window;
};
