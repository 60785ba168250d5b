import { randomUUID } from 'node:crypto';
import { drainLimits } from './drain-limits.ts';
import { Drainer, type DrainerStats } from './drainer.ts';
import type { OutboxFolder } from './outbox-folder.ts';
import type { CompleteOutboxOptions } from './outbox-options.ts';
import { closedRecord } from './outbox-record.ts';
import type { LogIdentity } from './outbox-target.ts';
import { readParkedKeys, storeParkedKeys } from './parked-keys-file.ts';
import { PositionsFile } from './positions-file.ts';
import { restampFor } from './restamp.ts';

/** The segments of a folder, written by this process or left behind by another. */
export interface FolderSegments {
  readonly mark: Buffer;
  /** True while events are appended: the folder is never done. */
  readonly isLive: boolean;
  bounds(): { readonly low: number; readonly end: number };
  /** Bytes on disk. */
  readonly bytes: number;
  /** When the first event in it was received, epoch ms; undefined when there is none. */
  readonly firstAt: number | undefined;
  /** Everything below `low` is stored in the log. */
  deleteBelow(low: number): void;
}

export type Binding =
  | { readonly outcome: 'bound' }
  /** Its events are parked, and it is not known yet whose they are. */
  | { readonly outcome: 'undecided' }
  /** A live folder of which nothing has been sent has another number of partitions than the log. */
  | { readonly outcome: 'wrong-partitions' }
  /** What lies in it belongs to a log that is not there any more. */
  | { readonly outcome: 'other-log'; readonly reason: string };

/** One outbox folder on its way into the log: which log that is, how far it is, and its end. */
export class FolderDrain {
  readonly folder: OutboxFolder;
  readonly #segments: FolderSegments;
  readonly #options: CompleteOutboxOptions;
  readonly #onLogMissing: (message: string) => void;
  #positions: PositionsFile;
  /** Of a folder of parked events, once it is decided whose they are. */
  #tenants: ReadonlyMap<string, string> | undefined;
  #drainer: Drainer | undefined;
  #finishing: Promise<void> | undefined;
  #isStopped = false;
  #isRemoved = false;

  constructor(
    folder: OutboxFolder,
    segments: FolderSegments,
    options: CompleteOutboxOptions,
    onLogMissing: (message: string) => void,
  ) {
    this.folder = folder;
    this.#segments = segments;
    this.#options = options;
    this.#onLogMissing = onLogMissing;
    this.#positions = this.#openPositions();
    if (folder.meta.isParked) this.#tenants = readParkedKeys(folder.dir);
  }

  /** Its events wait until their keys can be looked up. */
  get isUndecided(): boolean {
    return this.folder.meta.isParked === true && this.#tenants === undefined;
  }

  /**
   * Says, for ever, whose the parked events are, none of which was parked after the keys were read.
   *
   * @param tenants by hash of the key.
   * @throws when the folder cannot be written.
   */
  decide(tenants: ReadonlyMap<string, string>): void {
    const { crashPoint } = this.#options;
    crashPoint?.('outbox:before-parked-keys');
    storeParkedKeys(this.folder.dir, tenants);
    this.#tenants = tenants;
    crashPoint?.('outbox:after-parked-keys');
  }

  get stats(): DrainerStats {
    if (this.#drainer) return this.#drainer.stats;
    const unsent = Math.max(0, this.#segments.bounds().end - this.#positions.stored.done);
    const oldestAt = unsent > 0 ? this.#segments.firstAt : undefined;
    return { sent: 0, resent: 0, replaced: 0, lost: 0, nobodys: 0, sendErrors: 0, unsent, oldestAt, stuckMs: [] };
  }

  get bytes(): number {
    return this.#isRemoved ? 0 : this.#segments.bytes;
  }

  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  /** Sends to this log from now on, if it is the one that the folder belongs to. @throws when the folder cannot be written. */
  bind({ logId, partitions }: LogIdentity): Binding {
    const { meta, dir } = this.folder;
    if (this.isUndecided) return { outcome: 'undecided' };
    const own = meta.restamped ?? meta;
    if (meta.sentTo !== undefined && (meta.sentTo !== logId || own.partitions !== partitions)) {
      const { targetName } = this.#options;
      return {
        outcome: 'other-log',
        reason:
          `${dir} holds events of which some may have been sent to log ${meta.sentTo} (${own.partitions} partitions), ` +
          `but ${targetName} is now log ${logId} (${partitions} partitions): they are kept and not sent. To send them to ` +
          `it, provided that its totals and rows are those of the former log, stop this process and take "sent_to" out of ` +
          `outbox.json in that folder; to give them up, delete the folder`,
      };
    }
    if (meta.sentTo === undefined) {
      const isRight = own.partitions === partitions && (!meta.isParked || meta.restamped !== undefined);
      if (!isRight && this.#segments.isLive) return { outcome: 'wrong-partitions' };
      const restamped = isRight ? meta.restamped : { producerId: producerFor(meta), partitions };
      this.#options.crashPoint?.('outbox:before-bind');
      // Before anything is sent: else a log made anew would be taken for the one that this was sent to.
      this.folder.update({ sentTo: logId, restamped });
      this.#options.crashPoint?.('outbox:after-bind');
      if (!isRight) {
        this.#positions.close();
        this.#positions = this.#openPositions();
      }
    }
    this.#drainer ??= this.#openDrainer();
    this.#drainer.start(logId);
    return { outcome: 'bound' };
  }

  pause(): void {
    this.#drainer?.pause();
  }

  notify(): void {
    this.#drainer?.notify();
  }

  /** Nothing more is appended: once everything is stored, says goodbye for the producer and deletes the folder. */
  finish(): Promise<void> {
    this.#finishing ??= this.#finish();
    return this.#finishing;
  }

  /** Lets go of the folder: what is left is for whoever takes it next. */
  async stop(waitMs: number): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    await this.#drainer?.stop(waitMs);
    this.#positions.close();
    if (this.#isRemoved) return;
    const isUnused = this.#segments.bounds().end === 0 && this.#drainer === undefined;
    if (isUnused) this.folder.remove();
    else this.folder.release();
  }

  async #finish(): Promise<void> {
    const { crashPoint } = this.#options;
    const drainer = this.#drainer;
    if (drainer === undefined) throw new Error('an outbox folder is bound to a log before it is finished');
    await drainer.whenEmpty();
    const { meta } = this.folder;
    const own = meta.restamped ?? meta;
    crashPoint?.('outbox:before-closed');
    for (const { partition, seq, receivedAt } of drainer.lastStored) {
      const { producerId: id, partitions } = own;
      drainer.push(closedRecord({ id, partition, partitions, lastSeq: seq, receivedAt }));
    }
    await drainer.whenEmpty();
    crashPoint?.('outbox:after-closed');
    if (this.#isStopped) return;
    await drainer.stop(0);
    this.#positions.close();
    crashPoint?.('outbox:before-remove');
    this.folder.remove();
    this.#isRemoved = true;
    crashPoint?.('outbox:after-remove');
  }

  #openPositions(): PositionsFile {
    const { meta, dir } = this.folder;
    const { producerId, partitions } = meta.restamped ?? meta;
    return new PositionsFile(dir, producerId, partitions);
  }

  #openDrainer(): Drainer {
    const { target, limits, beforeSend, onWarn, onError, crashPoint } = this.#options;
    const { restamped, partitions } = this.folder.meta;
    return new Drainer({
      dir: this.folder.logDir,
      mark: this.#segments.mark,
      bounds: () => this.#segments.bounds(),
      partitions: restamped?.partitions ?? partitions,
      positions: this.#positions,
      restamp: restamped && ((queues) => restampFor(restamped.producerId, this.#tenants, queues)),
      target,
      limits: drainLimits(limits),
      beforeSend,
      onStored: (low) => this.#segments.deleteBelow(low),
      onLogMissing: this.#onLogMissing,
      onWarn,
      onError,
      crashPoint,
    });
  }
}

/**
 * Parked events have had no numbers: they get those of their own folder's producer, so that a copy of the folder is known
 * by them. Others have, which nobody may take for the new ones.
 */
function producerFor({ isParked, restamped, producerId }: OutboxFolder['meta']): string {
  return isParked && restamped === undefined ? producerId : randomUUID();
}
