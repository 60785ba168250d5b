import type { LogEvent } from '@throughline/contracts/request-event';

/**
 * What a reader makes of a log: each event once, by its number.
 *
 * @param stored the events of each partition, in the order of the log.
 * @throws when numbers of a producer are missing, or appear for the first time out of their order.
 */
export function appliedFrom(stored: readonly (readonly LogEvent[])[]): {
  readonly events: LogEvent[];
  readonly resent: number;
} {
  const events: LogEvent[] = [];
  let resent = 0;
  for (const [partition, entries] of stored.entries()) {
    const lastSeq = new Map<string, number>();
    for (const event of entries) {
      const { id, seq } = event.producer;
      if (event.partition !== partition) throw new Error(`an event of partition ${event.partition} in ${partition}`);
      const before = lastSeq.get(id) ?? -1;
      if (event.kind === 'closed') {
        if (event.last_seq !== before) throw new Error(`closed with ${event.last_seq} after ${before}`);
      } else if (seq <= before) resent++;
      else if (seq === before + 1) {
        lastSeq.set(id, seq);
        events.push(event);
      } else throw new Error(`number ${seq} of ${id} in partition ${partition} after ${before}`);
    }
  }
  return { events, resent };
}
