import { crc32 } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { MemoryBodies } from '../../test/memory-bodies.ts';
import { createAggregatorMetrics } from '../metrics.ts';
import { ASKED_TIMES, createBodyFetcher } from './body-fetcher.ts';

const never = new AbortController().signal;
const bytes = Buffer.from('a body');
const name = '2026-11-21/10/e-request';
const reference = { name, size: bytes.length, crc32: crc32(bytes) };

function rig(waitMs = 60, isKnown = true) {
  const store = new MemoryBodies();
  const registry = createMetrics();
  const metrics = createAggregatorMetrics(registry);
  const logger = createLogger('test', { level: 'silent' });
  const fetcher = createBodyFetcher({ store: isKnown ? store : undefined, waitMs, metrics, logger });
  return { store, fetcher, text: () => registry.registry.metrics() };
}

describe('fetching a body', () => {
  test('waits for one that the store shows late', async () => {
    const { store, fetcher, text } = rig();
    store.onGet = () => {
      if (store.gets === 3) store.objects.set(name, bytes);
    };
    expect(await fetcher.fetch(reference, never)).toEqual(bytes);
    expect(store.gets).toBe(3);
    expect(await text()).toContain(`throughline_aggregator_body_bytes_fetched_total ${bytes.length}`);
  });

  test('gives one up that stays away, or is another than was sent, after so many tries', async () => {
    const { store, fetcher } = rig();
    expect(await fetcher.fetch(reference, never)).toBeUndefined();
    expect(store.gets).toBe(ASKED_TIMES);
    store.objects.set(name, Buffer.from('a bode'));
    expect(await fetcher.fetch(reference, never)).toBeUndefined();
    expect(store.gets).toBe(2 * ASKED_TIMES);
  });

  test('loses patience with a store that has nothing, until it has something', async () => {
    const { store, fetcher } = rig(6);
    for (let i = 0; i < 5; i++) await fetcher.fetch(reference, never);
    store.gets = 0;
    await fetcher.fetch(reference, never);
    expect(store.gets).toBe(2);
    store.objects.set(name, bytes);
    expect(await fetcher.fetch(reference, never)).toEqual(bytes);
    store.objects.clear();
    store.gets = 0;
    await fetcher.fetch(reference, never);
    expect(store.gets).toBe(ASKED_TIMES);
  });

  test('never takes a store that does not answer for one without the body', async () => {
    const { store, fetcher, text } = rig();
    store.isDown = true;
    await expect(fetcher.fetch(reference, never)).rejects.toMatchObject({ retryable: true });
    expect(await text()).toContain('throughline_aggregator_body_fetch_failures_total 1');
  });

  test('waits where nobody said which store it is', async () => {
    const { fetcher } = rig(60, false);
    await expect(fetcher.fetch(reference, never)).rejects.toMatchObject({ code: 'not-configured', retryable: true });
  });

  test('gives up waiting, in a way that says the body may be there, when it is told to', async () => {
    const { store, fetcher } = rig(3_600_000);
    const stopping = new AbortController();
    store.onGet = () => stopping.abort();
    await expect(fetcher.fetch(reference, stopping.signal)).rejects.toMatchObject({ retryable: true });
  });
});
