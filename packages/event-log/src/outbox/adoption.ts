import type { DrainerStats } from './drainer.ts';
import { FolderDrain } from './folder-drain.ts';
import { openLeftBehindSegments } from './left-behind-segments.ts';
import { claimOutboxFolder, listOutboxFolders, type OutboxFolder } from './outbox-folder.ts';
import type { CompleteOutboxOptions } from './outbox-options.ts';
import type { LogIdentity } from './outbox-target.ts';

/** Counters of folders that are deleted by now. */
export type DrainTotals = Pick<DrainerStats, 'sent' | 'resent' | 'replaced' | 'lost' | 'nobodys' | 'sendErrors'>;

/**
 * Takes the folders that processes have left behind, and sends what lies in them under its old producers and numbers, one
 * folder after the other; then says goodbye for each producer and deletes the folder.
 */
export class Adoption {
  readonly #options: CompleteOutboxOptions;
  readonly #onLogMissing: (message: string) => void;
  /** In the order in which they were made. */
  #held: FolderDrain[] = [];
  /** Kept, not sent: their log is gone, or they cannot be written. Tried again whenever the log has been looked at. */
  readonly #stranded = new Set<FolderDrain>();
  /** Left alone until the next start of the process. */
  readonly #givenUp = new Set<string>();
  readonly #told = new Set<string>();
  #finished: DrainTotals = { sent: 0, resent: 0, replaced: 0, lost: 0, nobodys: 0, sendErrors: 0 };
  #identity: LogIdentity | undefined;
  #current: FolderDrain | undefined;
  #isStopped = false;

  constructor(options: CompleteOutboxOptions, onLogMissing: (message: string) => void) {
    this.#options = options;
    this.#onLogMissing = onLogMissing;
  }

  get drains(): readonly FolderDrain[] {
    return this.#held;
  }

  get finished(): DrainTotals {
    return this.#finished;
  }

  get bytes(): number {
    return this.#held.reduce((sum, drain) => sum + drain.bytes, 0);
  }

  /**
   * Takes every folder under the root that nobody holds.
   *
   * @param own the folder that this process writes.
   */
  claim(own: string): void {
    if (this.#isStopped) return;
    const known = new Set([own, ...this.#givenUp, ...this.#held.map(({ folder }) => folder.dir)]);
    for (const dir of listOutboxFolders(this.#options.root)) {
      if (known.has(dir)) continue;
      const claim = claimOutboxFolder(dir, this.#options.targetName);
      if (claim.outcome === 'claimed') this.#open(claim.folder);
      if (claim.outcome === 'unreadable') this.#giveUp(dir, claim.reason);
    }
    this.#next();
  }

  /** Folders of parked events of which it is not known yet whose they are. */
  get undecided(): readonly FolderDrain[] {
    return this.#held.filter(({ isUndecided }) => isUndecided);
  }

  /**
   * Says whose the events of these folders are, and sends them in their turn.
   *
   * @param tenants by hash of the key, as they were read after the last of the events had been parked.
   * @throws when a folder cannot be written.
   */
  decide(drains: readonly FolderDrain[], tenants: ReadonlyMap<string, string>): void {
    for (const drain of drains) {
      if (this.#isStopped || !this.#held.includes(drain)) continue;
      drain.decide(tenants);
      this.#stranded.delete(drain);
    }
    this.#next();
  }

  /** A folder of this process that is not written any more. */
  take(drain: FolderDrain): void {
    if (this.#isStopped) {
      void drain.stop(0);
      return;
    }
    this.#held.push(drain);
    this.#next();
  }

  /** The log as it is now. */
  start(identity: LogIdentity): void {
    this.#identity = identity;
    this.#stranded.clear();
    if (this.#current && !this.#bind(this.#current, identity)) this.#current = undefined;
    this.#next();
  }

  /** Sends nothing more for now. */
  pause(): void {
    this.#identity = undefined;
    this.#current?.pause();
  }

  /** Resolves once nothing is left but what cannot be sent. */
  async whenEmpty(): Promise<void> {
    while (this.#current) await this.#current.finish().catch(() => {});
  }

  async stop(waitMs: number): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#held.map((drain) => drain.stop(waitMs)));
  }

  #open(folder: OutboxFolder): void {
    const { crashPoint, onWarn } = this.#options;
    try {
      crashPoint?.('outbox:after-claim');
      const segments = openLeftBehindSegments(folder.logDir, onWarn);
      if (segments === undefined) {
        folder.remove();
        return;
      }
      const drain = new FolderDrain(folder, segments, this.#options, this.#onLogMissing);
      if (drain.isUndecided && this.#options.readKeys === undefined) {
        // Somebody who can read keys will take it.
        this.#givenUp.add(folder.dir);
        folder.release();
        return;
      }
      this.#held.push(drain);
      this.#held.sort((a, b) => a.folder.meta.createdAt - b.folder.meta.createdAt);
    } catch (error) {
      this.#giveUp(folder.dir, (error as Error).message);
      folder.release();
    }
  }

  #giveUp(dir: string, reason: string): void {
    this.#givenUp.add(dir);
    this.#tell(`the outbox ${dir} was left behind and cannot be sent; it is kept: ${reason}`);
  }

  #next(): void {
    if (this.#current !== undefined || this.#identity === undefined || this.#isStopped) return;
    for (const drain of this.#held) {
      if (this.#stranded.has(drain) || !this.#bind(drain, this.#identity)) continue;
      this.#current = drain;
      void this.#finish(drain);
      return;
    }
  }

  async #finish(drain: FolderDrain): Promise<void> {
    const { dir } = drain.folder;
    const { unsent } = drain.stats;
    if (unsent > 0) {
      this.#options.onWarn(
        drain.folder.meta.isParked
          ? `the keys can be read: ${unsent} calls that waited for that are sent now`
          : `${dir} was left behind: its last ${unsent} events are sent now`,
      );
    }
    try {
      await drain.finish();
    } catch (error) {
      this.#giveUp(dir, (error as Error).message);
      await drain.stop(0);
    }
    if (this.#isStopped) return;
    const { sent, resent, replaced, lost, nobodys, sendErrors } = drain.stats;
    if (nobodys > 0) {
      this.#options.onWarn(`${nobodys} calls came with keys that turned out to be unknown: they are not recorded`);
    }
    const before = this.#finished;
    this.#finished = {
      sent: before.sent + sent,
      resent: before.resent + resent,
      replaced: before.replaced + replaced,
      lost: before.lost + lost,
      nobodys: before.nobodys + nobodys,
      sendErrors: before.sendErrors + sendErrors,
    };
    this.#held = this.#held.filter((held) => held !== drain);
    if (this.#current === drain) this.#current = undefined;
    this.#next();
  }

  #bind(drain: FolderDrain, identity: LogIdentity): boolean {
    try {
      const binding = drain.bind(identity);
      if (binding.outcome === 'bound') return true;
      if (binding.outcome === 'other-log') this.#tell(binding.reason);
    } catch (error) {
      this.#tell(`cannot write in the outbox ${drain.folder.dir}: ${(error as Error).message}`);
    }
    drain.pause();
    this.#stranded.add(drain);
    return false;
  }

  /** Once: an operator need not read the same every few minutes. */
  #tell(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#options.onError(message);
  }
}
