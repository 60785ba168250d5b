import type { PartitionState } from '@throughline/session-totals/session-totals';

/** Asks the analytics store about the partition up to its fence: `partition` and `fence` are parameters already. */
export type Ask = <Row>(sql: string, params?: Readonly<Record<string, string | number>>) => Promise<Row[]>;

/** Holes looked into per audit; each costs two queries. */
const HOLES_MAX = 20;

/**
 * Numbers that producers gave and that never came. Those that lie between offsets that the log has lost, or whose bytes
 * cannot be read, are among what is named there already.
 */
export async function compareProducers(
  ask: Ask,
  state: PartitionState,
): Promise<{ differences: string[]; losses: string[] }> {
  const differences: string[] = [];
  const losses: string[] = [];
  const holes = [...state.producers].flatMap(([id, { holes: ranges }]) =>
    ranges.map(([from, through]) => ({ id, from, through })),
  );
  for (const hole of holes.slice(0, HOLES_MAX)) {
    const text = `producer ${hole.id}: numbers ${hole.from} to ${hole.through}`;
    const unreadable = await countUnreadable(ask, hole, state.fence.offset);
    if (unreadable.isUnknown || unreadable.offsets >= hole.through - hole.from + 1)
      losses.push(`${text} are among the events lost or unreadable`);
    else differences.push(`${text} never reached the log`);
  }
  if (holes.length > HOLES_MAX) differences.push(`${holes.length - HOLES_MAX} more runs of numbers are missing`);
  return { differences, losses };
}

/** Offsets lost or unreadable between the producer's events on both sides of a hole. */
async function countUnreadable(
  ask: Ask,
  hole: { id: string; from: number; through: number },
  fence: number,
): Promise<{ offsets: number; isUnknown: boolean }> {
  const [sides] = await ask<{ before: string; has_after: string; after: string }>(SIDES_SQL, {
    producer: hole.id,
    from: hole.from,
    through: hole.through,
  });
  const before = Number(sides!.before);
  const after = sides!.has_after === '0' ? fence + 1 : Number(sides!.after);
  const [found] = await ask<{ offsets: string; unknown: string }>(UNREADABLE_SQL, { before, after });
  return { offsets: Number(found!.offsets), isUnknown: found!.unknown !== '0' };
}

const SIDES_SQL = `
SELECT toInt64(maxIf(at + 1, seq < {from:Int64})) - 1 AS before,
  countIf(seq > {through:Int64}) AS has_after, minIf(at, seq > {through:Int64}) AS after
FROM (
  SELECT toInt64(source_offset) AS at, toInt64(producer_seq) AS seq FROM requests
  WHERE source_partition = {partition:UInt16} AND source_offset <= {fence:Int64} AND producer_id = {producer:String}
  UNION ALL
  SELECT toInt64(source_offset), toInt64(producer_seq) FROM annotations
  WHERE source_partition = {partition:UInt16} AND source_offset <= {fence:Int64} AND producer_id = {producer:String}
  UNION ALL
  SELECT toInt64(source_offset), producer_seq FROM ledger_exceptions
  WHERE source_partition = {partition:UInt16} AND source_offset <= {fence:Int64} AND producer_id = {producer:String}
    AND kind NOT IN ('control', 'resent')
)`;

const UNREADABLE_SQL = `
SELECT sum(least(toInt64(through_offset), {after:Int64} - 1) - greatest(toInt64(source_offset), {before:Int64} + 1) + 1) AS offsets,
  countIf(kind = 'lost' AND count = 0) AS unknown
FROM ledger_exceptions FINAL
WHERE source_partition = {partition:UInt16} AND source_offset <= {fence:Int64}
  AND (kind = 'lost' OR (kind = 'dead' AND producer_id = ''))
  AND toInt64(through_offset) > {before:Int64} AND toInt64(source_offset) < {after:Int64}`;
