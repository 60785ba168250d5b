import { expect, test } from '@jest/globals';
import { readReplayEvents } from './read-replay-events.ts';
import { type ReplayEvent, type ReplayProgress, SHOWN_STEPS_MAX, takeEvent } from './replay-progress.ts';

const STATE = {
  replay_id: 'r',
  status: 'running',
  steps: 3,
  done: 0,
  errors: 0,
  cost: 0,
  unpriced: 0,
  threaded: 0,
  kept: 0,
};
const event = (name: string, data: object): ReplayEvent => ({ name, data: JSON.stringify(data) });
const step = (index: number, more: object = {}) =>
  event('step', { index, error: null, cost: 0.5, threaded: 1, kept: 2, replaced: 3, ...more });
const after = (...events: ReplayEvent[]) => events.reduce<ReplayProgress | undefined>(takeEvent, undefined);

test('figures of a replay grow with each step, and are those of its end', () => {
  const running = after(event('started', { ...STATE, replaced: 0 }), step(1), step(2, { error: 'No', cost: null }));
  expect(running?.state).toMatchObject({
    done: 2,
    errors: 1,
    cost: 0.5,
    unpriced: 1,
    threaded: 2,
    kept: 4,
    replaced: 6,
  });
  expect(running?.lastSteps.map(({ index }) => index)).toEqual([2, 1]);
  expect(running?.failures.map(({ index }) => index)).toEqual([2]);
  const ended = takeEvent(running, event('finished', { ...STATE, status: 'cancelled', done: 3 }));
  expect(ended?.state).toMatchObject({ status: 'cancelled', done: 3 });
  expect(ended?.failures).toHaveLength(1);
});

test('a stream that is asked for again tells everything again, and nothing counts twice', () => {
  const events = [event('started', STATE), step(1), step(2)];
  expect(after(...events, ...events)).toEqual(after(...events));
});

test('what comes before the beginning, or is not known, changes nothing', () => {
  expect(after(step(1))).toBeUndefined();
  const begun = after(event('started', STATE));
  expect(takeEvent(begun, event('news', {}))).toBe(begun);
});

test('of many steps the newest are kept, and of failures the first', () => {
  const many = Array.from({ length: 3 * SHOWN_STEPS_MAX }, (_, at) => step(at + 1, { error: 'No' }));
  const { lastSteps, failures, state } = after(event('started', STATE), ...many)!;
  expect([lastSteps.length, lastSteps[0]!.index]).toEqual([SHOWN_STEPS_MAX, many.length]);
  expect([failures.length, failures[0]!.index]).toEqual([SHOWN_STEPS_MAX, 1]);
  expect(state.errors).toBe(many.length);
});

test('a stream is read however it is cut, pings left out', async () => {
  const text = `: ping\n\nevent: started\ndata: {"a":"für ⟦"}\n\n: ping\n\nevent: step\ndata: {}\n\nevent: finished\ndata: {}\n\n`;
  const bytes = new TextEncoder().encode(text);
  for (const size of [1, 2, 7, bytes.length]) {
    const told: ReplayEvent[] = [];
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.slice(at * size, (at + 1) * size),
    );
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const piece of pieces) controller.enqueue(piece);
        controller.close();
      },
    });
    await readReplayEvents(stream, (events) => told.push(...events));
    expect(told).toEqual([
      { name: 'started', data: '{"a":"für ⟦"}' },
      { name: 'step', data: '{}' },
      { name: 'finished', data: '{}' },
    ]);
  }
});

test('a stream that breaks off is told apart from one that ends', async () => {
  const broken = new ReadableStream<Uint8Array>({ start: (controller) => controller.error(new Error('gone')) });
  await expect(readReplayEvents(broken, () => {})).rejects.toThrow('gone');
});
