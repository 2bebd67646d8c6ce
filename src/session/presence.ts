/**
 * How long a session does without its client, and a poll without an answer.
 * Some generations let a session outlive its carrier: the client comes back
 * with the next poll, or with a new stream, and what was said meanwhile waits.
 */
import type { LinkPolicy } from "../dialects/dialect.js";

export class Presence {
  /** When a held poll is answered, whatever there is to say. */
  pollUntil = Infinity;
  /** When the client is given up. */
  awayUntil = Infinity;
  /** When what is left after the end is no longer kept for it. */
  lingerUntil = Infinity;

  constructor(private readonly link: LinkPolicy) {}

  /** The client was greeted and has to come back with a carrier. */
  claim(now: number): void {
    this.awayUntil = now + this.link.claim;
  }

  /** When the first of the two comes. */
  get at(): number {
    return Math.min(this.pollUntil, this.awayUntil);
  }

  /** It is here: a poll is held. */
  arrive(now: number): void {
    this.awayUntil = Infinity;
    this.pollUntil = now + this.link.pollFor;
  }

  /** The held poll is wanted out of the way. */
  answerBy(at: number): void {
    this.pollUntil = Math.min(this.pollUntil, at);
  }

  /** A poll was answered; the next has to come. `true`: before a time is over. */
  answered(now: number): boolean {
    this.pollUntil = Infinity;
    this.awayUntil = now + this.link.grace.polls;
    return this.awayUntil < Infinity;
  }

  /** The carrier was lost. `false`: the session does not outlive it. */
  lose(once: boolean, now: number): boolean {
    const { stream, polls } = this.link.grace;
    const grace = once ? polls : stream;
    // Where nothing limits the time between polls, the heartbeat does, and a cut is the end.
    if (grace === 0 || grace === Infinity) return false;
    this.pollUntil = Infinity;
    this.awayUntil = now + grace;
    return true;
  }
}
