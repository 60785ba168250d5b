import { type FlaggedCall, positionOf } from './flagged-call.ts';
import { waitBeforeTry } from './wait-before-try.ts';
import type { Webhook } from './webhook.ts';
import type { WebhookConfig } from './webhook-config.ts';

/** One call that one webhook is to be told of. */
export interface Task {
  readonly call: FlaggedCall;
  /** That failed. */
  tries: number;
  /** Epoch ms. */
  nextTryAtMs: number;
  /** It waits, its row is being read so that it can be sent at once, or it is being sent. */
  stage: 'waiting' | 'taken' | 'sending';
}

/**
 * What waits for one webhook, in memory and bounded: what finds no room is left to the tables, where it is looked for again
 * once there is. A webhook that fails again and again is left alone for longer and longer, then asked with one call: what
 * waits behind it uses up none of its tries.
 */
export class Lane {
  /** As it was read last. */
  webhook: Webhook;
  /** The tables may hold more of it than there is here. */
  isBehind = false;
  readonly #config: WebhookConfig;
  readonly #random: () => number;
  readonly #tasks = new Map<string, Task>();
  /** Done since it was begun to look for more, which may find them undone. */
  #doneMeanwhile: Set<string> | undefined;
  #taken = 0;
  #sending = 0;
  #failures = 0;
  #pauses = 0;
  #pausedUntilMs = 0;

  constructor(webhook: Webhook, config: WebhookConfig, random: () => number) {
    this.webhook = webhook;
    this.#config = config;
    this.#random = random;
  }

  get waiting(): number {
    return this.#tasks.size;
  }

  isPaused(nowMs: number): boolean {
    return nowMs < this.#pausedUntilMs;
  }

  /** Nothing here is worth keeping it. */
  isIdle(nowMs: number): boolean {
    return this.#tasks.size === 0 && !this.isBehind && this.#taken + this.#sending === 0 && !this.isPaused(nowMs);
  }

  get hasRoomForMore(): boolean {
    return this.#tasks.size <= this.#config.waitingPerWebhookMax / 2;
  }

  /** @param room in memory, for all lanes together. */
  offer(call: FlaggedCall, room: number, tries = 0, nextTryAtMs = 0): void {
    const position = positionOf(call);
    if (this.#tasks.has(position)) return;
    if (room <= 0 || this.#tasks.size >= this.#config.waitingPerWebhookMax) {
      this.isBehind = true;
      return;
    }
    this.#tasks.set(position, { call, tries, nextTryAtMs, stage: 'waiting' });
  }

  /** More is looked for in the tables from now on. */
  beginRefill(): void {
    this.isBehind = false;
    this.#doneMeanwhile = new Set();
  }

  /** @param wasDone whether it was done since `beginRefill`. */
  wasDoneMeanwhile(call: FlaggedCall): boolean {
    return this.#doneMeanwhile?.has(positionOf(call)) ?? false;
  }

  endRefill(): void {
    this.#doneMeanwhile = undefined;
  }

  /**
   * What is due, those that waited longest first. Nothing while there is something that was taken and is not being sent, so
   * that little is read in vain.
   *
   * @param most one, where the receiver may be away.
   */
  take(nowMs: number, most: number): Task[] {
    if (!this.#mayTake || this.isPaused(nowMs)) return [];
    const due = [...this.#tasks.values()].filter(
      ({ stage, nextTryAtMs }) => stage === 'waiting' && nextTryAtMs <= nowMs,
    );
    due.sort((a, b) => a.nextTryAtMs - b.nextTryAtMs);
    const taken = due.slice(0, this.#mayBeAway ? 1 : most);
    for (const task of taken) task.stage = 'taken';
    this.#taken += taken.length;
    return taken;
  }

  /** When there will be something to take, epoch ms; infinity: not before something else happens. */
  nextAtMs(): number {
    if (!this.#mayTake) return Number.POSITIVE_INFINITY;
    let at = Number.POSITIVE_INFINITY;
    for (const task of this.#tasks.values()) if (task.stage === 'waiting') at = Math.min(at, task.nextTryAtMs);
    return Math.max(at, this.#pausedUntilMs);
  }

  /** Whether one more of what was taken may be sent now. */
  get maySend(): boolean {
    return this.#sending < (this.#mayBeAway ? 1 : this.#config.sendingPerWebhookMax);
  }

  begin(task: Task): void {
    task.stage = 'sending';
    this.#taken--;
    this.#sending++;
  }

  /** It waits again, as if nothing had been done. */
  giveBack(task: Task): void {
    if (task.stage === 'taken') this.#taken--;
    else if (task.stage === 'sending') this.#sending--;
    task.stage = 'waiting';
  }

  /** It is told, or given up: there is nothing more to do. @param answered whether it says that the receiver is there. */
  finish(task: Task, answered: boolean): void {
    this.giveBack(task);
    this.#forget(task);
    if (!answered) return;
    this.#failures = 0;
    this.#pauses = 0;
    this.#pausedUntilMs = 0;
  }

  /**
   * Sending it failed.
   *
   * @returns whether the webhook is left alone from now on, and was not before.
   */
  fail(task: Task, nowMs: number): boolean {
    this.giveBack(task);
    task.tries++;
    task.nextTryAtMs = nowMs + waitBeforeTry(task.tries, this.#config, this.#random());
    this.#failures++;
    if (this.#failures < this.#config.failuresMax || this.isPaused(nowMs)) return false;
    const { pauseMs, pauseMsMax } = this.#config;
    const length = Math.min(pauseMs * 2 ** Math.min(this.#pauses, 30), pauseMsMax);
    this.#pausedUntilMs = nowMs + length * (0.75 + this.#random() / 2);
    this.#pauses++;
    return this.#pauses === 1;
  }

  /** Those that wait, of calls recorded before an instant. */
  waitingSince(receivedBeforeMs: number): Task[] {
    const tasks = [...this.#tasks.values()];
    return tasks.filter(({ stage, call }) => stage === 'waiting' && call.receivedAt < receivedBeforeMs);
  }

  /** Another owner delivers these. What is being sent comes to its end. */
  release(partition: number): void {
    for (const [position, { call }] of this.#tasks) if (call.partition === partition) this.#tasks.delete(position);
  }

  get #mayTake(): boolean {
    return this.#taken === 0 && this.maySend;
  }

  /** It has failed too often in a row. */
  get #mayBeAway(): boolean {
    return this.#failures >= this.#config.failuresMax;
  }

  #forget({ call }: Task): void {
    const position = positionOf(call);
    this.#tasks.delete(position);
    this.#doneMeanwhile?.add(position);
  }
}
