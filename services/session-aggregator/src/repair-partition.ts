import type { PartitionReader } from '@throughline/event-log/event-log';
import type { PartitionState, SessionKey } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { readExceptions } from './read-exceptions.ts';
import type { SessionCache } from './session-cache.ts';
import { stampVersion } from './steps/build-request-row.ts';
import { decodeEntriesStep } from './steps/decode-entries-step.ts';
import { insertRowsStep } from './steps/insert-rows-step.ts';
import { publishSnapshotsStep } from './steps/publish-snapshots-step.ts';

/** How far behind the fence the analytics store is checked: what a power cut can take from it is far younger. */
const CHECKED_MS = 10 * 60_000;
/** Offsets re-inserted at a time. */
const CHUNK = 1_000;

/**
 * Totals are committed after the rows, but the analytics store may have lost the newest of them in a power cut. Check
 * ten minutes behind the fence, insert again from the log what is missing, as first decided, and publish again the
 * snapshots that are older than their totals.
 */
export async function repairPartition(
  deps: AggregatorDeps,
  reader: PartitionReader,
  cache: SessionCache,
  state: PartitionState,
): Promise<void> {
  const { partition } = reader;
  const { offset: fence, epoch } = state.fence;
  if (fence < 0) return;
  const { low } = await reader.bounds();
  const from = Math.max(low, await firstOffsetChecked(deps, partition, state));
  if (from > fence) return;

  const missing = await missingOffsets(deps, partition, from, fence, state);
  if (missing.length > 0) {
    deps.logger.warn(
      { partition, offsets: missing.length },
      'rows that the analytics store has lost are inserted again',
    );
  }
  const decided = new Map(state.recentExceptions.map((exception) => [exception.source_offset, exception]));
  for (let at = 0; at < missing.length; at += CHUNK) {
    const rows = [];
    const bodies = [];
    const exceptions = [];
    for (const offset of missing.slice(at, at + CHUNK)) {
      const exception = decided.get(offset);
      if (exception) {
        exceptions.push(exception);
        continue;
      }
      await reader.seek(offset);
      const [entry] = await reader.read({ eventsMax: 1, bytesMax: 1, waitMs: 0 });
      const prepared = entry && decodeEntriesStep(entry);
      if (prepared?.kind !== 'request') continue;
      const stamped = stampVersion(prepared.built, epoch);
      rows.push(stamped.row);
      bodies.push(stamped.bodies);
    }
    const nothing = { storedRows: [], storedExceptions: [], deadLetters: [], producers: new Map(), through: fence };
    await insertRowsStep(deps.analytics, { ...nothing, rows, bodies, exceptions }, () => {});
  }
  await publishStale(deps, cache, partition, from, fence, epoch);
}

/** Looked for near the end first: over the whole table the question costs a scan of two columns. */
const LOOK_BACK_DAYS = [1, 40, 40_000];

/** The first offset after the last row that is older than the time checked. */
async function firstOffsetChecked(deps: AggregatorDeps, partition: number, state: PartitionState): Promise<number> {
  const until = state.committedAt - CHECKED_MS;
  for (const days of LOOK_BACK_DAYS) {
    const [found] = await deps.analytics.query<{ older: string; first: string }>({
      sql: `
SELECT count() AS older, max(source_offset) + 1 AS first FROM requests
WHERE source_partition = {partition:UInt16} AND source_offset <= {fence:UInt64}
  AND received_at <= fromUnixTimestamp64Milli({until:Int64})
  AND received_at > fromUnixTimestamp64Milli({since:Int64})`,
      params: { partition, fence: state.fence.offset, until, since: Math.max(0, until - days * DAY_MS) },
    });
    if (found!.older !== '0') return Number(found!.first);
  }
  return 0;
}

const DAY_MS = 86_400_000;

async function missingOffsets(
  deps: AggregatorDeps,
  partition: number,
  from: number,
  through: number,
  state: PartitionState,
): Promise<number[]> {
  const rows = await deps.analytics.query<{ source_offset: string }>({
    sql: `
SELECT DISTINCT source_offset FROM requests
WHERE source_partition = {partition:UInt16} AND source_offset BETWEEN {from:UInt64} AND {through:UInt64}
  AND received_at > fromUnixTimestamp64Milli({since:Int64})`,
    params: { partition, from, through, since: state.committedAt - 2 * CHECKED_MS },
    settings: { max_result_rows: 10_000_000 },
  });
  const present = new Set(rows.map((row) => Number(row.source_offset)));
  for (const { source_offset, through_offset } of await readExceptions(deps.analytics, partition, from, through)) {
    for (let offset = source_offset; offset <= through_offset; offset++) present.add(offset);
  }
  const missing: number[] = [];
  for (let offset = from; offset <= through; offset++) if (!present.has(offset)) missing.push(offset);
  return missing;
}

/** Sessions with a request among the offsets checked, whose snapshot does not hold what their totals hold. */
async function publishStale(
  deps: AggregatorDeps,
  cache: SessionCache,
  partition: number,
  from: number,
  through: number,
  epoch: number,
): Promise<void> {
  const touched = await deps.analytics.query<{ tenant_id: string; session_id: string; applied: string }>({
    sql: `
SELECT tenant_id, session_id, max(snapshots.applied) AS applied
FROM (
  SELECT DISTINCT tenant_id, session_id FROM requests
  WHERE source_partition = {partition:UInt16} AND source_offset BETWEEN {from:UInt64} AND {through:UInt64}
    AND session_id != ''
) AS touched
LEFT JOIN (
  SELECT tenant_id, session_id, applied FROM sessions WHERE source_partition = {partition:UInt16} AND is_deleted = 0
    AND applied >= {from:Int64}
) AS snapshots USING (tenant_id, session_id)
GROUP BY tenant_id, session_id`,
    params: { partition, from, through },
    settings: { max_result_rows: 10_000_000 },
  });
  const keys: SessionKey[] = touched.map((row) => ({ tenantId: row.tenant_id, sessionId: row.session_id }));
  for (let at = 0; at < keys.length; at += CHUNK) {
    const part = touched.slice(at, at + CHUNK);
    const states = await cache.load(keys.slice(at, at + CHUNK));
    const stale = part.flatMap((row) => {
      const session = states.get(`${row.tenant_id}\0${row.session_id}`);
      return session && session.applied > Number(row.applied) ? [{ state: session, keys: 'unknown' as const }] : [];
    });
    await publishSnapshotsStep(deps.analytics, stale, { epoch, now: deps.now() }, () => {});
  }
}
