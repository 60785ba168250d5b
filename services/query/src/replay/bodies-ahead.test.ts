import { expect, test } from '@jest/globals';
import { recordedStep } from '../../test/recorded-step.ts';
import { positionOf } from '../queries/read-bodies.ts';
import { bodiesAhead } from './bodies-ahead.ts';

function steps(count: number, bytes = 10) {
  return Array.from({ length: count }, (_, at) =>
    recordedStep({
      place: {
        session_id: 's',
        ordered_at_ms: '0',
        request_id: `r${at}`,
        source_partition: 0,
        source_offset: String(at),
      },
      request: { bytes, isTruncated: false, encoding: 'utf8' },
    }),
  );
}

const bodyOf = (text: string) => ({ encoding: 'utf8', size: text.length, bytes: Buffer.from(text) });

/** A store that counts what it is asked. */
function store() {
  const asked: number[] = [];
  return {
    asked,
    read: async (places: readonly { source_partition: number; source_offset: string; request_id: string }[]) => {
      asked.push(places.length);
      return new Map(
        places.map((place) => [positionOf(place), { request: bodyOf(place.request_id), response: bodyOf('') }]),
      );
    },
  };
}

test('a few are read together, each gets its own, and a second time all are read again', async () => {
  const all = steps(70);
  const { asked, read } = store();
  const bodies = bodiesAhead(all, read);
  for (let times = 1; times <= 2; times++) {
    for (const [at, step] of all.entries()) {
      expect((await bodies(step))?.request.bytes?.toString()).toBe(`r${at}`);
    }
    expect(asked).toEqual(Array.from({ length: times }, () => [32, 32, 6]).flat());
  }
});

test('large ones are read in smaller numbers, and one that is larger than that alone', async () => {
  const { asked, read } = store();
  const all = [...steps(4, 3 * 1024 * 1024), ...steps(1, 64 * 1024 * 1024)];
  const bodies = bodiesAhead(all, read);
  for (const step of all) await bodies(step);
  expect(asked).toEqual([2, 2, 1]);
});

test('where the store does not answer, the next step asks it again', async () => {
  const all = steps(3);
  const { asked, read } = store();
  let isAway = true;
  const bodies = bodiesAhead(all, async (places) => {
    if (isAway) throw new Error('away');
    return read(places);
  });
  await expect(bodies(all[0]!)).rejects.toThrow('away');
  isAway = false;
  expect((await bodies(all[1]!))?.request.bytes?.toString()).toBe('r1');
  expect((await bodies(all[2]!))?.request.bytes?.toString()).toBe('r2');
  expect(asked).toEqual([3]);
});
