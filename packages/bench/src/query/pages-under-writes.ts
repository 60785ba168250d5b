import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { sampleBodyRow, sampleRequestRow, sampleSessionRow } from '@throughline/analytics/sample-rows';
import { encodeRows } from '@throughline/analytics/tables';
import { packVersion } from '@throughline/contracts/version';
import { runOwnLoad } from '../load/own-load.ts';
import { quantile } from '../measure/statistics.ts';
import type { Bench } from '../scenario.ts';
import { newestPage } from './newest-page.ts';
import type { QueryService } from './query-service.ts';

/** Pages by several clients while rows are written, and the same writes with nobody reading. */
export interface UnderWrites {
  readonly clients: number;
  readonly rowsPerSecond: number;
  readonly alone: Writes;
  readonly reading: Writes & { readonly pagesPerSecond: number; readonly pageP50: number; readonly pageP99: number };
}

interface Writes {
  /** Of each cycle, ms. */
  readonly cycles: readonly number[];
  readonly rowsPerSecond: number;
}

const CLIENTS = 16;
const ROWS_PER_SECOND = 2_000;
/** A cycle of the aggregator, embedded. */
const CYCLE_MS = 150;
const ROWS_PER_CYCLE = (ROWS_PER_SECOND * CYCLE_MS) / 1_000;
/** Calls of one session that come in one cycle. */
const CALLS_PER_SESSION = 4;

/** @returns what `bench.seconds` of each showed, in turns. */
export async function measureUnderWrites(
  bench: Bench,
  { analytics, service }: { readonly analytics: AnalyticsStore; readonly service: QueryService },
): Promise<UnderWrites> {
  const writer = createWriter(analytics);
  const alone: Writes[] = [];
  const reading: (Writes & { pages: Awaited<ReturnType<typeof runOwnLoad>> })[] = [];
  await writer.write(1);
  for (let round = 0; round < bench.rounds; round++) {
    alone.push(await writer.write(bench.seconds));
    const [writes, pages] = await Promise.all([writer.write(bench.seconds), readPages(bench, service)]);
    if (pages.errors > 0 || pages.refusals > 0)
      throw new Error(`pages: ${pages.errors} errors, ${pages.refusals} refusals`);
    reading.push({ ...writes, pages });
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const summed = (all: readonly Writes[]): Writes => ({
    cycles: all.flatMap(({ cycles }) => cycles),
    rowsPerSecond: mean(all.map(({ rowsPerSecond }) => rowsPerSecond)),
  });
  return {
    clients: CLIENTS,
    rowsPerSecond: ROWS_PER_SECOND,
    alone: summed(alone),
    reading: {
      ...summed(reading),
      pagesPerSecond: mean(reading.map(({ pages }) => pages.requests / pages.seconds)),
      pageP50: quantile(
        reading.map(({ pages }) => pages.p50Us / 1_000),
        0.5,
      ),
      pageP99: Math.max(...reading.map(({ pages }) => pages.p99Us / 1_000)),
    },
  };
}

function readPages(bench: Bench, service: QueryService) {
  const body = newestPage(7);
  const headers = { authorization: service.authorization, 'content-type': 'application/json' };
  return runOwnLoad(bench, {
    origin: service.origin,
    path: '/v1/session/query',
    calls: [{ headers, body }],
    connections: CLIENTS,
    seconds: bench.seconds,
  });
}

/** What the aggregator writes for so many calls: rows, bodies and snapshots, a cycle at a time, of another tenant. */
function createWriter(analytics: AnalyticsStore) {
  let offset = 0;
  const tenant_id = 'written';
  async function cycle(): Promise<void> {
    const first = offset;
    offset += ROWS_PER_CYCLE;
    const numbers = Array.from({ length: ROWS_PER_CYCLE }, (_, i) => first + i);
    const session = (n: number) => `written-${Math.floor(n / CALLS_PER_SESSION)}`;
    await analytics.insert(
      encodeRows(
        'request_bodies',
        numbers.map((n) => sampleBodyRow(n, { tenant_id, session_id: session(n) })),
      ),
    );
    await analytics.insert(
      encodeRows(
        'requests',
        numbers.map((n) => sampleRequestRow(n, { tenant_id, session_id: session(n) })),
      ),
    );
    const last = numbers.filter((n) => n % CALLS_PER_SESSION === 0);
    const sessions = last.map((n) =>
      sampleSessionRow(n, { tenant_id, session_id: session(n), version: packVersion(n, 1) }),
    );
    await analytics.insert(encodeRows('session_keys', sessions));
    await analytics.insert(encodeRows('sessions', sessions));
  }
  return {
    async write(seconds: number): Promise<Writes> {
      const cycles: number[] = [];
      const start = performance.now();
      const end = start + seconds * 1_000;
      for (let due = start; due < end; due = Math.max(due + CYCLE_MS, performance.now())) {
        const wait = due - performance.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        const begun = performance.now();
        await cycle();
        cycles.push(performance.now() - begun);
      }
      return { cycles, rowsPerSecond: (cycles.length * ROWS_PER_CYCLE) / ((performance.now() - start) / 1_000) };
    },
  };
}
