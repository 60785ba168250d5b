import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { decimalToPico, picoToUsd } from '@throughline/contracts/money';
import type { SessionTotals } from '@throughline/session-totals/session-totals';
import { COST_PICO_PER_CALL } from '../traffic/chat-calls.ts';
import type { StoredCalls, StoredFigures } from './aggregator-run.ts';
import { countRows } from './count-rows.ts';

/**
 * Reads what is stored of a tenant.
 *
 * @param of.partitions default 1. Rows and sessions count from position `offset` on, and those that began at `sinceMs` or
 *   later, epoch ms; left out: all. Totals are the tenant's counters, which know no such bounds.
 */
export async function readStored(
  { analytics, totals }: { analytics: AnalyticsStore; totals: Pick<SessionTotals, 'loadPartition'> },
  of: { tenant: string; partitions?: number; offset?: number; sinceMs?: number },
): Promise<StoredFigures> {
  const { tenant, partitions = 1, offset = 0, sinceMs = 0 } = of;
  const params = { tenant, offset, sinceMs };
  const [sessions] = await analytics.query<{ sessions: string; requests: string; cost: string }>({
    sql: SESSIONS_SQL,
    params,
  });
  const states = await Promise.all(Array.from({ length: partitions }, (_, i) => totals.loadPartition(i)));
  const counters = states.flatMap((state) => state?.tenants.get(tenant) ?? []);
  return {
    ...(await countRows(analytics, { where: ROWS_OF, params })),
    sessions: Number(sessions!.sessions),
    sessionRequests: Number(sessions!.requests),
    sessionCost: sessions!.cost,
    totalledRequests: counters.reduce((sum, { requests }) => sum + requests, 0),
    totalledCostPico: String(counters.reduce((sum, { costPico }) => sum + costPico, 0n)),
  };
}

/** What was called. */
export interface ExpectedCalls {
  /** Prepared calls that the log held. */
  readonly events: number;
  /** That these belong to. */
  readonly sessions: number;
  /** Calls of these sessions that only their totals knew before. Left out: none. */
  readonly before?: number;
}

/** @throws naming what differs. */
export function requireExact(stored: StoredFigures, expected: ExpectedCalls): void {
  const all = expected.events + (expected.before ?? 0);
  requireExactCalls(stored, expected, {
    'requests in snapshots': stored.sessionRequests === all,
    'cost of snapshots': decimalToPico(stored.sessionCost) === COST_PICO_PER_CALL * BigInt(all),
  });
}

/** The same where there are no snapshots. @param more what else has to be true. */
export function requireExactCalls(
  stored: StoredCalls,
  expected: ExpectedCalls,
  more: Readonly<Record<string, boolean>> = {},
): void {
  const { events, sessions } = expected;
  const cost = COST_PICO_PER_CALL * BigInt(events);
  const wrong = Object.entries({
    rows: stored.rows === events,
    bodies: stored.bodies === events,
    sessions: stored.sessions === sessions,
    'requests totalled': stored.totalledRequests === events,
    'cost of rows': decimalToPico(stored.cost) === cost,
    'cost totalled': BigInt(stored.totalledCostPico) === cost,
    ...more,
  }).flatMap(([name, isRight]) => (isRight ? [] : [name]));
  if (wrong.length > 0) {
    const wanted = `${JSON.stringify(expected)}, ${picoToUsd(cost)} USD`;
    throw new Error(`not exact: ${wrong} (expected ${wanted}): ${JSON.stringify(stored)}`);
  }
}

const SINCE = 'fromUnixTimestamp64Milli({sinceMs:Int64})';
const ROWS_OF = `tenant_id = {tenant:String} AND ordered_at >= ${SINCE} AND source_offset >= {offset:UInt64}`;
const SESSIONS_SQL = `SELECT count() AS sessions, sum(total_requests) AS requests, sum(total_cost) AS cost FROM sessions FINAL
WHERE tenant_id = {tenant:String} AND created_at >= ${SINCE} AND applied >= {offset:UInt64}`;
