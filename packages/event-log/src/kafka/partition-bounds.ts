import type { LogBounds } from '../event-log.ts';
import { type PartitionStart, positionedLogId } from './topic-meta.ts';
import type { Watermarks } from './topic-view.ts';

/** What a partition holds, in positions: what lies below its start is not part of the log. */
export function boundsAt(logId: string, start: PartitionStart, { low, high }: Watermarks): LogBounds {
  const first = Math.max(low, start.kafkaOffset);
  return {
    logId: positionedLogId(logId, start),
    low: toPosition(start, first),
    high: toPosition(start, Math.max(high, first)),
  };
}

export function toPosition(start: PartitionStart, kafkaOffset: number): number {
  return kafkaOffset - start.kafkaOffset + start.position;
}

export function toKafkaOffset(start: PartitionStart, position: number): number {
  return position - start.position + start.kafkaOffset;
}
