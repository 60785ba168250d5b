import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { AnalyticsError } from '@throughline/analytics/analytics-store';
import { createLogger } from '@throughline/telemetry/logger';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import { openKeyCache, startKeyCache } from './key-cache.ts';

const logger = createLogger('test', { level: 'silent' });
const key = (hash: string) => ({
  hash,
  key_id: `id of ${hash}`,
  tenant_id: 'acme',
  permissions: ['rw'],
  is_bootstrap: false,
  expires_at_ms: null as string | null,
});

function store(rows: ReturnType<typeof key>[]) {
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
  expect(cache.find('old')).toEqual({ hash: 'old', id: 'id of old', tenantId: 'acme', permissions: ['rw'] });
  analytics.rows.splice(0, 1, key('new'));
  expect(cache.find('new')).toBeUndefined();
  await waitFor(() => cache.find('new') !== undefined);
  expect(cache.find('old')).toBeUndefined();
  await cache.close();
});

test('a key made by another process is there once it was looked for; one that is nowhere is not waited for again', async () => {
  const analytics = store([key('old')]);
  const cache = await openKeyCache({ analytics, logger, refreshMs: 3_600_000 });
  analytics.rows.push(key('new'));
  expect(cache.find('new')).toBeUndefined();
  await cache.lookFor('new');
  expect(cache.find('new')?.tenantId).toBe('acme');

  await cache.lookFor('nowhere');
  expect(cache.lookFor('nowhere')).toBeUndefined();
  await cache.close();
});

test('looking for a key ends soon where the store does not answer', async () => {
  const analytics = store([]);
  const cache = await openKeyCache({ analytics, logger, refreshMs: 3_600_000 });
  analytics.query = () => new Promise(() => {});
  await cache.lookFor('new');
  expect(cache.find('new')).toBeUndefined();
});

test('whoever looks for a key while the keys are being read waits for the next reading', async () => {
  const analytics = store([]);
  const cache = await openKeyCache({ analytics, logger, refreshMs: 3_600_000 });
  const answers: ((rows: unknown) => void)[] = [];
  analytics.query = () => new Promise((resolve) => answers.push(resolve as (rows: unknown) => void));
  const first = cache.lookFor('a');
  await waitFor(() => answers.length === 1);
  const second = cache.lookFor('b');
  answers[0]!([key('a')]);
  await first;
  expect([cache.find('a')?.hash, cache.find('b')]).toEqual(['a', undefined]);
  await waitFor(() => answers.length === 2);
  answers[1]!([key('a'), key('b')]);
  await second;
  expect(cache.find('b')?.hash).toBe('b');
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

test('a key is refused from the instant on at which it expires, and counts as used only while it is valid', async () => {
  let now = 1_000;
  const used: string[] = [];
  const analytics = store([{ ...key('short'), expires_at_ms: '2000' }]);
  const onUse = ({ id }: { id: string }) => void used.push(id);
  const cache = await openKeyCache({ analytics, logger, refreshMs: 3_600_000, now: () => now, onUse });
  expect(cache.find('short')).toMatchObject({ id: 'id of short', expiresAtMs: 2000 });
  now = 1_999;
  expect(cache.find('short')).toBeDefined();
  now = 2_000;
  expect(cache.find('short')).toBeUndefined();
  expect([...(await cache.writers())]).toEqual([]);
  expect(used).toEqual(['id of short', 'id of short']);
  await cache.close();
});

test('where keys are changed through this process alone, they are read once and after each change, never for a made-up one', async () => {
  let reads = 0;
  const analytics = store([key('one')]);
  const counting = {
    query: async <Row>() => {
      reads += 1;
      return await analytics.query<Row>();
    },
  };
  const cache = await openKeyCache({ analytics: counting, logger, refreshMs: 1, isOnlyReader: true });
  const looks = performance.now() + 50;
  await waitFor(() => {
    expect(cache.find('made up')).toBeUndefined();
    return performance.now() > looks;
  });
  expect([reads, cache.isStale]).toEqual([1, false]);
  analytics.rows.push(key('two'));
  await cache.refresh();
  expect([reads, cache.find('two')?.id]).toEqual([2, 'id of two']);
  await cache.close();
});

test('the bootstrap key that a file names is known before the table, and is the only one', async () => {
  const bootstrap = { hash: 'mine', id: 'bootstrap-mine', tenantId: 'default', permissions: ['rw'] } as const;
  const { cache, opened } = startKeyCache({
    analytics: store([{ ...key('former'), is_bootstrap: true }, key('other')]),
    logger,
    bootstrap,
    isOnlyReader: true,
  });
  expect([cache.find('mine'), cache.find('other'), cache.isStale]).toEqual([bootstrap, undefined, true]);
  await opened;
  expect([cache.find('mine'), cache.find('former'), cache.find('other')?.id]).toEqual([
    bootstrap,
    undefined,
    'id of other',
  ]);
  await cache.close();
});
