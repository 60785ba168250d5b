import { decodeEvent } from '@throughline/contracts/event-codec';
import { EventEncoder } from '@throughline/contracts/event-encoder';
import { readEventHead } from '@throughline/contracts/event-head';
import { partitionOf } from '@throughline/contracts/partition';
import type { LogEvent } from '@throughline/contracts/request-event';
import type { Restamp } from './outbox-reader.ts';
import { unparkedEvent } from './parked-event.ts';
import type { PartitionQueue } from './partition-queue.ts';

/**
 * For a folder whose events have no partition and number yet: they were parked, or spread over another number of
 * partitions than the log has, and nothing of it has been sent. Every event gets the partition that is right for the
 * log, and a number there from the producer given, in order. Whoever does this again after a crash gives the same
 * numbers, since they follow from the folder, from what was decided about its keys and from what is stored already. When
 * events were received does not change.
 *
 * @param tenants of a folder of parked events: tenant by hash of the key.
 */
export function restampFor(
  producerId: string,
  tenants: ReadonlyMap<string, string> | undefined,
  queues: readonly PartitionQueue[],
): Restamp {
  const lastSeq = queues.map(({ acked }) => acked.seq);
  const encoder = new EventEncoder();
  let last: { readonly bytes: Uint8Array; readonly event: LogEvent | 'nobodys' } | undefined;
  const read = (bytes: Uint8Array): LogEvent | 'nobodys' | undefined => {
    if (last?.bytes === bytes) return last.event;
    const decoded = decodeEvent(bytes);
    if (decoded.outcome !== 'event') return undefined;
    const event = (tenants ? unparkedEvent(decoded.event, tenants) : decoded.event) ?? 'nobodys';
    last = { bytes, event };
    return event;
  };
  return {
    partitionOf(bytes) {
      const event = read(bytes);
      return event === undefined || event === 'nobodys' ? event : partitionOf(event, queues.length);
    },
    stamp(bytes, partition) {
      const event = read(bytes) as LogEvent;
      const seq = lastSeq[partition]! + 1;
      lastSeq[partition] = seq;
      encoder.clear();
      encoder.write({ ...event, partition, producer: { id: producerId, seq } });
      const stamped = Buffer.concat(encoder.parts());
      return { head: readEventHead(stamped)!, bytes: stamped };
    },
    skip(partition, count) {
      lastSeq[partition]! += count;
    },
  };
}
