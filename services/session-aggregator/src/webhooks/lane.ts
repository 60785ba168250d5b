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
  isSending: boolean;
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

  get sending(): number {
    return this.#sending;
  }

  isPaused(nowMs: number): boolean {
    return nowMs < this.#pausedUntilMs;
  }

  /** Nothing here is worth keeping it. */
  isIdle(nowMs: number): boolean {
    return this.#tasks.size === 0 && !this.isBehind && this.#sending === 0 && !this.isPaused(nowMs);
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
    this.#tasks.set(position, { call, tries, nextTryAtMs, isSending: false });
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

  /** The task that is to be sent next, if one may be. */
  next(nowMs: number): Task | undefined {
    if (this.#sending >= this.#sendingMax || this.isPaused(nowMs)) return undefined;
    let first: Task | undefined;
    for (const task of this.#tasks.values()) {
      if (task.isSending || task.nextTryAtMs > nowMs) continue;
      if (first === undefined || task.nextTryAtMs < first.nextTryAtMs) first = task;
    }
    return first;
  }

  /** When there will be something to send, epoch ms; infinity: not before something else happens. */
  nextAtMs(): number {
    if (this.#sending >= this.#sendingMax) return Number.POSITIVE_INFINITY;
    let at = Number.POSITIVE_INFINITY;
    for (const task of this.#tasks.values()) if (!task.isSending) at = Math.min(at, task.nextTryAtMs);
    return Math.max(at, this.#pausedUntilMs);
  }

  begin(task: Task): void {
    task.isSending = true;
    this.#sending++;
  }

  /** Nothing was sent. */
  giveBack(task: Task): void {
    task.isSending = false;
    this.#sending--;
  }

  /** It is told, or given up: there is nothing more to do. @param answered whether it says that the receiver is there. */
  finish(task: Task, answered: boolean): void {
    if (task.isSending) this.giveBack(task);
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

  /** Tasks that are not being sent and match. */
  *idleTasks(matches: (task: Task) => boolean): Generator<Task> {
    for (const task of this.#tasks.values()) if (!task.isSending && matches(task)) yield task;
  }

  /** Another owner delivers these. What is being sent comes to its end. */
  release(partition: number): void {
    for (const [position, { call }] of this.#tasks) if (call.partition === partition) this.#tasks.delete(position);
  }

  /** One after too many failures in a row. */
  get #sendingMax(): number {
    return this.#failures >= this.#config.failuresMax ? 1 : this.#config.sendingPerWebhookMax;
  }

  #forget({ call }: Task): void {
    const position = positionOf(call);
    this.#tasks.delete(position);
    this.#doneMeanwhile?.add(position);
  }
}
