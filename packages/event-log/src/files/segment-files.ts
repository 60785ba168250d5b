import fs from 'node:fs';
import path from 'node:path';

/** A segment file: frames in order, the first of which has (or was to have) offset `base`. */
export interface SegmentFile {
  readonly base: number;
  readonly path: string;
}

/** A segment as the writer keeps it in mind: what retention and the byte limit need to know. */
export interface SegmentInfo extends SegmentFile {
  bytes: number;
  /** `received_at` of its first event, epoch ms; undefined while it has none. */
  firstAtMs: number | undefined;
}

// Twenty digits, so that names sort as their numbers do.
const NAME = /^(\d{20})\.log$/;

export function segmentFile(dir: string, base: number): SegmentFile {
  return { base, path: path.join(dir, `${String(base).padStart(20, '0')}.log`) };
}

/** The segments of a folder, oldest first. Other files are left alone. */
export function listSegments(dir: string): SegmentFile[] {
  return fs
    .readdirSync(dir)
    .flatMap((name) => {
      const match = NAME.exec(name);
      return match ? [{ base: Number(match[1]), path: path.join(dir, name) }] : [];
    })
    .sort((a, b) => a.base - b.base);
}
