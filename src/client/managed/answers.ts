/**
 * The server's answers to requests for namespaces: connected, refused, or none
 * in time, which is a failure too. The time begins anew with each answer.
 */
import type { Timer, Timers } from "../timers.js";
import { ConnectionError } from "./errors.js";

type Failures = Map<string, ConnectionError>;

export class Answers {
  private readonly _rounds = new Set<Round>();

  constructor(
    private readonly _timers: Timers,
    /** In ms. */
    private readonly _timeout: number,
  ) {}

  /** Resolves when all of them are answered, with those that failed. */
  of(namespaces: Iterable<string>): Promise<Failures> {
    return new Promise((resolve) => {
      const round = new Round(
        new Set(namespaces),
        this._timers,
        this._timeout,
        (failures) => {
          this._rounds.delete(round);
          resolve(failures);
        },
      );
      this._rounds.add(round);
    });
  }

  settle(namespace: string, error?: ConnectionError): void {
    for (const round of this._rounds) round.settle(namespace, error);
  }

  /** The requests are on their way: from now on the time counts. */
  begin(): void {
    for (const round of this._rounds) round.wait();
  }

  /** Nobody waits for the others. */
  enough(): void {
    for (const round of this._rounds) round.enough();
  }
}

class Round {
  private readonly _failed: Failures = new Map();
  private _timer: Timer | undefined;

  constructor(
    private readonly _open: Set<string>,
    private readonly _timers: Timers,
    private readonly _timeout: number,
    private readonly _done: (failures: Failures) => void,
  ) {}

  settle(namespace: string, error: ConnectionError | undefined): void {
    if (!this._open.delete(namespace)) return;
    if (error) this._failed.set(namespace, error);
    if (this._open.size) this.wait();
    else this.enough();
  }

  wait(): void {
    this._timers.clear(this._timer);
    this._timer = this._timers.set(() => {
      for (const namespace of this._open)
        this._failed.set(
          namespace,
          new ConnectionError(
            `no answer within ${this._timeout} ms (waitTimeout)`,
          ),
        );
      this.enough();
    }, this._timeout);
  }

  enough(): void {
    this._timers.clear(this._timer);
    this._done(this._failed);
  }
}
