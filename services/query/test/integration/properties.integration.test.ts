import { describe, expect, jest, test } from '@jest/globals';
import { encodeRows } from '@throughline/analytics/tables';
import type { RequestRow } from '@throughline/contracts/request-row';
import fc from 'fast-check';
import { arbitraryTree } from '../../../../packages/filter-tree/test/arbitrary-tree.ts';
import {
  ALWAYS,
  arbitraryRange,
  compareText,
  type FigureFixtures,
  groupBy,
  propertyOf,
  SEED,
  storeFigures,
  usdOf,
} from '../figures.ts';
import { NOW } from '../query-server.ts';
import { useQueryServer } from '../use-query-server.ts';

// Hundreds of queries, on a machine that may be busy.
jest.setTimeout(300_000);

let acme: FigureFixtures;

const api = useQueryServer(async (analytics) => {
  acme = await storeFigures(analytics);
});

async function ask(path: string, body: unknown, key = 'acme:rw') {
  const answer = await api.server.call({ path: `/v1/property/${path}`, method: 'POST', body, key });
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
  return answer.json.data;
}

const keysOf = async (key?: string) =>
  (await ask('query', {}, key)).map(({ property }: { property: string }) => property) as string[];
const hiddenKeys = async (key?: string) =>
  (await ask('hidden/query', undefined, key)).map(({ property }: { property: string }) => property) as string[];

describe('POST /v1/property/query', () => {
  test('names every key once, as it was received, those of sessions with the capitals of the headers', async () => {
    expect(await keysOf()).toEqual([
      'Build',
      'Helicone-Session-Id',
      'Helicone-Session-Name',
      'Helicone-Session-Path',
      '__proto__',
      'env',
      'step',
    ]);
  });

  test('names none of sessions where there are none', async () => {
    await api.analytics.insert(
      encodeRows('requests', [
        {
          ...acme.requests[0]!,
          ...{ tenant_id: 'rival', session_id: '', session_name: '', session_path: '' },
          ...{ source_offset: 99_999, properties: [['rival only', 'x']] },
        },
      ]),
    );
    expect(await keysOf('rival:r')).toContain('rival only');
    expect(await keysOf()).not.toContain('rival only');
  });
});

describe('hidden properties', () => {
  test('are hidden and restored by the next read, for their tenant alone, as often as one likes', async () => {
    for (let round = 0; round < 4; round++) {
      expect(await ask('hide', { key: 'env' })).toEqual({ ok: true });
      expect(await keysOf()).not.toContain('env');
      expect(await keysOf('rival:rw')).toContain('env');
      expect(await hiddenKeys()).toEqual(['env']);
      expect(await hiddenKeys('rival:rw')).toEqual([]);
      expect(await ask('restore', { key: 'env' })).toEqual({ ok: true });
      expect(await keysOf()).toContain('env');
      expect(await hiddenKeys()).toEqual([]);
    }
  });

  test('change though another machine, whose clock was ahead, wrote last', async () => {
    const ahead = BigInt(NOW) + 86_400_000n;
    const row = { tenant_id: 'acme', key: 'step', hidden_at: NOW, version: ahead, is_deleted: 0 as const };
    await api.analytics.insert(encodeRows('hidden_properties', [row]));
    expect(await hiddenKeys()).toEqual(['step']);
    await ask('restore', { key: 'step' });
    expect(await hiddenKeys()).toEqual([]);
    await ask('hide', { key: 'step' });
    expect(await hiddenKeys()).toEqual(['step']);
    await ask('restore', { key: 'step' });
  });

  test('are meant exactly first, else in any case; those of the server have one spelling', async () => {
    await ask('hide', { key: 'BUILD' });
    expect(await keysOf()).not.toContain('Build');
    await ask('restore', { key: 'build' });
    expect(await keysOf()).toContain('Build');
    await ask('hide', { key: 'helicone-session-path' });
    expect(await hiddenKeys()).toEqual(['Helicone-Session-Path']);
    expect(await keysOf()).not.toContain('Helicone-Session-Path');
    await ask('restore', { key: 'Helicone-Session-Path' });
    await ask('restore', { key: 'never hidden' });
    expect(await hiddenKeys()).toEqual([]);
  });

  test('need a key that may write', async () => {
    const body = { key: 'env' };
    for (const path of ['hide', 'restore']) {
      const answer = await api.server.call({ path: `/v1/property/${path}`, body, key: 'acme:r' });
      expect(answer.status).toBe(401);
    }
    const answer = await api.server.call({ path: '/v1/property/hide', body: { key: '' }, key: 'acme:rw' });
    expect(answer.status).toBe(422);
  });
});

const KEYS = ['env', 'ENV', 'build', 'step', '__proto__', 'Helicone-Session-Name', 'helicone-session-id', 'none'];

describe('POST /v1/property/{key}/search', () => {
  test.each(KEYS)('finds the values of %s that contain a text in any case, at most 25', async (key) => {
    for (const searchTerm of ['', 'acme 1', 'PROD', 'course', '%', "käse's", 'nothing']) {
      const lookup = key === 'helicone-session-id' ? 'Helicone-Session-Id' : key;
      const values = acme.requests
        .map((row) => propertyOf(row, lookup))
        .filter((value) => value !== undefined)
        .filter((value) => value.toUpperCase().includes(searchTerm.toUpperCase()));
      const data = await ask(`${encodeURIComponent(key)}/search`, { searchTerm });
      expect(data).toEqual([...new Set(values)].sort(compareText).slice(0, 25));
    }
  });
});

describe(`figures by property (FIGURES_SEED=${SEED})`, () => {
  const valued = (rows: readonly RequestRow[], key: string) =>
    groupBy(
      rows.filter((row) => propertyOf(row, key) !== undefined),
      (row) => propertyOf(row, key)!,
    );

  test('are the ten highest and the sum of the others, both bounds exclusive', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryRange(acme.requests), fc.constantFrom(...KEYS), async (timeFilter, key) => {
        const [from, to] = [Date.parse(timeFilter.start), Date.parse(timeFilter.end)];
        const within = acme.requests.filter(({ ordered_at }) => ordered_at > from && ordered_at < to);
        const lookup = key === 'helicone-session-id' ? 'Helicone-Session-Id' : key;
        const groups = [...valued(within, lookup)];
        const inOrder = (of: (rows: RequestRow[]) => number) =>
          groups.toSorted(([a, aRows], [b, bRows]) => of(bRows) - of(aRows) || compareText(a, b));
        const listed = (of: (rows: RequestRow[]) => number) => {
          const sorted = inOrder(of);
          const others = sorted.slice(10);
          return [
            ...sorted.slice(0, 10).map(([value, rows]) => [value, of(rows)]),
            ...(others.length > 0 ? [['Other', of(others.flatMap(([, rows]) => rows))]] : []),
          ];
        };
        const path = encodeURIComponent(key);
        const costs = await ask(`${path}/top-costs/query`, { timeFilter });
        expect(costs).toEqual(listed(usdOf).map(([value, cost]) => ({ value, cost })));
        const requests = await ask(`${path}/top-requests/query`, { timeFilter });
        expect(requests).toEqual(listed((rows) => rows.length).map(([value, count]) => ({ value, count })));
      }),
      { seed: SEED, numRuns: 25 },
    );
  });

  test('say what the others are where there are more than ten values', async () => {
    const requests = await ask('step/top-requests/query', { timeFilter: ALWAYS });
    expect(requests).toHaveLength(11);
    expect(requests.at(-1).value).toBe('Other');
    expect(requests.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(acme.requests.length);
  });

  test('over time agree with the definition, for any filter', async () => {
    const body = { propertyKey: 'ENV', dbIncrement: 'hour', timeZoneDifference: 0 };
    await fc.assert(
      fc.asyncProperty(arbitraryTree(), arbitraryRange(acme.requests), async (userFilter, timeFilter) => {
        const matching = acme.matching(userFilter, timeFilter);
        const hours = [...groupBy(matching, ({ ordered_at }) => Math.floor(ordered_at / 3_600_000))];
        const expected = hours
          .toSorted(([a], [b]) => a - b)
          .flatMap(([hour, rows]) =>
            [...valued(rows, 'ENV')]
              .toSorted(([a], [b]) => compareText(a, b))
              .map(([property, ofValue]) => ({
                property,
                total_cost: usdOf(ofValue),
                request_count: ofValue.length,
                created_at_trunc: new Date(hour * 3_600_000).toISOString(),
              })),
          );
        expect(await ask('properties/over-time', { ...body, userFilter, timeFilter })).toEqual(expected);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  test.each<[string, object, number, string]>([
    ['env/top-costs/query', { timeFilter: { start: 'yesterday', end: '2026-10-01' } }, 400, 'Invalid time filter'],
    ['env/top-costs/query', { timeFilter: { start: '2026-10-02', end: '2026-10-01' } }, 400, 'Invalid time filter'],
    ['env/top-costs/query', {}, 422, 'Validation Failed'],
    [
      'properties/over-time',
      { propertyKey: 'env', userFilter: 'all', timeFilter: ALWAYS, dbIncrement: 'second', timeZoneDifference: 0 },
      400,
      'Invalid time increment',
    ],
  ])('refuse %s of %j', async (path, body, status, sentence) => {
    const answer = await api.server.call({ path: `/v1/property/${path}`, body, key: 'acme:r' });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(sentence);
  });
});
