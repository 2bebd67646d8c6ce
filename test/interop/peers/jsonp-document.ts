/**
 * As much of a browser's document as the JSONP transport of the old clients
 * needs: a script element that is fetched and run, and a form that is posted
 * into a hidden frame, with the line ends a browser makes of them.
 */
import { request } from "node:http";
import { runInThisContext } from "node:vm";

interface Element {
  parentNode: Element | null;
  children: Element[];
  style: Record<string, string>;
  src?: string;
  action?: string;
  name?: string;
  value?: string;
  onerror?: (event: unknown) => void;
  onload?: () => void;
  setAttribute(): void;
  appendChild(child: Element): Element;
  insertBefore(child: Element): Element;
  removeChild(child: Element): Element;
  submit(): void;
}

function createElement(tag: string): Element {
  // The clients try IE's `createElement("<iframe ...>")` first; browsers refuse it.
  if (tag.startsWith("<")) throw new Error("InvalidCharacterError");
  const element: Element = {
    parentNode: null,
    children: [],
    style: {},
    setAttribute() {},
    appendChild(child) {
      child.parentNode = element;
      element.children.push(child);
      if (child.src?.startsWith("http")) run(child, child.src);
      return child;
    },
    insertBefore: (child) => element.appendChild(child),
    removeChild(child) {
      element.children = element.children.filter((other) => other !== child);
      child.parentNode = null;
      return child;
    },
    submit: () => submit(element),
  };
  return element;
}

/** A script that was taken out of the page meanwhile is run all the same, as in browsers. */
function run(script: Element, url: string): void {
  exchange("GET", url, undefined).then(
    ({ status, body }) => {
      if (status === 200) runInThisContext(body);
      else script.onerror?.({ type: "error" });
    },
    () => script.onerror?.({ type: "error" }),
  );
}

function submit(form: Element): void {
  const fields = new URLSearchParams();
  for (const { name, value } of form.children) {
    if (name !== undefined && value !== undefined)
      fields.append(name, value.replace(/\r\n|\r|\n/g, "\r\n"));
  }
  const frame = form.children.find((child) => child.src === "javascript:0");
  const loaded = (): void => frame?.onload?.();
  exchange("POST", form.action ?? "", String(fields)).then(loaded, loaded);
}

function exchange(
  method: string,
  url: string,
  body: string | undefined,
): Promise<{ status: number | undefined; body: string }> {
  return new Promise((resolve, reject) => {
    const headers =
      body === undefined
        ? {}
        : { "Content-Type": "application/x-www-form-urlencoded" };
    const outgoing = request(
      url,
      { method, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () =>
          resolve({
            status: response.statusCode,
            body: Buffer.concat(chunks).toString("utf8"),
          }),
        );
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/**
 * Gives the process the global `document`. It stays, because a client that
 * was closed still looks at it when its last request ends.
 */
export function installJsonpDocument(): void {
  const head = createElement("head");
  const body = createElement("body");
  Reflect.set(globalThis, "document", {
    createElement,
    getElementsByTagName: () => [],
    head,
    body,
  });
}
