import fs from 'node:fs';
import { newEventIdFor } from '@throughline/contracts/partition';
import {
  EVENT_SCHEMA_VERSION,
  type NewEvent,
  type NewRefusedEvent,
  type NewRequestEvent,
} from '@throughline/contracts/request-event';
import { type Appended, type AppenderStats, type EventAppender, EventLogError } from '../event-log.ts';
import { Adoption, type DrainTotals } from './adoption.ts';
import type { DrainerStats } from './drainer.ts';
import { readKnownTarget, storeKnownTarget } from './known-target.ts';
import { type LiveFolder, openLiveFolder } from './live-folder.ts';
import { type CompleteOutboxOptions, type OutboxOptions, withOutboxDefaults } from './outbox-options.ts';
import type { LogIdentity } from './outbox-target.ts';
import { Parking } from './parking.ts';

/** Counters since the start, and the state of the outbox as it is now. */
export interface OutboxStats extends AppenderStats {
  /** Accepted events that are not known to be stored in the log. */
  readonly unsent: number;
  /** Age of the oldest of them, ms; 0 when there is none. */
  readonly oldestAgeMs: number;
  /** Events stored in the log. */
  readonly sent: number;
  /** Events sent once more because it was not known whether they were stored. */
  readonly resent: number;
  /** Events that the log does not take; each was replaced by a `refused` event. */
  readonly replaced: number;
  /** Accepted events that could not be read from the disk any more. */
  readonly lost: number;
  readonly sendErrors: number;
  /** Per partition of the live folder: for how long it has been failing, ms. */
  readonly stuckMs: readonly number[];
  /** Folders left behind by other processes that this one holds. */
  readonly adopted: number;
  /** Events that wait until their keys can be looked up; they are among `unsent`. */
  readonly parked: number;
  /** Age of the oldest of them, ms; 0 when there is none. */
  readonly parkedOldestAgeMs: number;
  /** Parked events whose key turned out to be unknown: not recorded. */
  readonly nobodys: number;
}

/** An appender whose events reach the log later: in order, once each by their numbers. */
export interface OutboxAppender extends EventAppender {
  readonly stats: OutboxStats;
  /** The log that events are sent to; undefined while it is not known, or while it is not the one it was. */
  readonly log: LogIdentity | undefined;
  /**
   * Store an event whose key cannot be looked up yet, as durably as `append` does. It goes into the log, with the time at
   * which it was parked, once `readKeys` knows the key; when that can be read and does not, the event is counted and
   * deleted.
   *
   * @param keyHash SHA-256 of the key, as `KeyRecord.hash`.
   * @param shorter as of `append`.
   * @throws as `append`. `failed` when the outbox has no `readKeys`.
   */
  park(event: NewRequestEvent, keyHash: string, shorter?: () => NewRequestEvent): Promise<void>;
  /** @param waitMs how long it waits for the outbox to empty, in place of `closeWaitMs`. */
  close(waitMs?: number): Promise<void>;
}

/**
 * Opens the outbox: makes a folder for a new producer, takes the folders that were left behind, and begins to empty all
 * of them as soon as the log has been asked who it is.
 *
 * An append is done once the event is in the folder (`durability`). **When the outbox is full** (`bytesMax` reached, the
 * oldest event that waits older than `ageMaxHours`, or the disk full) new events are refused and old ones stay: what is
 * stored was promised. The refused ones are counted, `writable` says so, and the first thing written once there is room
 * is how many were refused.
 *
 * The log need not be reachable. Its partitions are then those of the last start, else `partitions`; should that prove
 * wrong, nothing has been sent, and what lies in the outbox is sent under another producer, numbered anew. A log that is
 * not the one that events have been sent to before gets nothing: that is an error, and the events stay.
 *
 * @throws EventLogError `failed`: the folder cannot be made or written.
 */
export async function openOutbox(given: OutboxOptions): Promise<OutboxAppender> {
  const options = withOutboxDefaults(given);
  const { root, targetName, target, partitions } = options;
  try {
    fs.mkdirSync(root, { recursive: true });
  } catch (cause) {
    throw new EventLogError('failed', `cannot make ${root}: ${(cause as Error).message}`, { cause });
  }
  const known = readKnownTarget(root, targetName);
  const asked = known === undefined ? await firstAnswer(target.describe(), options.startWaitMs) : undefined;
  return new Outbox(options, (asked ?? known)?.partitions ?? partitions, asked);
}

/** How long one round of sending may still take once `close` has waited. */
const STOP_WAIT_MS = 1_000;
const HOUSEKEEPING_MS = 1_000;
const NUMBERS_INTERVAL_MS = 10_000;
const DESCRIBE_RETRY_MIN_MS = 500;
const DESCRIBE_RETRY_MAX_MS = 15_000;
const HOUR_MS = 3_600_000;
/** A place among partitions is given to a parked event when it is known whose it is. */
const PARKED = { partitions: 1, isParked: true };

class Outbox implements OutboxAppender {
  readonly #options: CompleteOutboxOptions;
  readonly #adoption: Adoption;
  readonly #parking: Parking;
  readonly #timers: NodeJS.Timeout[] = [];
  #live: LiveFolder;
  /** What folders that this process does not write any more have counted. */
  #past = { appended: 0, refused: 0 };
  #identity: LogIdentity | undefined;
  #whyTooOld: string | undefined;
  #numbersTold = '';
  #isMismatchTold = false;
  #isStuckTold = false;
  #verification: { readonly poke: () => void } | undefined;
  #verifying: Promise<void>;
  #closing: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: CompleteOutboxOptions, partitions: number, identity: LogIdentity | undefined) {
    this.#options = options;
    this.#adoption = new Adoption(options, (message) => this.#onLogMissing(message));
    this.#parking = new Parking({ options, adoption: this.#adoption, openFolder: () => this.#openParked() });
    this.#live = this.#openLive(partitions);
    this.#adoption.claim(this.#live.drain.folder.dir);
    this.#every(options.adoptIntervalMs, () => this.#adoption.claim(this.#live.drain.folder.dir));
    this.#every(HOUSEKEEPING_MS, () => {
      this.#checkAge();
      this.#checkStuck();
    });
    this.#every(NUMBERS_INTERVAL_MS, () => this.#tellNumbers());
    this.#every(options.readKeysIntervalMs, () => void this.#parking.resolve());
    this.#verifying = this.#verify(identity);
    void this.#parking.resolve();
  }

  get producerId(): string {
    return this.#live.appender.producerId;
  }

  get partitions(): number {
    return this.#live.appender.partitions;
  }

  get writable(): boolean {
    return this.#closing === undefined && this.#live.appender.writable && this.#parking.writable;
  }

  get log(): LogIdentity | undefined {
    return this.#identity;
  }

  get stats(): OutboxStats {
    const { appender, drain } = this.#live;
    const { bytes, lastSeq, ...appends } = appender.stats;
    const parked = [...this.#parking.drains, ...this.#adoption.undecided].map(({ stats }) => stats);
    const drains = [drain, ...this.#parking.drains, ...this.#adoption.drains].map(({ stats }) => stats);
    const total = (name: keyof DrainTotals) =>
      drains.reduce((sum, stats) => sum + stats[name], this.#adoption.finished[name]);
    return {
      appended: this.#past.appended + appends.appended + this.#parking.appended,
      refused: this.#past.refused + appends.refused,
      bytes: bytes + this.#adoption.bytes + this.#parking.bytesBeside(undefined),
      lastSeq,
      unsent: drains.reduce((sum, { unsent }) => sum + unsent, 0),
      oldestAgeMs: this.#oldestAgeMs(),
      sent: total('sent'),
      resent: total('resent'),
      replaced: total('replaced'),
      lost: total('lost'),
      sendErrors: total('sendErrors'),
      stuckMs: drains[0]!.stuckMs,
      adopted: this.#adoption.drains.length,
      parked: parked.reduce((sum, { unsent }) => sum + unsent, 0),
      parkedOldestAgeMs: this.#ageOfOldest(parked),
      nobodys: total('nobodys'),
    };
  }

  append(event: NewEvent, shorter?: () => NewEvent): Promise<Appended> {
    if (this.#closing) return Promise.reject(new EventLogError('closed', 'the outbox is closed'));
    return this.#live.appender.append(event, shorter);
  }

  async park(event: NewRequestEvent, keyHash: string, shorter?: () => NewRequestEvent): Promise<void> {
    if (this.#closing) throw new EventLogError('closed', 'the outbox is closed');
    await this.#parking.park(event, keyHash, shorter);
  }

  close(waitMs = this.#options.closeWaitMs): Promise<void> {
    this.#closing ??= this.#close(waitMs);
    return this.#closing;
  }

  #openLive(partitions: number): LiveFolder {
    const kind = { partitions, isParked: false };
    return openLiveFolder(this.#options, kind, {
      otherBytes: () => this.#adoption.bytes + this.#parking.bytesBeside(undefined),
      whyClosed: () => this.#whyTooOld,
      onLogMissing: (message) => this.#onLogMissing(message),
    });
  }

  #openParked(): LiveFolder {
    const folder: LiveFolder = openLiveFolder(this.#options, PARKED, {
      otherBytes: () => this.#live.drain.bytes + this.#adoption.bytes + this.#parking.bytesBeside(folder.drain),
      whyClosed: () => this.#whyTooOld,
      onLogMissing: (message) => this.#onLogMissing(message),
      // In the folder that goes on being written: this one may be closed before it has room again.
      onRefused: (event, reason) => {
        const { appender } = this.#live;
        appender.append(refusalOf(event, reason, this.#options.clock(), appender.partitions)).catch(() => {});
      },
    });
    return folder;
  }

  #every(ms: number, run: () => void): void {
    const guarded = () => {
      try {
        run();
      } catch (error) {
        this.#options.onWarn(`the outbox in ${this.#options.root}: ${(error as Error).message}`);
      }
    };
    this.#timers.push(setInterval(guarded, ms).unref());
  }

  /** Asks the log who it is until it is closed: soon again while it does not say, else now and then. */
  async #verify(first: LogIdentity | undefined): Promise<void> {
    const { target, targetName, verifyIntervalMs, onWarn, onError } = this.#options;
    let identity = first;
    let retryMs = DESCRIBE_RETRY_MIN_MS;
    let told: string | undefined;
    while (!this.#isStopped) {
      let problem: string | undefined;
      try {
        identity ??= await target.describe();
        if (this.#isStopped) return;
        if (identity === undefined) problem = `there is no log ${targetName}: run \`throughline migrate\``;
        else await this.#onIdentity(identity);
      } catch (error) {
        problem = `${targetName} cannot be reached: ${(error as Error).message}`;
      }
      if (problem === undefined) told = undefined;
      else if (told === undefined) {
        told = problem;
        const tell = identity === undefined && problem.startsWith('there is no log') ? onError : onWarn;
        tell(`${problem}; events wait in the outbox`);
      }
      identity = undefined;
      retryMs = problem === undefined ? DESCRIBE_RETRY_MIN_MS : Math.min(2 * retryMs, DESCRIBE_RETRY_MAX_MS);
      await this.#pokedOr(problem === undefined ? verifyIntervalMs : retryMs);
    }
  }

  #pokedOr(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      const poke = () => {
        clearTimeout(timer);
        resolve();
      };
      this.#verification = { poke };
    });
  }

  #onLogMissing(message: string): void {
    this.#pause();
    this.#options.onWarn(`${this.#options.targetName} is looked at again before anything more is sent: ${message}`);
    // Not at once: a log that is being made anew is there in a moment.
    setTimeout(() => this.#verification?.poke(), DESCRIBE_RETRY_MIN_MS).unref();
  }

  #pause(): void {
    this.#identity = undefined;
    this.#live.drain.pause();
    this.#adoption.pause();
  }

  async #onIdentity(identity: LogIdentity): Promise<void> {
    const { root, targetName, onWarn, onError } = this.#options;
    const binding = this.#live.drain.bind(identity);
    if (binding.outcome === 'other-log') {
      this.#pause();
      if (!this.#isMismatchTold) onError(binding.reason);
      this.#isMismatchTold = true;
      return;
    }
    this.#isMismatchTold = false;
    if (binding.outcome === 'wrong-partitions') {
      // Once nothing is appended any more, the folder can be numbered anew as it is.
      if (this.#closing) throw new Error('the outbox is being closed');
      const { partitions } = this.#live.appender;
      onWarn(`${targetName} has ${identity.partitions} partitions, not ${partitions}: what waits is numbered anew`);
      const before = this.#live;
      this.#live = this.#openLive(identity.partitions);
      await before.seal();
      const { appended, refused } = before.appender.stats;
      this.#past.appended += appended;
      this.#past.refused += refused;
      this.#adoption.take(before.drain);
      this.#live.drain.bind(identity);
    }
    try {
      storeKnownTarget(root, targetName, identity);
    } catch (error) {
      onWarn(`cannot store what is known of ${targetName}: ${(error as Error).message}`);
    }
    this.#identity = identity;
    this.#adoption.start(identity);
  }

  #oldestAgeMs(): number {
    const drains = [this.#live.drain, ...this.#parking.drains, ...this.#adoption.drains];
    return this.#ageOfOldest(drains.map(({ stats }) => stats));
  }

  #ageOfOldest(all: readonly DrainerStats[]): number {
    const now = this.#options.clock();
    let oldest = now;
    for (const { unsent, oldestAt } of all) if (unsent > 0) oldest = Math.min(oldest, oldestAt ?? now);
    return now - oldest;
  }

  #checkAge(): void {
    const { ageMaxHours, root } = this.#options;
    const isTooOld = this.#oldestAgeMs() > ageMaxHours * HOUR_MS;
    this.#whyTooOld = isTooOld ? `the oldest event in ${root} has waited for more than ${ageMaxHours} h` : undefined;
  }

  /** Nothing is lost yet, but it does not pass by itself as quickly as usual. */
  #checkStuck(): void {
    const stuck = new Set<number>();
    for (const { stats } of [this.#live.drain, ...this.#adoption.drains]) {
      for (const [partition, ms] of stats.stuckMs.entries()) if (ms > this.#options.alarmAfterMs) stuck.add(partition);
    }
    if (stuck.size > 0 && !this.#isStuckTold) {
      const which = [...stuck].sort((a, b) => a - b).join(', ');
      const minutes = (this.#options.alarmAfterMs / 60_000).toFixed(1);
      this.#options.onError(
        `${this.#options.targetName} has taken nothing for ${minutes} min in partition ${which}: events wait in the outbox`,
      );
    }
    this.#isStuckTold = stuck.size > 0;
  }

  #tellNumbers(): void {
    const { producerId, stats } = this.#live.appender;
    const given = stats.lastSeq.flatMap((seq, partition) => (seq < 0 ? [] : [[partition, seq]]));
    const lastSeq = Object.fromEntries(given) as Record<number, number>;
    const text = JSON.stringify([producerId, lastSeq]);
    if (given.length === 0 || text === this.#numbersTold) return;
    this.#numbersTold = text;
    this.#options.onNumbers({ producerId, lastSeq });
  }

  /** Everything is in the log, and goodbye is said; may never be. */
  async #empty(): Promise<void> {
    while (this.#identity === undefined && !this.#isStopped) await new Promise((resolve) => setTimeout(resolve, 10));
    if (!this.#isStopped) await Promise.all([this.#live.drain.finish(), this.#adoption.whenEmpty()]);
  }

  async #close(waitMs: number): Promise<void> {
    const { target, onWarn, root } = this.#options;
    for (const timer of this.#timers) clearInterval(timer);
    await this.#live.seal();
    await this.#parking.close();
    this.#tellNumbers();
    const isWorthIt = this.#identity !== undefined || this.stats.unsent > this.stats.parked;
    if (isWorthIt) await within(waitMs, this.#empty());
    const { unsent } = this.stats;
    this.#isStopped = true;
    this.#verification?.poke();
    if (unsent > 0) onWarn(`${unsent} events wait in ${root} for the next start`);
    const stopMs = Math.min(waitMs, STOP_WAIT_MS);
    await Promise.all([this.#live.drain.stop(stopMs), this.#parking.stop(), this.#adoption.stop(stopMs)]);
    await within(stopMs, target.close());
    await within(stopMs, this.#verifying);
  }
}

/** Stands for an event whose tenant nobody knew. */
function refusalOf({ tenant_id }: NewEvent, reason: string, now: number, partitions: number): NewRefusedEvent {
  return {
    kind: 'refused',
    schema_version: EVENT_SCHEMA_VERSION,
    event_id: newEventIdFor(tenant_id, null, now, partitions),
    tenant_id,
    reason,
    count: 1,
    first_at: now,
    last_at: now,
  };
}

/** What the log says, if it says it in time. */
async function firstAnswer(answer: Promise<LogIdentity | undefined>, waitMs: number): Promise<LogIdentity | undefined> {
  let identity: LogIdentity | undefined;
  await within(
    waitMs,
    answer.then((said) => {
      identity = said;
    }),
  );
  return identity;
}

/** Waits for it, but not longer; whether it fails is somebody else's matter. */
async function within(ms: number, done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done.then(undefined, () => {}), late]);
  clearTimeout(timer);
}
