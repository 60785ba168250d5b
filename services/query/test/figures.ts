import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { encodeRows } from '@throughline/analytics/tables';
import { picoToUsd } from '@throughline/contracts/money';
import type { RequestRow } from '@throughline/contracts/request-row';
import { columnFact } from '@throughline/filter-tree/column-facts';
import { evaluateFilter } from '@throughline/filter-tree/evaluate';
import type { PropertyLookup } from '@throughline/filter-tree/facts';
import { parseFilter } from '@throughline/filter-tree/parse-filter';
import fc from 'fast-check';
import { FIXTURES_AT, type Fixtures, fixturesOf, variedRequests } from './fixtures.ts';
import { NOW, store } from './query-server.ts';

/** Requests of acme for figures over them, and what they mean. */
export interface FigureFixtures extends Fixtures {
  /** The requests in the range, both ends included, that make the filter true. */
  matching(tree: unknown, range?: { readonly start: string; readonly end: string }): RequestRow[];
}

const HOUR = 3_600_000;

/**
 * Store requests of two tenants: in sessions and outside, with scores, all of them written twice as after an annotation,
 * the older version with other figures.
 *
 * @param over changes the requests of acme.
 */
export async function storeFigures(
  analytics: AnalyticsStore,
  over: (row: RequestRow, index: number) => RequestRow = (row) => row,
): Promise<FigureFixtures> {
  const acme = fixturesOf(figureRequests('acme', 0).map(over));
  await store(analytics, acme);
  await store(analytics, fixturesOf(figureRequests('rival', 10_000)));
  const older = acme.requests.map((row) => ({
    ...row,
    version: row.version - 1n,
    cost_pico: 999_000_000_000n,
    user_id: 'replaced',
    model: 'replaced',
    status: 418,
    properties: row.properties.map(([key]) => [key, 'replaced'] as const),
    scores: [['replaced', 1] as const],
  }));
  await analytics.insert(encodeRows('requests', older));
  const sessions = new Map(acme.sessions.map((session) => [session.session_id, session]));
  return {
    ...acme,
    matching(tree, range) {
      const parsed = parseFilter(tree);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
      const [from, to] = range ? [Date.parse(range.start), Date.parse(range.end)] : [-Infinity, Infinity];
      return acme.requests.filter(
        (row) =>
          row.ordered_at >= from &&
          row.ordered_at <= to &&
          evaluateFilter(parsed.filter, row, sessions.get(row.session_id), NOW),
      );
    },
  };
}

function figureRequests(tenantId: string, offsetFrom: number): RequestRow[] {
  return variedRequests(tenantId, 40, offsetFrom).map((row, index) => ({
    ...row,
    // Some outside of any session, which has no properties of one either.
    ...(index % 5 === 0 && { session_id: '', session_name: '', session_path: '' }),
    properties: [...row.properties, ['step', `${tenantId} ${index % 17}`]],
    scores: index % 3 === 0 ? [['helpful', index % 4] as const, [`${tenantId}-hcone-bool`, index % 2] as const] : [],
  }));
}

/** The property of a request that a key means; undefined: it has none. */
export function propertyOf(row: RequestRow, key: string): string | undefined {
  return (columnFact('properties', row, undefined, NOW) as PropertyLookup)(key);
}

export function usdOf(rows: readonly RequestRow[]): number {
  return picoToUsd(rows.reduce((sum, { cost_pico }) => sum + (cost_pico ?? 0n), 0n));
}

export function sumOf(rows: readonly RequestRow[], of: (row: RequestRow) => number | null): number {
  return rows.reduce((sum, row) => sum + (of(row) ?? 0), 0);
}

export function groupBy<K>(rows: readonly RequestRow[], of: (row: RequestRow) => K): Map<K, RequestRow[]> {
  return Map.groupBy(rows, of);
}

/** By bytes, as the engine orders text. */
export function compareText(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** All of the fixtures. */
export const ALWAYS = { start: '2026-09-01', end: '2026-10-01' };

/** Ranges about the fixtures, some bounds on a request to the millisecond. */
export function arbitraryRange(rows: readonly RequestRow[]) {
  const instant = fc.oneof(
    fc.integer({ min: -2, max: 40 }).map((hours) => FIXTURES_AT + hours * HOUR),
    fc.constantFrom(...rows.map(({ ordered_at }) => ordered_at)),
  );
  return fc.tuple(instant, instant).map(([a, b]) => ({
    start: new Date(Math.min(a, b)).toISOString(),
    end: new Date(Math.max(a, b)).toISOString(),
  }));
}

/** What makes a failing run repeatable: `FIGURES_SEED=<seed>`; it is part of the names of tests. */
export const SEED = Number(process.env.FIGURES_SEED ?? Math.floor(Math.random() * 2 ** 31));
