/** Callbacks that the other end has not called yet, for those who wait until there are none. */
export class Callbacks {
  private readonly _open = new Map<symbol, string>();
  private readonly _waiting: (() => void)[] = [];

  /** @returns to be called when the callback was */
  add(namespace: string): () => void {
    const key = Symbol(namespace);
    this._open.set(key, namespace);
    return () => this._settle(key);
  }

  /** The namespace was disconnected: the other end will not call them. */
  forget(namespace: string): void {
    for (const [key, of] of this._open) if (of === namespace) this._settle(key);
  }

  settled(): Promise<void> {
    return new Promise((resolve) => {
      if (this._open.size) this._waiting.push(resolve);
      else resolve();
    });
  }

  private _settle(key: symbol): void {
    this._open.delete(key);
    if (this._open.size) return;
    for (const done of this._waiting.splice(0)) done();
  }
}
