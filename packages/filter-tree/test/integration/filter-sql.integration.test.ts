import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type EmbeddedAnalyticsStore,
  openEmbeddedAnalytics,
} from '@throughline/analytics/embedded/open-embedded-analytics';
import { FINAL } from '@throughline/analytics/read-settings';
import { encodeRows } from '@throughline/analytics/tables';
import { packVersion } from '@throughline/contracts/version';
import { sampleRow } from '@throughline/session-aggregator/session/sample-row';
import fc from 'fast-check';
import { COLUMNS, type ColumnName } from '../../src/columns.ts';
import { matchText } from '../../src/compare.ts';
import { and, type Filter, leaf, or, TEXT_OPERATORS } from '../../src/filter.ts';
import { FILTER_BOUNDS } from '../../src/filter-bounds.ts';
import { filterSql, levelsOf } from '../../src/filter-sql.ts';
import { parseFilter } from '../../src/parse-filter.ts';
import { arbitrarySessions, type StoredSession } from '../arbitrary-facts.ts';
import { arbitraryTree, conditionOn, EVERYWHERE, KEYS, SYSTEM_KEYS, TEXTS, TIMES } from '../arbitrary-tree.ts';
import { meantRequests, SESSIONS, selectedRequests } from '../selected-requests.ts';

const TENANT = 'tenant-a';
const SEED = Number(process.env.FILTER_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** How many times as many trees as a usual run compares; by hand. */
const TIMES_AS_MANY = Number(process.env.FILTER_RUNS ?? 1);
const NOW_MS = TIMES[0]! + 5 * 60_000 + 999;
const TIMEOUT_MS = 60_000 * TIMES_AS_MANY;

let dir: string;
let store: EmbeddedAnalyticsStore;
let sessions: StoredSession[];

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'throughline-filter-'));
  store = await openEmbeddedAnalytics({ dir });
  sessions = await insertSessions(TENANT, SEED);
  // The same ids under another tenant: what is looked up beside the rows must not be found there.
  await insertSessions('tenant-b', SEED + 1);
}, TIMEOUT_MS);

afterAll(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

describe(`SQL and the meaning of a filter agree (FILTER_SEED=${SEED})`, () => {
  test(
    'on every column with every operator',
    async () => {
      const columns = EVERYWHERE;
      for (let round = 0; round < TIMES_AS_MANY; round++) {
        const trees = columns.flatMap((column) => fc.sample(conditionOn(column), { seed: SEED + round, numRuns: 14 }));
        for (let from = 0; from < trees.length; from += 50) await compare(trees.slice(from, from + 50));
      }
    },
    TIMEOUT_MS,
  );

  test(
    'on every text with every text and every operator of texts',
    async () => {
      const tenant = 'texts';
      const rows = TEXTS.map((text, offset) => ({
        ...sampleRow({ tenant_id: tenant, model: text, request_id: String(offset), source_offset: offset }),
        version: packVersion(offset, 1),
      }));
      await store.insert(encodeRows('requests', rows));
      for (const operator of TEXT_OPERATORS) {
        const fragments = TEXTS.map((text, i) =>
          filterSql(leaf('model', operator, text), { requestAlias: 'r', sessionAlias: 's', paramPrefix: `f${i}_` }),
        );
        const selected = await store.query<{ hits: number[] }>({
          sql: `SELECT [${fragments.map(({ sql }) => sql).join(', ')}] AS hits
            FROM requests AS r FINAL WHERE tenant_id = {tenant:String} ORDER BY r.source_offset`,
          params: Object.assign({ tenant }, ...fragments.map(({ params }) => params)),
          settings: FINAL,
        });
        const pairs = rows.flatMap(({ model }, row) =>
          TEXTS.map((text, i) => ({ operator, model, text, holds: selected[row]?.hits[i] === 1 })),
        );
        const meant = pairs.map((pair) => ({ ...pair, holds: matchText(operator, pair.model, pair.text) }));
        expect(pairs).toEqual(meant);
      }
    },
    TIMEOUT_MS,
  );

  test(
    'on whether a request has a property, for every key in every spelling',
    async () => {
      const trees = [...KEYS, ...SYSTEM_KEYS].flatMap((key) => [
        { properties: Object.fromEntries([[key, { equals: '' }]]) },
        { request_response_rmt: { property_key: { equals: key } } },
      ]);
      await compare(trees);
    },
    TIMEOUT_MS,
  );

  test(
    'on whole trees',
    async () => {
      await fc.assert(fc.asyncProperty(fc.array(arbitraryTree(), { minLength: 25, maxLength: 25 }), compare), {
        seed: SEED,
        numRuns: 60 * TIMES_AS_MANY,
      });
    },
    TIMEOUT_MS,
  );

  test(
    'on whole trees in WHERE, where the engine reads by index and moves conditions',
    async () => {
      const inSessions = sessions.filter(({ facts }) => facts !== undefined);
      await fc.assert(
        fc.asyncProperty(arbitraryTree(), async (tree) => {
          const filter = parsed(tree);
          expect(await selectedByWhere(filter)).toEqual(selectedByMeaning(filter, inSessions));
        }),
        { seed: SEED, numRuns: 100 * TIMES_AS_MANY },
      );
    },
    TIMEOUT_MS,
  );

  test(
    'on conditions that become sets',
    async () => {
      const columns = EVERYWHERE.filter((column) => COLUMNS[column].kind === 'text');
      const values = fc.uniqueArray(fc.constantFrom(...TEXTS), { minLength: 2, maxLength: 5 });
      const sets = fc
        .tuple(
          fc.constantFrom<ColumnName>('properties', ...columns),
          values,
          fc.boolean(),
          fc.constantFrom('env', 'ENV'),
        )
        .map(([column, texts, isNegated, key]) => {
          const operator = isNegated ? 'not-equals' : 'equals';
          const leaves = texts.map((text) => leaf(column, operator, text, column === 'properties' ? key : undefined));
          return isNegated ? and(...leaves) : or(...leaves);
        });
      const filters = fc.sample(sets, { seed: SEED, numRuns: 60 * TIMES_AS_MANY });
      for (let from = 0; from < filters.length; from += 30) await compareFilters(filters.slice(from, from + 30));
    },
    TIMEOUT_MS,
  );
});

describe('a filter as large as the bounds allow is run by the engine, twice in one query', () => {
  const chain = (count: number, node: (i: number) => unknown, operator: (i: number) => string) => {
    let tree = node(0);
    for (let i = 1; i < count; i++) tree = { left: tree, operator: operator(i), right: node(i) };
    return tree;
  };
  const request = (column: string, operator: string, value: unknown) => ({
    request_response_rmt: { [column]: { [operator]: value } },
  });
  const { levelsMax, conditionsMax, lookupsMax, textCharsMax } = FILTER_BOUNDS;

  test.each([
    [
      'levels',
      chain(
        levelsMax + 1,
        (i) => request('model', 'contains', `x${i}`),
        (i) => (i % 2 ? 'or' : 'and'),
      ),
    ],
    [
      'conditions',
      chain(
        conditionsMax,
        (i) => request('status', 'gt', 600 + i),
        () => 'or',
      ),
    ],
    [
      'ids',
      chain(
        conditionsMax,
        (i) => request('request_id', 'equals', `3f2b8c1e-0000-4000-8000-${i}`),
        () => 'or',
      ),
    ],
    [
      'lookups',
      chain(
        lookupsMax,
        (i) => request('request_body', 'contains', `x${i}`),
        () => 'or',
      ),
    ],
    ['text', request('model', 'contains', '\0'.repeat(textCharsMax))],
    ['wildcards', request('model', 'like', '%_'.repeat(textCharsMax / 2))],
    ['quotes', request('user_id', 'equals', "'".repeat(textCharsMax))],
  ])(
    '%s',
    async (_, tree) => {
      const filter = parsed(tree);
      const first = filterSql(filter, { requestAlias: 'r', sessionAlias: 's', paramPrefix: 'f' });
      const again = filterSql(filter, { requestAlias: 'q', sessionAlias: 's', paramPrefix: 'f' });
      expect(again.params).toEqual(first.params);
      const rows = await store.query<{ offset: string }>({
        sql: `SELECT r.source_offset AS offset FROM requests AS r FINAL WHERE r.tenant_id = {tenant:String} AND ${first.sql}
          AND r.request_id IN (SELECT q.request_id FROM requests AS q FINAL WHERE q.tenant_id = {tenant:String} AND ${again.sql})
          ORDER BY offset`,
        params: { ...first.params, tenant: TENANT },
        settings: FINAL,
      });
      expect(rows.map(({ offset }) => Number(offset))).toEqual(selectedByMeaning(filter));
    },
    TIMEOUT_MS,
  );
});

async function compare(trees: readonly unknown[]): Promise<void> {
  await compareFilters(trees.map(parsed));
}

async function compareFilters(filters: readonly Filter[]): Promise<void> {
  const selected = await selectedBySql(filters);
  const bySql = filters.map((filter, i) => ({ filter, requests: selected[i] }));
  expect(bySql).toEqual(filters.map((filter) => ({ filter, requests: selectedByMeaning(filter) })));
}

/** Every session with its requests and bodies, each row after an older version that says something else. */
async function insertSessions(tenantId: string, seed: number): Promise<StoredSession[]> {
  const [made] = fc.sample(arbitrarySessions(tenantId), { seed, numRuns: 1 }) as [StoredSession[]];
  const requests = made.flatMap((session) => session.requests.map(({ row }) => row));
  const bodies = made.flatMap((session) => session.requests.flatMap(({ body }) => body ?? []));
  const snapshots = made.flatMap(({ row }) => row ?? []);
  const old = packVersion(0, 1);
  const staleRequests = requests.map((row, i) => ({ ...next(requests, i), ...keyOf(row), version: old }));
  const staleBodies = bodies.map((row, i) => ({ ...next(bodies, i), ...keyOf(row), version: old }));
  const staleSnapshots = snapshots.map((row, i) => ({
    ...next(snapshots, i),
    ...{ tenant_id: tenantId, session_id: row.session_id, created_at: row.created_at, version: 0n },
  }));
  for (const rows of [staleRequests, requests]) await store.insert(encodeRows('requests', rows));
  for (const rows of [staleBodies, bodies]) await store.insert(encodeRows('request_bodies', rows));
  for (const rows of [staleSnapshots, snapshots]) await store.insert(encodeRows('sessions', rows));
  return made;
}

function next<Row>(rows: readonly Row[], index: number): Row {
  return rows[(index + 1) % rows.length]!;
}

function keyOf(row: StoredSession['requests'][number]['row'] | NonNullable<StoredSession['requests'][number]['body']>) {
  const { tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at } = row;
  return { tenant_id, session_id, ordered_at, request_id, source_partition, source_offset, received_at };
}

/** Log offsets of the requests that make each filter true, as the engine says, asked in one query. */
function selectedBySql(filters: readonly Filter[]): Promise<number[][]> {
  const requests = sessions.flatMap((session) => session.requests).length;
  return selectedRequests(store, filters, { tenant: TENANT, nowMs: NOW_MS, requests });
}

async function selectedByWhere(filter: Filter): Promise<number[]> {
  const { sql, params } = filterSql(filter, {
    ...{ requestAlias: 'r', sessionAlias: 's', paramPrefix: 'f', nowMs: NOW_MS },
  });
  const join = levelsOf(filter).session ? `INNER JOIN ${SESSIONS} AS s ON s.session_id = r.session_id` : '';
  const rows = await store.query<{ offset: string }>({
    sql: `SELECT r.source_offset AS offset FROM requests AS r FINAL ${join}
      WHERE r.tenant_id = {tenant:String} AND r.session_id != '' AND ${sql} ORDER BY offset`,
    params: { ...params, tenant: TENANT },
    settings: FINAL,
  });
  return rows.map(({ offset }) => Number(offset));
}

function selectedByMeaning(filter: Filter, of: readonly StoredSession[] = sessions): number[] {
  return meantRequests(filter, of, NOW_MS);
}

function parsed(tree: unknown): Filter {
  const result = parseFilter(tree);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return result.filter;
}
