import { EPOCH_MAX } from '@throughline/contracts/version';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';

/** How long a log is kept at most, as far as this is concerned; months are what the tables are divided into. */
const LOG_AGE_MAX_MS = 31 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/** What owners have written of a partition since some state of it was committed. */
export interface Written {
  /** Highest ownership epoch, 0 when nothing was written. */
  readonly epoch: number;
  /** Highest offset of a row or snapshot, −1 when there is none. */
  readonly through: number;
}

/**
 * The highest ownership epoch in the rows and snapshots that were written since the state given was committed; 0 when there
 * are none. Where the totals were set back to an older copy it is higher than the fence's, and whoever went on from there
 * would write a version (offset, epoch) for the second time. And the highest offset: up to there snapshots may have been
 * published that the totals know nothing of, or may be on their way, because rows come before them.
 *
 * Owners since then have written rows above the first checkpoint (their repairs begin at their own, which lies higher) and
 * any snapshot. One read of three columns: some 20 ms per million rows. The bound in time leaves out old months; no event is
 * older when it is applied than an outbox and the log together keep it.
 */
export async function writtenSince(
  { analytics, config }: Pick<AggregatorDeps, 'analytics' | 'config'>,
  partition: number,
  { checkpoints }: PartitionState,
): Promise<Written> {
  const [checkpoint] = checkpoints;
  const [highest] = await analytics.query<{ epoch: string; end: string }>({
    sql: `
SELECT max(epoch) AS epoch, max(end) AS end
FROM (
  SELECT max(${EPOCH}) AS epoch, max(toInt64(source_offset) + 1) AS end FROM requests
  WHERE source_partition = {partition:UInt16} AND toInt64(source_offset) > {above:Int64}
    AND received_at > fromUnixTimestamp64Milli({since:Int64})
  UNION ALL SELECT max(${EPOCH}), max(toInt64(source_offset) + 1) FROM annotations
  WHERE source_partition = {partition:UInt16} AND toInt64(source_offset) > {above:Int64}
  UNION ALL SELECT max(${EPOCH}), toInt64(0) FROM ledger_exceptions
  WHERE source_partition = {partition:UInt16} AND toInt64(source_offset) > {above:Int64}
  UNION ALL SELECT max(${EPOCH}), max(toInt64(applied) + 1) FROM sessions WHERE source_partition = {partition:UInt16}
)`,
    params: {
      partition,
      above: checkpoint?.offset ?? -1,
      since: Math.max(0, (checkpoint?.at ?? 0) - config.producerAgeMaxHours * HOUR_MS - LOG_AGE_MAX_MS),
    },
    settings: { max_execution_time: 600 },
  });
  return { epoch: Number(highest!.epoch), through: Number(highest!.end) - 1 };
}

const EPOCH = `bitAnd(version, ${EPOCH_MAX})`;
