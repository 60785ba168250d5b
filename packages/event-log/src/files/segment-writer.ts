import fs from 'node:fs';
import type { CrashPointHook } from '../crash-points.ts';
import type { FrameGroup } from './frame-groups.ts';
import { fdatasync, type LogFileSystem, syncFolder } from './log-file-system.ts';
import { type SegmentInfo, segmentFile } from './segment-files.ts';

/** What became of a group of frames: the first `written` are in the file, nothing of the others is. */
export interface WriteOutcome {
  readonly written: number;
  readonly error?: Error;
}

interface OpenSegment {
  readonly info: SegmentInfo;
  readonly fd: number;
  /** Bytes from the beginning that a completed sync has covered. */
  syncedBytes: number;
}

/**
 * Writes frames to the newest segment and begins new ones. After a short or failed write the file is cut back to the end
 * of its last whole frame, before anything else is written; while that cut fails, nothing is.
 */
export class SegmentWriter {
  readonly #dir: string;
  readonly #files: LogFileSystem;
  readonly #crashPoint: CrashPointHook | undefined;
  #current: OpenSegment;
  /** Full segments whose last sync is still to come. */
  #finished: OpenSegment[] = [];
  #mustCut = false;
  #mustSyncFolder = true;
  #mustRewrite = false;

  /** @param newest the segment to go on with. It is created when it does not exist. @throws what `openSync` throws. */
  constructor(options: {
    dir: string;
    files: LogFileSystem;
    newest: SegmentInfo;
    crashPoint?: CrashPointHook | undefined;
  }) {
    this.#dir = options.dir;
    this.#files = options.files;
    this.#crashPoint = options.crashPoint;
    this.#current = this.#open(options.newest);
  }

  get current(): SegmentInfo {
    return this.#current.info;
  }

  /** Whether everything written has been synced. */
  get isSynced(): boolean {
    return (
      this.#finished.length === 0 && !this.#mustSyncFolder && this.#current.syncedBytes === this.#current.info.bytes
    );
  }

  /** One `writev` for all frames, as long as the system takes them in one. Never throws. */
  write(group: FrameGroup): WriteOutcome {
    const { info, fd } = this.#current;
    let done = 0;
    let error: Error | undefined;
    try {
      if (this.#mustCut) this.#cut();
      this.#crashPoint?.('log:before-write');
      const total = group.ends.at(-1)!;
      while (done < total) {
        const parts = done === 0 ? group.parts : remainder(group.parts, done);
        const count = this.#files.writevSync(fd, parts, info.bytes + done);
        if (count === 0) throw new Error(`wrote nothing to ${info.path}`);
        done += count;
      }
      this.#crashPoint?.('log:after-write');
    } catch (cause) {
      error = cause as Error;
    }

    const written = error === undefined ? group.ends.length : group.ends.findLastIndex((end) => end <= done) + 1;
    if (written > 0) {
      info.bytes += group.ends[written - 1]!;
      info.firstAtMs ??= group.events[0]!.appended.stamp.received_at;
    }
    if (error === undefined) return { written };
    this.#mustCut = true;
    this.#tryCut();
    return { written, error };
  }

  /** Begins a new segment whose first event will be `base`. @throws when the file cannot be made; nothing has changed. */
  begin(base: number): SegmentInfo {
    if (this.#mustCut) this.#cut();
    this.#crashPoint?.('log:before-new-segment');
    const next = this.#open({ ...segmentFile(this.#dir, base), bytes: 0, firstAtMs: undefined });
    this.#finished.push(this.#current);
    this.#current = next;
    this.#mustSyncFolder = true;
    this.#crashPoint?.('log:after-new-segment');
    return next.info;
  }

  /** Makes everything written before the call survive a power cut. One call at a time. */
  async sync(): Promise<void> {
    if (this.#mustRewrite) this.#rewriteUnsynced();
    this.#mustRewrite = true;
    while (this.#finished.length > 0) {
      const segment = this.#finished[0]!;
      await fdatasync(this.#files, segment.fd);
      this.#finished.shift();
      this.#files.closeSync(segment.fd);
    }
    const segment = this.#current;
    const bytes = segment.info.bytes;
    await fdatasync(this.#files, segment.fd);
    segment.syncedBytes = bytes;
    if (this.#mustSyncFolder) {
      this.#mustSyncFolder = false;
      await syncFolder(this.#files, this.#dir).catch((error: unknown) => {
        this.#mustSyncFolder = true;
        throw error;
      });
    }
    this.#mustRewrite = false;
  }

  /** Takes back what was written to the current segment since its last sync. */
  cutToSynced(): void {
    this.#current.info.bytes = this.#current.syncedBytes;
    if (this.#current.info.bytes === 0) this.#current.info.firstAtMs = undefined;
    this.#mustCut = true;
    this.#tryCut();
  }

  /** Does what a failed write left to do. @throws when that fails again. */
  repair(): void {
    if (this.#mustCut) this.#cut();
  }

  close(): void {
    for (const segment of [...this.#finished, this.#current]) this.#files.closeSync(segment.fd);
    this.#finished = [];
  }

  #open(info: SegmentInfo): OpenSegment {
    // Neither `a` (writes go to a stated position) nor `w` (empties it).
    const fd = this.#files.openSync(info.path, READ_WRITE_CREATE);
    return { info, fd, syncedBytes: info.bytes };
  }

  #cut(): void {
    this.#files.ftruncateSync(this.#current.fd, this.#current.info.bytes);
    this.#mustCut = false;
  }

  #tryCut(): void {
    try {
      this.#cut();
    } catch {
      // Stays due: no write is made before it has succeeded.
    }
  }

  // After a failed sync the system may hold the unwritten pages for clean and never write them: make them dirty again.
  #rewriteUnsynced(): void {
    for (const { fd, info, syncedBytes } of [...this.#finished, this.#current]) {
      const bytes = Buffer.alloc(info.bytes - syncedBytes);
      if (bytes.length === 0) continue;
      readFully(fd, bytes, syncedBytes);
      let done = 0;
      while (done < bytes.length) done += this.#files.writevSync(fd, [bytes.subarray(done)], syncedBytes + done);
    }
  }
}

const READ_WRITE_CREATE = fs.constants.O_RDWR | fs.constants.O_CREAT;

/** What is left of the parts behind the first `done` bytes. */
function remainder(parts: readonly Buffer[], done: number): Buffer[] {
  let skipped = 0;
  return parts.flatMap((part) => {
    const start = Math.max(0, done - skipped);
    skipped += part.length;
    return start < part.length ? [part.subarray(start)] : [];
  });
}

function readFully(fd: number, into: Buffer, from: number): void {
  let done = 0;
  while (done < into.length) {
    const count = fs.readSync(fd, into, done, into.length - done, from + done);
    if (count === 0) throw new Error('the segment is shorter than what was written to it');
    done += count;
  }
}
