import { afterEach, expect, jest, test } from '@jest/globals';
import type { KeyRecord } from '@throughline/contracts/keys';
import type { Response } from 'express';
import type { LiveHub, LiveListener } from './live-hub.ts';
import { openLiveStream } from './live-stream.ts';

const key: KeyRecord = { hash: '', id: 'key', tenantId: 'acme', permissions: ['r'] };
let now = 0;
jest.spyOn(performance, 'now').mockImplementation(() => now);
afterEach(() => {
  now = 0;
});

/** A stream whose reader takes what is written only when it is told to. */
function stalled() {
  let listener: LiveListener | undefined;
  const hub: LiveHub = {
    size: 1,
    figures: () => ({ requests: 1, errors: 0, annotations: 0 }),
    listen(one) {
      listener = one;
      return () => {};
    },
  };
  const written: string[] = [];
  const res = {
    writableNeedDrain: false,
    write: (text: string) => written.push(text),
    end: jest.fn(),
    destroy: jest.fn(),
  };
  const stream = openLiveStream({ hub, key, sessions: [], asOf: () => '2026-01-01T00:00:00.000Z' });
  void stream.run(res as unknown as Response, new AbortController().signal);
  return { listener: listener!, written, res };
}

test('whoever does not read is sent nothing more, is told once of all that changed, and is cut off in the end', () => {
  const { listener, written, res } = stalled();
  listener.changed();
  now = 1_000;
  listener.tick();
  expect(written).toHaveLength(2);
  res.writableNeedDrain = true;
  for (now = 1_100; now < 30_000; now += 100) {
    listener.changed();
    listener.tick();
  }
  expect(written).toHaveLength(2);
  res.writableNeedDrain = false;
  listener.tick();
  expect(
    written
      .slice(2)
      .join('')
      .match(/event: changed/g),
  ).toHaveLength(1);
  res.writableNeedDrain = true;
  now += 29_900;
  listener.tick();
  expect(res.destroy).not.toHaveBeenCalled();
  now += 200;
  listener.tick();
  expect(res.destroy).toHaveBeenCalled();
});

test('where nothing happens there is a comment every fifteen seconds', () => {
  const { listener, written } = stalled();
  for (now = 100; now <= 46_000; now += 100) listener.tick();
  expect(written.filter((text) => text === ': ping\n\n')).toHaveLength(3);
});

test('events are a quarter of a second apart at least', () => {
  const { listener, written } = stalled();
  for (now = 100; now <= 2_000; now += 100) {
    listener.changed();
    listener.tick();
  }
  expect(written.filter((text) => text.startsWith('event: changed')).length).toBeLessThanOrEqual(8);
  expect(written.filter((text) => text.startsWith('event: changed')).length).toBeGreaterThanOrEqual(5);
});
