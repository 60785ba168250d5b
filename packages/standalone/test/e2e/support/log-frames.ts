import { closeSync, existsSync, openSync } from 'node:fs';
import { decodeEvent } from '@throughline/contracts/event-codec';
import type { LogEvent } from '@throughline/contracts/request-event';
import { FRAME_HEADER_BYTES } from '@throughline/event-log/files/frame';
import { readLogMeta } from '@throughline/event-log/files/log-meta';
import { listSegments, type SegmentFile } from '@throughline/event-log/files/segment-files';
import { SegmentScanner } from '@throughline/event-log/files/segment-scanner';
import { SyncedEndFile } from '@throughline/event-log/files/synced-end-file';

/** An event in a log folder that nobody has open, and the bytes it takes of its segment. */
export interface LogFrame {
  readonly segment: SegmentFile;
  readonly offset: number;
  readonly from: number;
  readonly to: number;
  readonly event: LogEvent;
  /** The number of the call in the test's ledger; undefined for what is no call of a load. */
  readonly call: number | undefined;
}

/** Every good frame of the log, in order. */
export function readFrames(dir: string): LogFrame[] {
  const { mark } = readLogMeta(dir)!;
  return listSegments(dir).flatMap((segment) => {
    const fd = openSync(segment.path, 'r');
    try {
      const scanner = new SegmentScanner(fd, segment.base, mark);
      const frames: LogFrame[] = [];
      for (;;) {
        const frame = scanner.next(Number.MAX_SAFE_INTEGER);
        if (frame.payload === undefined) return frames;
        const from = frame.end - frame.payload.length - FRAME_HEADER_BYTES;
        const decoded = decodeEvent(Buffer.from(frame.payload));
        if (decoded.outcome !== 'event') throw new Error(`offset ${frame.offset} is ${decoded.outcome}`);
        const { event } = decoded;
        frames.push({ segment, offset: frame.offset, from, to: frame.end, event, call: callOf(event) });
      }
    } finally {
      closeSync(fd);
    }
  });
}

/** What the log knows to have been synced; 0 when it has forgotten. */
export function syncedEnd(dir: string): number {
  if (!existsSync(`${dir}/synced-end`)) return 0;
  const file = new SyncedEndFile(dir, readLogMeta(dir)!.mark);
  file.close();
  return file.stored;
}

function callOf(event: LogEvent): number | undefined {
  if (event.kind !== 'request') return undefined;
  const property = event.properties.find(([name]) => name.toLowerCase() === 'call');
  return property && Number(property[1]);
}
