import type { AnalyticsPurger, AnalyticsStore, QueryParam, TableName } from '@throughline/analytics/analytics-store';
import { FINAL, WITH_TOMBSTONES } from '@throughline/analytics/read-settings';
import { encodeRows } from '@throughline/analytics/tables';
import { type AnnotationRow, type DeletionProgress, planOf } from '@throughline/contracts/annotation-row';
import { EPOCH_MAX, packVersion, unpackVersion } from '@throughline/contracts/version';
import { chunkKeys } from '../chunk-keys.ts';
import { readAnnotations } from '../read-annotations.ts';
import { goneSessions } from './deleted-rows.ts';
import type { StoredDeletion } from './stored-deletions.ts';

export interface PurgeDeps {
  readonly analytics: AnalyticsStore & AnalyticsPurger;
  /**
   * Deletions that the log received before this instant are purged, epoch ms. Long enough ago that nobody who owned their
   * partition before can still write: until then tombstones win over what comes late.
   */
  readonly beforeMs: number;
  /** Dead letters seen before this instant are removed, epoch ms; left out: none is. */
  readonly deadLettersBeforeMs?: number;
}

/** Deletions purged together: one mutation of each table for all of them, as a rule. */
const DELETIONS_MAX = 1_000;
/** Positions named in one mutation: half a megabyte of text. */
const POSITIONS_MAX = 50_000;

/**
 * Removes the bytes of what deletions have hidden: rows, bodies, annotations, snapshots, and the plans of the deletions
 * themselves, in which users and sessions are named. Each mutation writes the parts anew that hold any of it, so one is
 * made for many deletions. Rows go before their tombstones: the other way round they would show for a moment.
 *
 * May be repeated, and run by several processes at once: what is purged is passed over.
 *
 * @returns how many deletions were purged.
 */
export async function purgeDeleted(deps: PurgeDeps): Promise<number> {
  const { analytics, deadLettersBeforeMs } = deps;
  if (deadLettersBeforeMs !== undefined) {
    const old = {
      sql: "seen_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')",
      params: { before: deadLettersBeforeMs },
    };
    await remove(analytics, 'dead_letters', old);
  }
  // Of a purge that ended before its last step.
  await removePlans(analytics);
  let purged = 0;
  for (;;) {
    const deletions = await readDue(analytics, deps.beforeMs);
    if (deletions.length === 0) return purged;
    for (const positions of groupsOf(await deletedPositions(analytics, deletions))) {
      await remove(analytics, 'requests', and('is_deleted = 0', positions));
      await remove(analytics, 'request_bodies', positions);
      await remove(analytics, 'annotations', and('is_deleted = 0', positions));
      await remove(analytics, 'requests', and('is_deleted = 1', positions));
      await remove(analytics, 'annotations', and('is_deleted = 1', positions));
    }
    for (const positions of groupsOf(await emptiedPositions(analytics, deletions))) {
      await remove(analytics, 'request_bodies', and("request_encoding != 'deleted'", positions));
    }
    for (const group of sessionsOf(deletions)) {
      await remove(analytics, 'sessions', group.before);
      await remove(analytics, 'session_keys', group.keysBefore);
      await remove(analytics, 'sessions', group.tombstones);
    }
    await analytics.insert(encodeRows('annotations', deletions.map(purgedRow)));
    await removePlans(analytics);
    purged += deletions.length;
  }
}

interface Condition {
  readonly sql: string;
  readonly params: Readonly<Record<string, QueryParam>>;
}

interface Positions {
  readonly partition: number;
  readonly offsets: readonly number[];
}

async function remove(analytics: PurgeDeps['analytics'], table: TableName, { sql, params }: Condition): Promise<void> {
  // A mutation looks at every part of the table, and a query at those that an index leaves.
  const found = await analytics.query({
    sql: `SELECT 1 AS found FROM ${table} WHERE ${sql} LIMIT 1`,
    params,
    settings: ALL_ROWS,
  });
  if (found.length > 0) await analytics.deleteRows(table, sql, params);
}

function and(condition: string, { sql, params }: Condition): Condition {
  return { sql: `${condition} AND (${sql})`, params };
}

async function readDue(analytics: AnalyticsStore, beforeMs: number): Promise<StoredDeletion[]> {
  const due = await analytics.query<{ source_partition: number; source_offset: string }>({
    sql: `
SELECT source_partition, source_offset FROM annotations FINAL
PREWHERE target = 'partition' AND received_at < fromUnixTimestamp64Milli({before:Int64}, 'UTC')
WHERE name = {done:String}
ORDER BY source_partition, source_offset LIMIT ${DELETIONS_MAX}`,
    params: { before: Math.floor(beforeMs), done: 'done' satisfies DeletionProgress },
    settings: { ...FINAL, max_execution_time: 600 },
  });
  const found: StoredDeletion[] = [];
  for (const { source_partition, source_offset } of due) {
    const offset = Number(source_offset);
    for (const row of await readAnnotations(analytics, source_partition, offset, offset)) {
      const plan = planOf(row);
      if (plan) found.push({ row, plan });
    }
  }
  return found;
}

/** Of the rows and annotations that these deletions took. */
async function deletedPositions(analytics: AnalyticsStore, deletions: readonly StoredDeletion[]): Promise<Positions[]> {
  return await positionsOf(analytics, deletions, "ledger_exceptions WHERE kind = 'deleted'");
}

/** Of the requests whose bodies they took. */
async function emptiedPositions(analytics: AnalyticsStore, deletions: readonly StoredDeletion[]): Promise<Positions[]> {
  const ofBodies = deletions.filter(({ plan }) => plan.change.kind.endsWith('bodies'));
  return await positionsOf(analytics, ofBodies, "request_bodies WHERE request_encoding = 'deleted'");
}

/** What deletions have written carries their offset in its version. */
async function positionsOf(
  analytics: AnalyticsStore,
  deletions: readonly StoredDeletion[],
  source: string,
): Promise<Positions[]> {
  const found: Positions[] = [];
  for (const [partition, own] of Map.groupBy(deletions, ({ row }) => row.source_partition)) {
    for (let next = 0; ; ) {
      const rows = await analytics.query<{ source_offset: string }>({
        sql: `
SELECT DISTINCT source_offset FROM ${source} AND source_partition = {partition:UInt16}
  AND intDiv(version, ${EPOCH_MAX + 1}) IN {deletions:Array(UInt64)} AND source_offset >= {next:UInt64}
ORDER BY source_offset LIMIT ${POSITIONS_MAX}`,
        params: { partition, deletions: own.map(({ row }) => row.source_offset), next },
        settings: ALL_ROWS,
      });
      if (rows.length === 0) break;
      const offsets = rows.map(({ source_offset }) => Number(source_offset));
      found.push({ partition, offsets });
      next = offsets.at(-1)! + 1;
    }
  }
  return found;
}

/** Conditions of about as many positions as one mutation takes. */
function* groupsOf(positions: readonly Positions[]): Generator<Condition> {
  let group: Positions[] = [];
  let count = 0;
  const condition = (): Condition => ({
    sql: group
      .map((_, i) => `(source_partition = {partition${i}:UInt16} AND source_offset IN {offsets${i}:Array(UInt64)})`)
      .join(' OR '),
    params: Object.fromEntries(
      group.flatMap(({ partition, offsets }, i): [string, QueryParam][] => [
        [`partition${i}`, partition],
        [`offsets${i}`, offsets],
      ]),
    ),
  });
  for (const one of positions) {
    if (group.length > 0 && count + one.offsets.length > POSITIONS_MAX) {
      yield condition();
      group = [];
      count = 0;
    }
    group.push(one);
    count += one.offsets.length;
  }
  if (group.length > 0) yield condition();
}

interface SessionConditions {
  readonly before: Condition;
  readonly keysBefore: Condition;
  readonly tombstones: Condition;
}

/** Snapshots of before a deletion, which show what it took, and what hides those of sessions that are gone. */
function* sessionsOf(deletions: readonly StoredDeletion[]): Generator<SessionConditions> {
  for (const { row, plan } of deletions) {
    const { tenant_id: tenantId, source_offset: offset } = row;
    const sessionIds = [...goneSessions(plan), ...(plan.change.kind === 'delete-user' ? (plan.kept ?? []) : [])];
    for (const part of chunkKeys(sessionIds.map((sessionId) => ({ tenantId, sessionId })))) {
      const params = {
        tenant: tenantId,
        sessions: part.map(({ sessionId }) => sessionId),
        first: packVersion(offset, 0),
        last: packVersion(offset, EPOCH_MAX),
      };
      const own = 'tenant_id = {tenant:String} AND session_id IN {sessions:Array(String)}';
      yield {
        before: { sql: `${own} AND version < {first:UInt64}`, params },
        keysBefore: { sql: `${own} AND version < {first:UInt64}`, params },
        tombstones: { sql: `${own} AND is_deleted = 1 AND version BETWEEN {first:UInt64} AND {last:UInt64}`, params },
      };
    }
  }
}

function purgedRow({ row }: StoredDeletion): AnnotationRow {
  const { offset, epoch } = unpackVersion(row.version);
  return { ...row, name: 'purged' satisfies DeletionProgress, value: '', version: packVersion(offset + 1, epoch) };
}

/** Versions of purged deletions in which they are still named. */
async function removePlans(analytics: PurgeDeps['analytics']): Promise<void> {
  const plans = await analytics.query<{ source_partition: number; offsets: string[] }>({
    sql: `
SELECT source_partition, groupUniqArray(${POSITIONS_MAX})(source_offset) AS offsets FROM annotations
PREWHERE target = 'partition' WHERE value != '' AND (source_partition, source_offset) IN (
  SELECT source_partition, source_offset FROM annotations FINAL
  PREWHERE target = 'partition' WHERE name = {purged:String}
)
GROUP BY source_partition`,
    params: { purged: 'purged' satisfies DeletionProgress },
    settings: { ...FINAL, max_execution_time: 600 },
  });
  const positions = plans.map(({ source_partition, offsets }) => ({
    partition: source_partition,
    offsets: offsets.map(Number),
  }));
  for (const group of groupsOf(positions)) await remove(analytics, 'annotations', and("value != ''", group));
}

const ALL_ROWS = { ...WITH_TOMBSTONES, max_execution_time: 600 } as const;
