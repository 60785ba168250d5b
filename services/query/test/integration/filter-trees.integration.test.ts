import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { connectHttpAnalytics } from '@throughline/analytics/http/connect-http-analytics';
import { migrateServer } from '@throughline/analytics/http/migrate-server';
import { encodeRows } from '@throughline/analytics/tables';
import { SESSION_SORT_FIELDS, type SessionSortField } from '@throughline/contracts/api/session-query';
import { picoToUsd } from '@throughline/contracts/money';
import type { RequestRow } from '@throughline/contracts/request-row';
import { evaluateFilter } from '@throughline/filter-tree/evaluate';
import { type Filter, parseFilter } from '@throughline/filter-tree/parse-filter';
import { startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { createTempDir } from '@throughline/testkit/temp-dir';
import fc from 'fast-check';
import { arbitrarySessions, type StoredSession } from '../../../../packages/filter-tree/test/arbitrary-facts.ts';
import { arbitraryTree, TIMES } from '../../../../packages/filter-tree/test/arbitrary-tree.ts';
import { meantRequests, selectedRequests } from '../../../../packages/filter-tree/test/selected-requests.ts';
import { NOW, type QueryServer, startQueryServer } from '../query-server.ts';
import { compareText } from '../selected-sessions.ts';

// Whole trees over sessions that are hard to compare: huge numbers, times on the bounds of windows, texts of all kinds,
// sets that overflowed. Ids, order, totals, count and pages, in both ways to run the engine.

// Hundreds of queries, on a machine that may be busy.
jest.setTimeout(300_000);

const SEED = Number(process.env.FILTER_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** How many times as many trees as a usual run compares; by hand. */
const TIMES_AS_MANY = Number(process.env.FILTER_RUNS ?? 1);

const MODES = [
  [
    'in process',
    async () => {
      const dir = await createTempDir('trees');
      const analytics = await openEmbeddedAnalytics({ dir: dir.path });
      const close = async () => {
        await analytics.close();
        await dir.remove();
      };
      return { analytics, close };
    },
  ],
  [
    'over HTTP',
    async () => {
      const clickhouse = await startClickHouse();
      await migrateServer({ url: clickhouse.url });
      const analytics = connectHttpAnalytics({ url: clickhouse.url });
      const close = async () => {
        await analytics.close();
        await clickhouse.stop();
      };
      return { analytics, close };
    },
  ],
] as const satisfies readonly (readonly [
  string,
  () => Promise<{ analytics: AnalyticsStore; close(): Promise<void> }>,
])[];

const [sessions] = fc.sample(arbitrarySessions('acme'), { seed: SEED, numRuns: 1 }) as [StoredSession[]];

interface Asked {
  readonly filter: unknown;
  readonly timeFilter: { readonly startTimeUnixMs: number; readonly endTimeUnixMs: number };
  readonly field: SessionSortField;
  readonly direction: 'asc' | 'desc';
}

const bound = fc.tuple(fc.constantFrom(...TIMES), fc.constantFrom(-1, 0, 1)).map(([at, by]) => at + by);
const asked: fc.Arbitrary<Asked> = fc.record({
  filter: arbitraryTree(),
  timeFilter: fc.oneof(
    fc.constant({ startTimeUnixMs: 0, endTimeUnixMs: NOW }),
    fc.tuple(bound, bound).map(([a, b]) => ({ startTimeUnixMs: Math.min(a, b), endTimeUnixMs: Math.max(a, b) })),
  ),
  field: fc.constantFrom(...SESSION_SORT_FIELDS),
  direction: fc.constantFrom('asc', 'desc'),
});

/** What a session comes to, from the requests themselves. */
function totalsOf(rows: readonly RequestRow[]) {
  const sum = (of: (row: RequestRow) => bigint | number | null) =>
    rows.reduce((total, row) => total + BigInt(of(row) ?? 0), 0n);
  const created = Math.min(...rows.map(({ ordered_at }) => ordered_at));
  const errors = rows.filter(({ is_error }) => is_error).length;
  const latency = Number(sum(({ latency_ms }) => latency_ms));
  const tokens = sum(({ prompt_tokens }) => prompt_tokens) + sum(({ completion_tokens }) => completion_tokens);
  const exact = {
    created_at: created,
    latest_request_created_at: Math.max(...rows.map(({ ordered_at }) => ordered_at)),
    total_cost: sum(({ cost_pico }) => cost_pico),
    total_requests: rows.length,
    total_tokens: tokens,
    duration_ms: Math.max(...rows.map((row) => row.ordered_at + row.latency_ms)) - created,
    avg_latency: latency / rows.length,
    error_count: errors,
  } satisfies Record<SessionSortField, number | bigint>;
  const answered = {
    ...exact,
    created_at: new Date(created).toISOString(),
    latest_request_created_at: new Date(exact.latest_request_created_at).toISOString(),
    total_cost: picoToUsd(exact.total_cost),
    total_tokens: Number(tokens),
    prompt_tokens: Number(sum(({ prompt_tokens }) => prompt_tokens)),
    prompt_cache_read_tokens: Number(sum((row) => row.prompt_cache_read_tokens)),
    prompt_cache_write_tokens: Number(sum((row) => row.prompt_cache_write_tokens)),
    unpriced_requests: rows.filter(({ cost_pico }) => cost_pico === null).length,
    success_rate: (rows.length - errors) / rows.length,
  };
  return { exact, answered };
}

function parsed(tree: unknown): Filter {
  const result = parseFilter(tree);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.filter;
}

/** The sessions asked for, in order, by the definition. */
function expected({ filter: tree, timeFilter, field, direction }: Asked) {
  const filter = parsed(tree);
  const { startTimeUnixMs: start, endTimeUnixMs: end } = timeFilter;
  return sessions
    .flatMap(({ facts, requests }) => {
      if (facts === undefined) return [];
      const isSelected = requests.some(
        ({ row, facts: request }) =>
          row.ordered_at > start && row.ordered_at < end && evaluateFilter(filter, request, facts, NOW),
      );
      return isSelected ? [{ id: facts.session_id, ...totalsOf(requests.map(({ row }) => row)) }] : [];
    })
    .sort((a, b) => {
      const [x, y] = [a.exact[field], b.exact[field]];
      const order = x < y ? -1 : x > y ? 1 : 0;
      return (direction === 'asc' ? order : -order) || compareText(a.id, b.id);
    });
}

describe.each(MODES)(`sessions and the meaning of a tree agree %s (FILTER_SEED=${SEED})`, (_, open) => {
  let analytics: AnalyticsStore;
  let server: QueryServer;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const opened = await open();
    ({ analytics } = opened);
    for (const [tenant, stored] of [
      ['acme', sessions],
      ['rival', fc.sample(arbitrarySessions('rival'), { seed: SEED + 1, numRuns: 1 })[0]!],
    ] as const) {
      const requests = stored.flatMap((session) => session.requests.map(({ row }) => row));
      expect(new Set(requests.map(({ tenant_id }) => tenant_id))).toEqual(new Set([tenant]));
      await analytics.insert(encodeRows('requests', requests));
      const bodies = stored.flatMap((session) => session.requests.flatMap(({ body }) => body ?? []));
      await analytics.insert(encodeRows('request_bodies', bodies));
      const snapshots = stored.flatMap(({ row }) => row ?? []);
      await analytics.insert(encodeRows('session_keys', snapshots));
      await analytics.insert(encodeRows('sessions', snapshots));
    }
    server = await startQueryServer(analytics);
    close = async () => {
      await server.close();
      await opened.close();
    };
  });

  afterAll(async () => await close?.());

  async function ask(path: string, body: object) {
    const answer = await server.call({ path, body, key: 'acme:r' });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return answer.json;
  }

  test(
    'in requests, many trees in one query',
    async () => {
      const requests = sessions.flatMap((session) => session.requests).length;
      const batches = fc.array(arbitraryTree(), { minLength: 25, maxLength: 25 });
      await fc.assert(
        fc.asyncProperty(batches, async (trees) => {
          const filters = trees.map(parsed);
          const selected = await selectedRequests(analytics, filters, { tenant: 'acme', nowMs: NOW, requests });
          const bySql = filters.map((filter, i) => ({ filter, requests: selected[i] }));
          expect(bySql).toEqual(filters.map((filter) => ({ filter, requests: meantRequests(filter, sessions, NOW) })));
        }),
        { seed: SEED, numRuns: 12 * TIMES_AS_MANY },
      );
    },
    300_000 * TIMES_AS_MANY,
  );

  test(
    'in ids, order, totals, pages and count',
    async () => {
      let divided = 0;
      await fc.assert(
        fc.asyncProperty(asked, async (given) => {
          const { filter, timeFilter, field, direction } = given;
          const wanted = expected(given);
          if (wanted.length > 0 && wanted.length < sessions.length - 1) divided++;
          const body = { search: '', timezoneDifference: 0, filter, timeFilter };
          const limit = Math.max(1, Math.ceil(wanted.length / 2));
          const paged: Record<string, unknown>[] = [];
          let cursor: string | null = null;
          do {
            const page = { ...body, sort: { [field]: direction }, limit, ...(cursor !== null && { cursor }) };
            const { data, next_cursor: next } = await ask('/v1/session/query', page);
            paged.push(...data);
            cursor = next;
          } while (cursor !== null);
          expect(paged.map(({ session_id }) => session_id)).toEqual(wanted.map(({ id }) => id));
          for (const [index, { answered }] of wanted.entries()) expect(paged[index]).toMatchObject(answered);

          const cost = picoToUsd(wanted.reduce((sum, { exact }) => sum + exact.total_cost, 0n));
          const requests = wanted.reduce((sum, { exact }) => sum + exact.total_requests, 0);
          const { data: count } = await ask('/v1/session/count', body);
          expect(count).toMatchObject({
            count: wanted.length,
            total_cost: cost,
            avg_requests: wanted.length === 0 ? 0 : requests / wanted.length,
          });
        }),
        { seed: SEED, numRuns: 100 * TIMES_AS_MANY },
      );
      // Trees that select nothing, or everything, would prove little.
      expect(divided).toBeGreaterThan(8);
    },
    300_000 * TIMES_AS_MANY,
  );
});
