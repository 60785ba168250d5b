import fs from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { destroyAll, newRoot } from '../../test/outbox-rig.ts';
import { NOTHING_ACKED } from './partition-queue.ts';
import { type OutboxPositions, PositionsFile } from './positions-file.ts';

afterEach(destroyAll);
afterEach(() => {
  jest.restoreAllMocks();
});

const NOTHING = (partitions: number): OutboxPositions => ({
  low: 0,
  done: 0,
  acked: Array(partitions).fill(NOTHING_ACKED),
});

const number = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const positionsOf = (partitions: number): fc.Arbitrary<OutboxPositions> =>
  fc.record({
    low: number,
    done: number,
    acked: fc.array(
      fc.oneof(fc.constant(NOTHING_ACKED), fc.record({ offset: number, seq: number, receivedAt: number })),
      { minLength: partitions, maxLength: partitions },
    ),
  });

function stored(dir: string, owner: string, partitions: number): OutboxPositions {
  return new PositionsFile(dir, owner, partitions).stored;
}

test('the newest state is read back, by whoever has the same producer and number of partitions', () => {
  const history = fc
    .integer({ min: 1, max: 40 })
    .chain((partitions) =>
      fc.tuple(fc.constant(partitions), fc.array(positionsOf(partitions), { minLength: 1, maxLength: 6 })),
    );
  fc.assert(
    fc.property(history, fc.boolean(), ([partitions, states], isReopened) => {
      const dir = newRoot();
      let file = new PositionsFile(dir, 'me', partitions);
      for (const state of states) {
        file.store(state);
        if (!isReopened) continue;
        file.close();
        file = new PositionsFile(dir, 'me', partitions);
      }
      file.close();
      expect(stored(dir, 'me', partitions)).toEqual(states.at(-1));
      expect(stored(dir, 'you', partitions)).toEqual(NOTHING(partitions));
      expect(stored(dir, 'me', partitions + 1)).toEqual(NOTHING(partitions + 1));
      expect(fs.readdirSync(dir)).toEqual(['positions']);
    }),
    { numRuns: 60 },
  );
});

test('a file cut or changed anywhere holds an earlier state or none, never another one', () => {
  const damage = fc.oneof(
    fc.record({ do: fc.constant('cut' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
    fc.record({
      do: fc.constant('flip' as const),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      mask: fc.integer({ min: 1, max: 255 }),
    }),
    // What a torn write leaves: some sectors of the state before.
    fc.record({ do: fc.constant('zero' as const), at: fc.double({ min: 0, max: 1, noNaN: true }) }),
  );
  const history = fc
    .integer({ min: 1, max: 64 })
    .chain((partitions) => fc.tuple(fc.constant(partitions), fc.array(positionsOf(partitions), { maxLength: 4 })));
  fc.assert(
    fc.property(history, fc.array(damage, { minLength: 1, maxLength: 4 }), ([partitions, states], damages) => {
      const dir = newRoot();
      const file = new PositionsFile(dir, 'me', partitions);
      for (const state of states) file.store(state);
      file.close();
      const name = path.join(dir, 'positions');
      if (states.length === 0) fs.writeFileSync(name, '');
      let bytes = fs.readFileSync(name);
      for (const one of damages) {
        const at = Math.floor(one.at * bytes.length);
        if (one.do === 'cut') bytes = bytes.subarray(0, at);
        else if (one.do === 'zero') bytes.fill(0, at, Math.min(at + 512, bytes.length));
        else if (at < bytes.length) bytes[at] = bytes[at]! ^ one.mask;
      }
      fs.writeFileSync(name, bytes);
      const found = stored(dir, 'me', partitions);
      // The last two are in the file.
      expect([NOTHING(partitions), ...states.slice(-2)]).toContainEqual(found);
      const next = new PositionsFile(dir, 'me', partitions);
      const state = { ...found, low: 7 };
      next.store(state);
      next.close();
      expect(stored(dir, 'me', partitions)).toEqual(state);
    }),
    { numRuns: 300 },
  );
});

test('a write that fails or is cut short never touches the state that holds', () => {
  const dir = newRoot();
  const state = (low: number): OutboxPositions => ({ ...NOTHING(3), low });
  const file = new PositionsFile(dir, 'me', 3);
  file.store(state(1));
  file.store(state(2));
  const writeSync = fs.writeSync.bind(fs) as (...given: unknown[]) => number;
  for (let tries = 0; tries < 3; tries++) {
    jest
      .spyOn(fs, 'writeSync')
      .mockImplementationOnce(((fd: number, bytes: Buffer, from: number, _length: number, at: number) =>
        writeSync(fd, bytes, from, 20, at)) as never);
    expect(() => file.store(state(3))).toThrow('only 20 of');
    expect(stored(dir, 'me', 3)).toEqual(state(2));
  }
  file.store(state(4));
  file.close();
  expect(stored(dir, 'me', 3)).toEqual(state(4));
});

describe('what earlier versions left', () => {
  const text = (version: number, low: number, owner = 'me') => {
    const json = JSON.stringify({
      version,
      owner,
      partitions: 2,
      low,
      done: low,
      acked: [[1, 5, 4, 1_760_000_000_000]],
    });
    return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;
  };

  test('is read once, and replaced by the first state that is stored', () => {
    const dir = newRoot();
    fs.writeFileSync(path.join(dir, 'positions-1'), text(1, 3));
    fs.writeFileSync(path.join(dir, 'positions-0'), text(2, 6));
    const acked = [NOTHING_ACKED, { offset: 5, seq: 4, receivedAt: 1_760_000_000_000 }];
    const file = new PositionsFile(dir, 'me', 2);
    expect(file.stored).toEqual({ low: 6, done: 6, acked });
    file.store({ low: 8, done: 8, acked });
    file.close();
    expect(fs.readdirSync(dir)).toEqual(['positions']);
    expect(stored(dir, 'me', 2)).toEqual({ low: 8, done: 8, acked });
  });

  test('counts for its producer only, and only if it is whole', () => {
    const dir = newRoot();
    fs.writeFileSync(path.join(dir, 'positions-0'), text(2, 6).replace('"low":6', '"low":9'));
    fs.writeFileSync(path.join(dir, 'positions-1'), text(1, 3, 'you'));
    expect(stored(dir, 'me', 2)).toEqual(NOTHING(2));
    expect(stored(dir, 'you', 2)).toMatchObject({ low: 3 });
  });
});
