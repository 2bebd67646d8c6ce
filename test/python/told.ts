/**
 * What happened at one end, kept until a test asks for it, so that nothing is
 * missed by asking late.
 */
export interface Happened {
  readonly args: unknown[];
  readonly nsp: string;
  /** At a server: whose event it is. */
  readonly sid: string;
}

/** A test that hangs says where; nothing is asserted on time. */
let patience = 8_000;

/** How long to wait for what has to come, in ms. */
export function bePatient(ms: number): void {
  patience = ms;
}

export class Told {
  readonly #kept = new Map<string, Happened[]>();
  readonly #waiting = new Map<string, ((what: Happened) => void)[]>();

  constructor(private readonly end: string) {}

  /** The next event of that name, or one that came and nobody asked for. */
  next(event: string): Promise<Happened> {
    const kept = this.#kept.get(event)?.shift();
    if (kept) return Promise.resolve(kept);
    return within(
      new Promise((resolve) => {
        const waiting = this.#waiting.get(event) ?? [];
        this.#waiting.set(event, [...waiting, resolve]);
      }),
      `"${event}" at ${this.end}; it told of ${[...this.#kept.keys()].join(", ") || "nothing else"}`,
    );
  }

  /** The arguments of the next event of that name. */
  async args(event: string): Promise<unknown[]> {
    return (await this.next(event)).args;
  }

  async several(event: string, count: number): Promise<Happened[]> {
    const all: Happened[] = [];
    while (all.length < count) all.push(await this.next(event));
    return all;
  }

  /** How many events of that name came that nobody asked for. */
  unasked(event: string): number {
    return this.#kept.get(event)?.length ?? 0;
  }

  happened(
    event: string,
    args: unknown[],
    { nsp = "/", sid = "" }: { nsp?: string; sid?: string } = {},
  ): void {
    const what = { args, nsp, sid };
    const waiting = this.#waiting.get(event)?.shift();
    if (waiting) return waiting(what);
    this.#kept.set(event, [...(this.#kept.get(event) ?? []), what]);
  }
}

export function within<Value>(
  promise: Promise<Value>,
  meaning: string,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`waited ${patience} ms in vain: ${meaning}`)),
      patience,
    );
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
