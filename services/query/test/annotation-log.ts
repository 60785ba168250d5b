import type { NewAnnotationEvent } from '@throughline/contracts/request-event';
import { EventLogError } from '@throughline/event-log/event-log';
import type { AnnotationPorts } from '../src/annotate/annotation-ports.ts';

/** A log that takes nothing. */
export const FULL_LOG: AnnotationPorts = {
  appender: { partitions: 1, append: async () => Promise.reject(new EventLogError('full', 'no room')) },
  applied: { until: async () => false },
};

/** A log that takes everything, of which nothing is ever applied, though it says so: what was said, and of whom. */
export function recordingLog(): AnnotationPorts & { readonly events: NewAnnotationEvent[] } {
  const events: NewAnnotationEvent[] = [];
  return {
    events,
    appender: {
      partitions: 4,
      append: async (event) => {
        const offset = events.push(event as NewAnnotationEvent) - 1;
        const stamp = { producer: { id: 'test', seq: offset }, partition: 0, received_at: 0 };
        return { partition: 0, offset, stamp };
      },
    },
    applied: { until: async () => true },
  };
}
