import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decimalToPico, picoToDecimal } from '@throughline/contracts/money';
import type { LogBounds } from '@throughline/event-log/event-log';
import type { PartitionState, SessionTotals, TenantCounters } from '@throughline/session-totals/session-totals';
import type { PartitionAudit } from './audit-report.ts';
import { compareAnnotations } from './compare-annotations.ts';
import { type Ask, compareProducers } from './compare-producers.ts';

export interface AuditDeps {
  readonly totals: SessionTotals;
  readonly analytics: AnalyticsStore;
}

/** Differences named per check: beyond that, the first ones tell as much. */
const NAMED_MAX = 20;

/** Whole tables are read: minutes rather than a page's seconds. */
const AUDIT_SETTINGS = {
  ...FINAL,
  max_execution_time: 600,
  max_threads: 1,
  // Grouping every session of a large store must not take the memory that inserts need.
  max_bytes_before_external_group_by: 256 * 1024 ** 2,
  max_bytes_before_external_sort: 256 * 1024 ** 2,
} as const;

/**
 * Compare what one partition accepted, logged, stored and totalled, up to the fence. May run beside the aggregator:
 * everything is compared as of one fence, read first, and rows beyond it are left out.
 */
export async function auditPartition(deps: AuditDeps, partition: number, bounds: LogBounds): Promise<PartitionAudit> {
  const state = await deps.totals.loadPartition(partition);
  const differences: string[] = [];
  if (!state) {
    if (bounds.high > 0) differences.push(`the log holds ${bounds.high} events, of which none was applied`);
    return emptyAudit(partition, bounds, differences);
  }
  if (state.fence.logId !== bounds.logId) {
    differences.push(`totals belong to log ${state.fence.logId}, the log here is ${bounds.logId}`);
  }
  const params = { partition, fence: state.fence.offset };
  const ask: Ask = (sql, more = {}) =>
    deps.analytics.query({ sql, params: { ...params, ...more }, settings: AUDIT_SETTINGS });

  const [rows] = await ask<{ offsets: string; rows: string }>(COUNT_ROWS_SQL);
  const exceptions = Object.fromEntries(
    (await ask<{ kind: string; offsets: string }>(COUNT_EXCEPTIONS_SQL)).map(({ kind, offsets }) => [
      kind,
      Number(offsets),
    ]),
  );
  const requests = Number(rows!.rows);
  const annotations = await compareAnnotations(ask, state);
  if (rows!.rows !== rows!.offsets) {
    differences.push(`${requests} rows in requests stand for ${rows!.offsets} offsets`);
  }
  const expected = state.fence.offset + 1;
  const stored =
    Number(rows!.offsets) + annotations.offsets + Object.values(exceptions).reduce((sum, count) => sum + count, 0);
  if (stored !== expected) {
    differences.push(`${expected} offsets were applied, ${stored} are in rows, annotations and exceptions`);
    for (const { from, through } of await ask<{ from: string; through: string }>(GAPS_SQL)) {
      differences.push(`offsets ${from} to ${through} are in no table`);
    }
  }
  differences.push(...(await compareTenants(ask, state.tenants)));
  differences.push(...(await compareSessions(ask)));
  differences.push(...annotations.differences);
  const producers = await compareProducers(ask, state);
  differences.push(...producers.differences);

  return {
    partition,
    logId: bounds.logId,
    logged: bounds.high,
    applied: expected,
    accepted: acceptedBy(state),
    refused: Number((await ask<{ refused: string }>(REFUSED_SQL))[0]!.refused),
    stored: { requests, annotations: annotations.offsets, exceptions },
    totalled: [...state.tenants.values()].reduce((sum, tenant) => sum + tenant.requests, 0),
    losses: [...(await namedLosses(ask)), ...producers.losses],
    differences,
  };
}

/** What the log has lost is told apart from what does not add up: it is gone, counted, and nothing else is wrong. */
async function namedLosses(ask: Ask): Promise<string[]> {
  const ranges = await ask<{ source_offset: string; through_offset: string; reason: string }>(LOSSES_SQL);
  return ranges.map(
    ({ source_offset, through_offset, reason }) => `offsets ${source_offset} to ${through_offset}: ${reason}`,
  );
}

interface Sums {
  readonly tenant_id: string;
  readonly requests: string;
  readonly errors: string;
  readonly unpriced: string;
  readonly cost_sum: string;
  readonly prompt_tokens_sum: string;
  readonly completion_tokens_sum: string;
}

async function compareTenants(ask: Ask, tenants: ReadonlyMap<string, TenantCounters>): Promise<string[]> {
  const rows = await ask<Sums>(SUM_TENANTS_SQL);
  const differences: string[] = [];
  const seen = new Set<string>();
  for (const row of rows) {
    seen.add(row.tenant_id);
    const counters = tenants.get(row.tenant_id);
    if (!counters) {
      differences.push(`tenant ${JSON.stringify(row.tenant_id)} has ${row.requests} rows and no counters`);
      continue;
    }
    const compare = (what: string, inRows: string, counted: string) => {
      if (inRows !== counted) {
        differences.push(`tenant ${JSON.stringify(row.tenant_id)}: ${what} ${inRows} in rows, ${counted} counted`);
      }
    };
    compare('requests', row.requests, String(counters.requests));
    compare('errors', row.errors, String(counters.errors));
    compare('unpriced requests', row.unpriced, String(counters.unpriced));
    compare('cost', picoToDecimal(decimalToPico(row.cost_sum)), picoToDecimal(counters.costPico));
    compare('prompt tokens', row.prompt_tokens_sum, String(counters.promptTokens));
    compare('completion tokens', row.completion_tokens_sum, String(counters.completionTokens));
  }
  for (const [tenant, { requests }] of tenants) {
    if (!seen.has(tenant) && requests > 0) {
      differences.push(`tenant ${JSON.stringify(tenant)} counts ${requests} requests and has no rows`);
    }
  }
  return differences.slice(0, NAMED_MAX);
}

async function compareSessions(ask: Ask): Promise<string[]> {
  const rows = await ask<{ tenant_id: string; session_id: string; in_rows: string[]; in_totals: string[] }>(
    SESSIONS_SQL,
  );
  return rows.map(
    ({ tenant_id, session_id, in_rows, in_totals }) =>
      `session ${JSON.stringify(session_id)} of ${JSON.stringify(tenant_id)}: ` +
      `rows say [${in_rows.join(', ')}], totals say [${in_totals.join(', ')}] (${SESSION_FIGURES})`,
  );
}

function acceptedBy(state: PartitionState): number {
  let accepted = 0;
  for (const { lastSeq } of state.producers.values()) accepted += lastSeq + 1;
  return accepted;
}

function emptyAudit(partition: number, bounds: LogBounds, differences: string[]): PartitionAudit {
  return {
    partition,
    logId: bounds.logId,
    logged: bounds.high,
    applied: 0,
    accepted: 0,
    refused: 0,
    stored: { requests: 0, annotations: 0, exceptions: {} },
    totalled: 0,
    losses: [],
    differences,
  };
}

const OWN = 'source_partition = {partition:UInt16} AND source_offset <= {fence:Int64}';

const COUNT_ROWS_SQL = `
SELECT count() AS rows, groupBitmap(source_offset) AS offsets FROM requests FINAL WHERE ${OWN}`;

const COUNT_EXCEPTIONS_SQL = `
SELECT kind, sum(through_offset - source_offset + 1) AS offsets FROM ledger_exceptions FINAL WHERE ${OWN} GROUP BY kind`;

const REFUSED_SQL = `
SELECT sum(count) AS refused FROM ledger_exceptions FINAL WHERE ${OWN} AND kind = 'refused'`;

const LOSSES_SQL = `
SELECT source_offset, through_offset, reason FROM ledger_exceptions FINAL WHERE ${OWN} AND kind = 'lost'
ORDER BY source_offset DESC LIMIT ${NAMED_MAX}`;

// Ranges sorted by their start: a gap lies where one starts after everything before it has ended.
const GAPS_SQL = `
SELECT covered + 1 AS from, first - 1 AS through
FROM (
  SELECT first, max(last) OVER (ORDER BY first ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS covered
  FROM (
    SELECT toInt64(-1) AS first, toInt64(-1) AS last
    UNION ALL SELECT toInt64(source_offset), toInt64(source_offset) FROM requests FINAL WHERE ${OWN}
    UNION ALL SELECT toInt64(source_offset), toInt64(source_offset) FROM annotations FINAL WHERE ${OWN}
    UNION ALL SELECT toInt64(source_offset), toInt64(through_offset) FROM ledger_exceptions FINAL WHERE ${OWN}
    UNION ALL SELECT {fence:Int64} + 1, {fence:Int64} + 1
  )
)
WHERE first > covered + 1 AND first >= 0
ORDER BY first LIMIT ${NAMED_MAX}`;

const SUM_TENANTS_SQL = `
SELECT tenant_id, count() AS requests, countIf(is_error) AS errors, countIf(cost IS NULL) AS unpriced,
  toString(sum(toDecimal128(ifNull(cost, 0), 12))) AS cost_sum,
  sum(ifNull(prompt_tokens, 0)) AS prompt_tokens_sum, sum(ifNull(completion_tokens, 0)) AS completion_tokens_sum
FROM requests FINAL WHERE ${OWN} GROUP BY tenant_id`;

const SESSION_FIGURES = 'requests, errors, unpriced, cost, prompt tokens, completion tokens, latency sum';

// A session that was only annotated has a snapshot and no rows. Snapshots newer than the fence, and sessions with rows beyond it, moved on after the fence was read.
const SESSIONS_SQL = `
SELECT tenant_id, session_id, rows.figures AS in_rows, snapshots.figures AS in_totals
FROM (
  SELECT tenant_id, session_id, [toString(count()), toString(countIf(is_error)), toString(countIf(cost IS NULL)),
    toString(sum(toDecimal128(ifNull(cost, 0), 12))), toString(sum(ifNull(prompt_tokens, 0))),
    toString(sum(ifNull(completion_tokens, 0))), toString(sum(latency_ms))] AS figures
  FROM requests FINAL WHERE ${OWN} AND session_id != '' GROUP BY tenant_id, session_id
) AS rows
FULL JOIN (
  SELECT tenant_id, session_id, applied, [toString(total_requests), toString(error_count), toString(unpriced_requests),
    toString(total_cost), toString(prompt_tokens), toString(completion_tokens), toString(latency_ms_sum)] AS figures
  FROM sessions FINAL WHERE source_partition = {partition:UInt16} AND total_requests > 0
) AS snapshots USING (tenant_id, session_id)
WHERE rows.figures != snapshots.figures AND snapshots.applied <= {fence:Int64}
ORDER BY tenant_id, session_id LIMIT ${NAMED_MAX}`;
