import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { AnalyticsError } from '@throughline/analytics/analytics-store';
import { createLogger } from '@throughline/telemetry/logger';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import { openKeyCache } from './key-cache.ts';

const logger = createLogger('test', { level: 'silent' });
const key = (hash: string) => ({ hash, tenant_id: 'acme', permissions: ['rw'] });

function store(rows: { hash: string }[]) {
  let isDown = false;
  return {
    rows,
    setDown: (down: boolean) => {
      isDown = down;
    },
    query: async <Row>(): Promise<Row[]> => {
      if (isDown) throw new AnalyticsError('unavailable', 'down', { retryable: true });
      return rows as Row[];
    },
  };
}

test('a key made since the last look is found after a call with it, and a revoked one is forgotten', async () => {
  const analytics = store([key('old')]);
  const cache = await openKeyCache({ analytics, logger, refreshMs: 3_600_000 });
  expect(cache.find('old')).toEqual({ hash: 'old', tenantId: 'acme', permissions: ['rw'] });
  analytics.rows.splice(0, 1, key('new'));
  expect(cache.find('new')).toBeUndefined();
  await waitFor(() => cache.find('new') !== undefined);
  expect(cache.find('old')).toBeUndefined();
  await cache.close();
});

test('keys stay valid while the store is down, over a restart too', async () => {
  await using dir = await createTempDir('keys');
  const file = join(dir.path, 'keys.json');
  const analytics = store([key('kept')]);
  const first = await openKeyCache({ analytics, logger, file });
  analytics.setDown(true);
  await expect(first.refresh()).rejects.toThrow('down');
  expect(first.find('kept')).toBeDefined();
  await first.close();
  expect(readdirSync(dir.path)).toEqual(['keys.json']);

  const second = await openKeyCache({ analytics, logger, file });
  expect([second.isLoaded, second.find('kept')?.tenantId]).toEqual([true, 'acme']);
  await second.close();
});

test.each([60, 81])('says in one line what to do where there are no tables yet (%s)', async (engineCode) => {
  const told: unknown[] = [];
  const spy = createLogger('test', { level: 'silent' });
  spy.warn = (...args: unknown[]) => void told.push(args);
  const query = async () => {
    throw new AnalyticsError('rejected', 'Database throughline does not exist', { engineCode });
  };
  const cache = await openKeyCache({ analytics: { query }, logger: spy });
  await expect(cache.refresh()).rejects.toThrow('does not exist');
  expect(told).toEqual([[{ keys: 0 }, expect.stringContaining('run `throughline migrate`')]]);
  await cache.close();
});

test('without a store and without a file that can be read, no key is known yet', async () => {
  await using dir = await createTempDir('keys');
  const file = join(dir.path, 'keys.json');
  writeFileSync(file, '[{"hash":1}]');
  const analytics = store([]);
  analytics.setDown(true);
  const cache = await openKeyCache({ analytics, logger, file });
  expect([cache.isLoaded, cache.find('any')]).toEqual([false, undefined]);
  await cache.close();
});

test('the keys are stale until the store was read, and while it does not answer or answers late', async () => {
  const analytics = store([key('one')]);
  analytics.setDown(true);
  const cache = await openKeyCache({ analytics, logger, refreshMs: 3_600_000 });
  expect(cache.isStale).toBe(true);
  analytics.setDown(false);
  await cache.refresh();
  expect(cache.isStale).toBe(false);
  analytics.setDown(true);
  cache.find('made a moment ago');
  await waitFor(() => cache.isStale);
  expect(cache.find('one')).toBeDefined();
  await cache.close();

  // Read once, and then nothing is heard any more.
  const silent = await openKeyCache({ analytics: { query: async () => [] }, logger, refreshMs: 1 });
  expect(silent.isLoaded).toBe(true);
  await silent.close();
  await waitFor(() => silent.isStale);
});

test('those that may write are read anew, whatever is being read already', async () => {
  const analytics = store([key('writer')]);
  let release: (() => void) | undefined;
  let isHeld = false;
  const slow = {
    async query<Row>(): Promise<Row[]> {
      const rows = [...(await analytics.query<Row>())];
      if (isHeld) await new Promise<void>((resolve) => (release = resolve));
      return rows;
    },
  };
  const cache = await openKeyCache({ analytics: slow, logger, refreshMs: 3_600_000 });
  isHeld = true;
  const refreshing = cache.refresh();
  await waitFor(() => release !== undefined);
  const made = { ...key('made since'), permissions: ['w'] };
  analytics.rows.push(made, { ...key('reader'), permissions: ['r', 'm'] } as typeof made);
  const writers = cache.writers();
  isHeld = false;
  release!();
  await refreshing;
  expect([...(await writers)]).toEqual([
    ['writer', 'acme'],
    ['made since', 'acme'],
  ]);
  await cache.close();
});
