import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { copyAsLeftBehind, eventsOf, offsetsOf, range, readLog, temporaryFolder } from '../../test/log-folder.ts';
import { body, requestEvent } from '../contract-events.ts';
import { openFileAppender } from './file-appender.ts';
import type { FileEventAppender } from './file-appender-options.ts';
import { readLogMeta } from './log-meta.ts';
import { listSegments } from './segment-files.ts';
import { SegmentScanner } from './segment-scanner.ts';

type Step =
  | { readonly do: 'append'; readonly count: number; readonly bytes: number }
  | { readonly do: 'close' }
  | { readonly do: 'crash'; readonly damage: readonly Damage[] }
  | { readonly do: 'read' }
  | { readonly do: 'retain' };

/** To the newest segment, at a part of its length. */
type Damage =
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'flip'; readonly at: number; readonly mask: number }
  | { readonly kind: 'garbage'; readonly bytes: Uint8Array };

const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: part }),
  fc.record({ kind: fc.constant('flip' as const), at: part, mask: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant('garbage' as const), bytes: fc.uint8Array({ maxLength: 200 }) }),
);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('append' as const),
      count: fc.integer({ min: 1, max: 8 }),
      bytes: fc.integer({ min: 0, max: 1500 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('crash' as const), damage: fc.array(damage, { maxLength: 2 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('read' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retain' as const) }) },
);

describe('a log under any sequence of appends, crashes, damage, reopening and reading', () => {
  for (const durability of ['process', 'disk'] as const) {
    test(`delivers what a plain list would, and names what damage took (durability ${durability})`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 15 }), async (steps) => {
          const log = new ModelledLog(durability);
          try {
            for (const one of steps) await log.run(one);
            await log.run({ do: 'append', count: 3, bytes: 10 });
            await log.run({ do: 'read' });
          } finally {
            await log.destroy();
          }
        }),
        { numRuns: 40 },
      );
    }, 120_000);
  }
});

/** The real log beside a map of what it should hold. */
class ModelledLog {
  readonly #root = temporaryFolder();
  readonly #durability: 'process' | 'disk';
  readonly #events = new Map<number, string>();
  readonly #damaged = new Set<number>();
  readonly #open: FileEventAppender[] = [];
  #generation = 0;
  #readThrough = -1;
  #appender: FileEventAppender;

  constructor(durability: 'process' | 'disk') {
    this.#durability = durability;
    this.#appender = this.#reopen();
  }

  get #dir(): string {
    return path.join(this.#root, String(this.#generation));
  }

  async run(step: Step): Promise<void> {
    if (step.do === 'append') await this.#append(step.count, step.bytes);
    else if (step.do === 'read') await this.#read();
    else if (step.do === 'retain') this.#appender.retain({ behindFence: this.#readThrough, marginMs: 0, keepMs: 0 });
    else if (step.do === 'close') {
      await this.#appender.close();
      this.#appender = this.#reopen();
    } else {
      const before = this.#dir;
      this.#generation++;
      copyAsLeftBehind(before, this.#dir);
      for (const one of step.damage) this.#inflict(one);
      this.#appender = this.#reopen();
    }
  }

  async destroy(): Promise<void> {
    for (const appender of this.#open) await appender.close();
    fs.rmSync(this.#root, { recursive: true });
  }

  async #append(count: number, bytes: number): Promise<void> {
    const events = range(0, count).map(() => requestEvent({ response_body: body(Buffer.alloc(bytes, 'x')) }));
    const appended = await Promise.all(events.map((event) => this.#appender.append(event)));
    for (const [index, { offset }] of appended.entries()) {
      // A number that a reader has seen is never given to another event.
      expect(offset).toBeGreaterThan(this.#readThrough);
      this.#events.set(offset, events[index]!.event_id);
      this.#damaged.delete(offset);
    }
  }

  async #read(): Promise<void> {
    const entries = await readLog(this.#dir, this.#appender);
    const offsets = offsetsOf(entries);
    expect(offsets).toEqual(range(offsets[0] ?? 0, (offsets[0] ?? 0) + offsets.length));
    // Retention deletes only what was read.
    expect(offsets[0] ?? 0).toBeLessThanOrEqual(this.#readThrough + 1);
    const delivered = new Map(eventsOf(entries).map(({ offset, event }) => [offset, event]));
    for (const offset of offsets) {
      const event = delivered.get(offset);
      const expected = this.#events.get(offset);
      if (event === undefined) expect([...this.#damaged]).toContain(offset);
      else if (event.kind === 'request') expect(event.event_id).toBe(expected);
    }
    this.#readThrough = Math.max(this.#readThrough, offsets.at(-1) ?? -1);
  }

  /** Damages the newest segment, and notes every offset whose frame is no longer as it was written. */
  #inflict(damage: Damage): void {
    const newest = listSegments(this.#dir).at(-1)!;
    const before = fs.readFileSync(newest.path);
    const places = this.#frames(newest);
    const after = damaged(before, damage);
    fs.writeFileSync(newest.path, after);
    for (const { offset, start, end } of places) {
      if (!before.subarray(start, end).equals(after.subarray(start, end))) this.#damaged.add(offset);
    }
  }

  #frames(segment: { base: number; path: string }): { offset: number; start: number; end: number }[] {
    const fd = fs.openSync(segment.path, 'r');
    const scanner = new SegmentScanner(fd, segment.base, readLogMeta(this.#dir)!.mark);
    const places = [];
    for (;;) {
      const frame = scanner.next(Number.MAX_SAFE_INTEGER);
      if (frame.payload === undefined) break;
      places.push({ offset: frame.offset, start: frame.end - frame.payload.length - 32, end: frame.end });
    }
    fs.closeSync(fd);
    return places;
  }

  #reopen(): FileEventAppender {
    const appender = openFileAppender({
      dir: this.#dir,
      durability: this.#durability,
      segmentBytesMax: 4000,
      syncIntervalMs: 1,
      // As the aggregator's fence would say.
      minNextOffset: this.#readThrough + 1,
    });
    this.#open.push(appender);
    return appender;
  }
}

function damaged(bytes: Buffer, damage: Damage): Buffer {
  if (damage.kind === 'cut') return bytes.subarray(0, Math.floor(damage.at * bytes.length));
  if (damage.kind === 'garbage') return Buffer.concat([bytes, damage.bytes]);
  const copy = Buffer.from(bytes);
  if (copy.length > 0) copy[Math.floor(damage.at * copy.length)]! ^= damage.mask;
  return copy;
}
