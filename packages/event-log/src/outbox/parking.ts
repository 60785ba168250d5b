import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { EventLogError } from '../event-log.ts';
import type { Adoption } from './adoption.ts';
import type { FolderDrain } from './folder-drain.ts';
import type { LiveFolder } from './live-folder.ts';
import type { CompleteOutboxOptions } from './outbox-options.ts';
import { parkedEvent } from './parked-event.ts';

export interface ParkingDeps {
  readonly options: Pick<CompleteOutboxOptions, 'readKeys' | 'onWarn' | 'crashPoint' | 'probeIntervalMs'>;
  readonly adoption: Adoption;
  /** Makes a folder for parked events. @throws EventLogError */
  readonly openFolder: () => LiveFolder;
}

/**
 * Keeps events whose keys cannot be looked up yet, in a folder of their own that is made when there is one.
 *
 * Once keys can be read, the folder takes no more events, and only then they are read once more: so a key is unknown when
 * it did not exist when the event was parked, not when it was made a moment later than somebody looked. What was read is
 * stored in the folder, and from then on it is a folder left behind like any other.
 */
export class Parking {
  readonly #deps: ParkingDeps;
  #live: LiveFolder | undefined;
  /** On their way to the other folders left behind. */
  #sealing: LiveFolder | undefined;
  #sealed: Promise<void> | undefined;
  /** Events of folders that are not written any more. */
  #past = 0;
  #failedAt = Number.NEGATIVE_INFINITY;
  #resolving: Promise<void> | undefined;
  #isClosed = false;

  constructor(deps: ParkingDeps) {
    this.#deps = deps;
  }

  get writable(): boolean {
    return this.#live?.appender.writable ?? true;
  }

  /** Folders that hold parked events and are not with the others left behind yet. */
  get drains(): FolderDrain[] {
    return [this.#live, this.#sealing].flatMap((folder) => (folder ? [folder.drain] : []));
  }

  /** Bytes of those that others write, as seen by whoever writes the folder given. */
  bytesBeside(own: FolderDrain | undefined): number {
    return this.drains.reduce((sum, drain) => (drain === own ? sum : sum + drain.bytes), 0);
  }

  /** Events parked since the start. */
  get appended(): number {
    return [this.#live, this.#sealing].reduce((sum, folder) => {
      return sum + (folder?.appender.stats.appended ?? 0);
    }, this.#past);
  }

  /** @param keyHash SHA-256 of the key it came with. @param shorter @throws as `EventAppender.append`. */
  async park(event: NewRequestEvent, keyHash: string, shorter?: () => NewRequestEvent): Promise<void> {
    const parkedShorter = shorter && (() => parkedEvent(shorter(), keyHash));
    await this.#folder().appender.append(parkedEvent(event, keyHash), parkedShorter);
    this.#deps.options.crashPoint?.('outbox:after-parked');
  }

  /** Finds out whose the parked events are, if the keys can be read. Never rejects. */
  resolve(): Promise<void> {
    this.#resolving ??= this.#resolve()
      .catch((error: unknown) => {
        this.#deps.options.onWarn(`parked events have to wait: ${(error as Error).message}`);
      })
      .finally(() => {
        this.#resolving = undefined;
      });
    return this.#resolving;
  }

  /** Takes no more events. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#sealed;
    await this.#live?.seal();
  }

  /** Lets go of what is parked: the next start finds it. */
  async stop(): Promise<void> {
    await this.#live?.drain.stop(0);
  }

  #folder(): LiveFolder {
    if (this.#isClosed) throw new EventLogError('closed', 'the outbox is closed');
    if (this.#live) return this.#live;
    const { openFolder, options } = this.#deps;
    if (options.readKeys === undefined) throw new EventLogError('failed', 'without keys nothing can be parked');
    // A disk that does not take a folder is not asked for one with every call.
    if (performance.now() - this.#failedAt < options.probeIntervalMs) {
      throw new EventLogError('failed', 'no folder for parked events could be made a moment ago', { retryable: true });
    }
    try {
      this.#live = openFolder();
    } catch (error) {
      this.#failedAt = performance.now();
      throw error;
    }
    return this.#live;
  }

  async #resolve(): Promise<void> {
    const { adoption, options } = this.#deps;
    const { readKeys } = options;
    if (readKeys === undefined || this.#isClosed) return;
    if (this.#live === undefined && adoption.undecided.length === 0) return;
    // While it cannot be decided, the folder goes on taking events.
    if (this.#live !== undefined && (await readOrNothing(readKeys)) === undefined) return;
    if (this.#isClosed) return;
    this.#sealed = this.#seal();
    await this.#sealed;
    const { undecided } = adoption;
    if (undecided.length === 0) return;
    const tenants = await readOrNothing(readKeys);
    if (tenants !== undefined && !this.#isClosed) adoption.decide(undecided, tenants);
  }

  async #seal(): Promise<void> {
    const folder = this.#live;
    if (folder === undefined) return;
    this.#deps.options.crashPoint?.('outbox:before-parked-sealed');
    this.#live = undefined;
    this.#sealing = folder;
    try {
      await folder.seal();
      this.#past += folder.appender.stats.appended;
    } finally {
      this.#sealing = undefined;
      this.#deps.adoption.take(folder.drain);
    }
  }
}

/** Why they cannot be read is told by whoever reads them for all calls. */
function readOrNothing<T>(read: () => Promise<T>): Promise<T | undefined> {
  return read().catch(() => undefined);
}
