import type { CompleteOptions, RetentionPolicy } from './file-appender-options.ts';
import type { SegmentInfo } from './segment-files.ts';
import type { SharedLogState } from './shared-log.ts';

/** From this part of the byte limit on, segments go as soon as they may, whatever their age. */
const PRESSURE = 0.8;

/** The segments of a log, oldest first, and what they weigh; deletes those that have expired. */
export class SegmentRetention {
  readonly #options: CompleteOptions;
  readonly #state: SharedLogState;
  readonly #segments: SegmentInfo[];
  /** Bytes of all segments but the newest, which is still growing. */
  #olderBytes: number;

  /** @param parts.segments at least one; the last is the one being written. Owned from here on. */
  constructor(parts: { options: CompleteOptions; state: SharedLogState; segments: SegmentInfo[] }) {
    this.#options = parts.options;
    this.#state = parts.state;
    this.#segments = parts.segments;
    this.#olderBytes = parts.segments.slice(0, -1).reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get bytes(): number {
    return this.#olderBytes + this.#segments.at(-1)!.bytes;
  }

  /** A new segment is being written. */
  add(segment: SegmentInfo): void {
    this.#olderBytes += this.#segments.at(-1)!.bytes;
    this.#segments.push(segment);
  }

  /** @returns how many segments were deleted. A file that cannot be deleted is reported and tried again next time. */
  deleteExpired(policy: Partial<RetentionPolicy> & { readonly behindFence?: number }): number {
    const { retention, logBytesMax, clock } = this.#options;
    const isPressed = this.bytes > logBytesMax * PRESSURE;
    const complete: RetentionPolicy = {
      marginMs: policy.marginMs ?? retention.marginMs,
      keepMs: isPressed ? 0 : (policy.keepMs ?? retention.keepMs),
    };
    const fence = policy.behindFence ?? Math.min(this.#state.committed, this.#state.syncedEnd - 1);
    const expired = countExpired(this.#segments, fence, complete, clock());
    let deleted = 0;
    while (deleted < expired && this.#deleteOldest()) deleted++;
    return deleted;
  }

  #deleteOldest(): boolean {
    const { files, onWarn, crashPoint } = this.#options;
    const [oldest, next] = this.#segments;
    crashPoint?.('log:before-segment-delete');
    // Before the file goes, so that a reader that does not find it knows why.
    this.#state.low = next!.base;
    try {
      files.unlinkSync(oldest!.path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') {
        onWarn(`cannot delete ${oldest!.path}: ${(cause as Error).message}`);
        return false;
      }
    }
    this.#segments.shift();
    this.#olderBytes -= oldest!.bytes;
    crashPoint?.('log:after-segment-delete');
    return true;
  }
}

/**
 * How many of the oldest segments may go. The newest one always stays.
 *
 * Where a time is not known exactly, the answer that keeps more is taken: a segment ends, at the latest, when the next
 * one begins; the fence's own time is, at the earliest, that of the first event in its segment.
 *
 * @param segments oldest first
 * @param fence last offset that is in all stores, −1 when none is
 */
export function countExpired(
  segments: readonly SegmentInfo[],
  fence: number,
  policy: RetentionPolicy,
  nowMs: number,
): number {
  const fenceAtMs = segments.findLast((segment) => segment.base <= fence)?.firstAtMs;
  if (fenceAtMs === undefined) return 0;
  let count = 0;
  while (count + 1 < segments.length) {
    const next = segments[count + 1]!;
    if (next.base > fence + 1) break;
    const endedAtMs = next.firstAtMs ?? nowMs;
    if (fenceAtMs - endedAtMs < policy.marginMs || nowMs - endedAtMs < policy.keepMs) break;
    count++;
  }
  return count;
}
