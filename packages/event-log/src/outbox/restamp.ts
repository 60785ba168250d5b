import { decodeEvent, encodeEvent } from '@throughline/contracts/event-codec';
import { readEventHead } from '@throughline/contracts/event-head';
import type { LogEvent } from '@throughline/contracts/request-event';
import { partitionOf } from '../files/frame-groups.ts';
import type { Restamp } from './outbox-reader.ts';
import type { PartitionQueue } from './partition-queue.ts';

/**
 * For a folder whose events were spread over another number of partitions than the log has, and of which nothing has been
 * sent: every event gets the partition that is right for the log, and a number there from another producer, in order.
 * Whoever does this again after a crash gives the same numbers, since they follow from the folder and from what is
 * stored already. When events were received does not change.
 */
export function restampFor(producerId: string, queues: readonly PartitionQueue[]): Restamp {
  const lastSeq = queues.map(({ acked }) => acked.seq);
  let last: { readonly bytes: Uint8Array; readonly event: LogEvent } | undefined;
  const decode = (bytes: Uint8Array): LogEvent | undefined => {
    if (last?.bytes === bytes) return last.event;
    const decoded = decodeEvent(bytes);
    if (decoded.outcome !== 'event') return undefined;
    last = { bytes, event: decoded.event };
    return decoded.event;
  };
  return {
    partitionOf(bytes) {
      const event = decode(bytes);
      return event && partitionOf(event, queues.length);
    },
    stamp(bytes, partition) {
      const seq = lastSeq[partition]! + 1;
      lastSeq[partition] = seq;
      const event: LogEvent = { ...decode(bytes)!, partition, producer: { id: producerId, seq } };
      const stamped = encodeEvent(event);
      return { head: readEventHead(stamped)!, bytes: stamped };
    },
    skip(partition, count) {
      lastSeq[partition]! += count;
    },
  };
}
