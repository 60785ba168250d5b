import { ApiError } from '@throughline/contracts/errors';
import type { SessionRecords } from '@throughline/contracts/recorded-call';
import { Cassette } from './cassette.ts';

/** Bytes of answers that one cassette may have, and all together. */
const CASSETTE_BYTES_MAX = 128 * 1024 * 1024;
const SHELF_BYTES_MAX = 256 * 1024 * 1024;
/** A session may still go on, or be deleted: it is read again after so long. */
const KEEP_MS = 60_000;

interface Kept {
  readonly cassette: Promise<Cassette | undefined>;
  readonly readAt: number;
  bytes: number;
}

/** Cassettes in use. Those that were read longest ago go first. */
export class CassetteShelf {
  readonly #records: SessionRecords;
  readonly #kept = new Map<string, Kept>();

  constructor(records: SessionRecords) {
    this.#records = records;
  }

  /**
   * @param now `performance.now`.
   * @returns undefined: there is no such session.
   * @throws ApiError `cassette-too-large`; whatever the store fails with.
   */
  find(tenantId: string, sessionId: string, now: number): Promise<Cassette | undefined> {
    const name = JSON.stringify([tenantId, sessionId]);
    const known = this.#kept.get(name);
    if (known && now - known.readAt < KEEP_MS) return known.cassette;
    const kept: Kept = { cassette: this.#read(tenantId, sessionId), readAt: now, bytes: 0 };
    this.#kept.delete(name);
    this.#kept.set(name, kept);
    kept.cassette.then(
      (cassette) => {
        kept.bytes = cassette?.bytes ?? 0;
        // A session that does not exist yet may exist a moment later.
        if (!cassette) this.#forget(name, kept);
        this.#makeRoom(now);
      },
      () => this.#forget(name, kept),
    );
    return kept.cassette;
  }

  async #read(tenantId: string, sessionId: string): Promise<Cassette | undefined> {
    const pieces = await this.#records.read(tenantId, sessionId);
    if (!pieces) return undefined;
    const cassette = new Cassette(sessionId);
    for await (const calls of pieces) {
      for (const call of calls) cassette.add(call);
      if (cassette.bytes > CASSETTE_BYTES_MAX) throw new ApiError('cassette-too-large', { max: CASSETTE_BYTES_MAX });
    }
    return cassette;
  }

  #makeRoom(now: number): void {
    let bytes = 0;
    for (const kept of this.#kept.values()) bytes += kept.bytes;
    for (const [name, kept] of this.#kept) {
      const isOld = now - kept.readAt >= KEEP_MS;
      if (!isOld && bytes <= SHELF_BYTES_MAX) break;
      this.#forget(name, kept);
      bytes -= kept.bytes;
    }
  }

  #forget(name: string, kept: Kept): void {
    if (this.#kept.get(name) === kept) this.#kept.delete(name);
  }
}
