import { EPOCH_MAX } from '@throughline/contracts/version';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';

/** How long a log is kept at most, as far as this is concerned; months are what the tables are divided into. */
const LOG_AGE_MAX_MS = 31 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;

/**
 * The highest ownership epoch in the rows and snapshots that were written since the state given was committed; 0 when there
 * are none. Where the totals were set back to an older copy it is higher than the fence's, and whoever went on from there
 * would write a version (offset, epoch) for the second time.
 *
 * Owners since then have written rows above the first checkpoint (their repairs begin at their own, which lies higher) and
 * any snapshot. One read of three columns: some 20 ms per million rows. The bound in time leaves out old months; no event is
 * older when it is applied than an outbox and the log together keep it.
 */
export async function highestEpochSince(
  { analytics, config }: Pick<AggregatorDeps, 'analytics' | 'config'>,
  partition: number,
  { checkpoints }: PartitionState,
): Promise<number> {
  const [checkpoint] = checkpoints;
  const [highest] = await analytics.query<{ epoch: string }>({
    sql: `
SELECT max(epoch) AS epoch
FROM (
  SELECT max(${EPOCH}) AS epoch FROM requests
  WHERE source_partition = {partition:UInt16} AND toInt64(source_offset) > {above:Int64}
    AND received_at > fromUnixTimestamp64Milli({since:Int64})
  UNION ALL SELECT max(${EPOCH}) FROM annotations
  WHERE source_partition = {partition:UInt16} AND toInt64(source_offset) > {above:Int64}
  UNION ALL SELECT max(${EPOCH}) FROM ledger_exceptions
  WHERE source_partition = {partition:UInt16} AND toInt64(source_offset) > {above:Int64}
  UNION ALL SELECT max(${EPOCH}) FROM sessions WHERE source_partition = {partition:UInt16}
)`,
    params: {
      partition,
      above: checkpoint?.offset ?? -1,
      since: Math.max(0, (checkpoint?.at ?? 0) - config.producerAgeMaxHours * HOUR_MS - LOG_AGE_MAX_MS),
    },
    settings: { max_execution_time: 600 },
  });
  return Number(highest!.epoch);
}

const EPOCH = `bitAnd(version, ${EPOCH_MAX})`;
