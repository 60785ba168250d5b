import fs from 'node:fs';
import type { CrashPointHook } from '../crash-points.ts';
import type { LogMeta } from './log-meta.ts';
import { listSegments, type SegmentFile, type SegmentInfo } from './segment-files.ts';
import { SegmentScanner } from './segment-scanner.ts';

/** Enough for most events: only the first frame of each segment is read, and there may be hundreds of segments. */
const FIRST_FRAME_CHUNK_BYTES = 16 * 1024;

export interface RecoveredLog {
  readonly segments: SegmentInfo[];
  /** Behind the last good frame; where the next event would go if nothing else was known. */
  readonly end: number;
  /** Whether the newest segment can be appended to at `end`: it reaches that far, and nothing damaged lies behind. */
  readonly canContinue: boolean;
}

/**
 * Brings a log folder into a state in which it can be written again, after whatever ended its last writer.
 *
 * The end is where the last good frame ends. Bytes behind it are an event that nobody was told is stored, and are cut;
 * unless numbers beyond the end were given before (`nextOffsetMin`: the log lost its tail), for then they are what is
 * left of stored events: they stay where they are, and the writer goes on in a new segment. Damage before the end is
 * left to the reader, which skips and names it. Everything kept is synced, so that readers may have it at once.
 */
export function recoverLog(
  dir: string,
  meta: LogMeta,
  options: {
    readonly nextOffsetMin: number;
    /** Segments that end at or below this offset are known to be synced. */
    readonly syncedEnd: number;
    readonly onWarn: (message: string) => void;
    readonly crashPoint?: CrashPointHook | undefined;
  },
): RecoveredLog {
  const segments = listSegments(dir).map((file) => inspectSegment(file, meta.mark));
  const newest = segments.at(-1);
  if (newest === undefined) return { segments, end: 0, canContinue: false };

  const newestEnd = findEnd(newest, meta.mark);
  // An empty newest segment may have been left by a failed attempt to begin it: the one before may reach further.
  const end = newestEnd.frames > 0 ? newestEnd.end : Math.max(newestEnd.end, endBefore(segments, meta.mark));
  const canContinue = newestEnd.end === end && options.nextOffsetMin <= end;
  if (canContinue && newestEnd.bytes < newest.bytes) {
    options.crashPoint?.('log:before-tail-cut');
    options.onWarn(`cut an unfinished tail of ${newest.bytes - newestEnd.bytes} bytes from ${newest.path}`);
    fs.truncateSync(newest.path, newestEnd.bytes);
    newest.bytes = newestEnd.bytes;
    options.crashPoint?.('log:after-tail-cut');
  }
  for (const [index, segment] of segments.entries()) {
    const next = segments[index + 1];
    if (next === undefined || next.base > options.syncedEnd) syncFile(segment.path);
  }
  return { segments, end, canContinue };
}

function endBefore(segments: readonly SegmentInfo[], mark: Buffer): number {
  const previous = segments.at(-2);
  return previous === undefined ? 0 : findEnd(previous, mark).end;
}

function findEnd(segment: SegmentFile, mark: Buffer): { end: number; bytes: number; frames: number } {
  const fd = fs.openSync(segment.path, 'r');
  try {
    const scanner = new SegmentScanner(fd, segment.base, mark);
    let end = segment.base;
    for (let frames = 0; ; frames++) {
      const frame = scanner.next(Number.MAX_SAFE_INTEGER);
      if (frame.payload === undefined) return { end, bytes: scanner.position, frames };
      end = frame.offset + 1;
    }
  } finally {
    fs.closeSync(fd);
  }
}

function inspectSegment(file: SegmentFile, mark: Buffer): SegmentInfo {
  const fd = fs.openSync(file.path, 'r');
  try {
    const { size, mtimeMs } = fs.fstatSync(fd);
    if (size === 0) return { ...file, bytes: 0, firstAtMs: undefined };
    const first = new SegmentScanner(fd, file.base, mark, FIRST_FRAME_CHUNK_BYTES).next(Number.MAX_SAFE_INTEGER);
    // Nothing readable in it: the time of its last write is the later, so the more careful, answer.
    return { ...file, bytes: size, firstAtMs: first.payload === undefined ? mtimeMs : first.receivedAtMs };
  } finally {
    fs.closeSync(fd);
  }
}

function syncFile(path: string): void {
  const fd = fs.openSync(path, 'r');
  try {
    fs.fdatasyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
