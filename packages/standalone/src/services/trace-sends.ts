import type { TraceContext } from '@throughline/contracts/request-event';
import type { OutboxBatch } from '@throughline/event-log/outbox/outbox-target';
import type { OnSend } from '@throughline/event-log/outbox/watched-target';
import { parseTraceparent } from '@throughline/telemetry/traceparent';
import { errorType, LINKS_MAX, type Tracer } from '@throughline/telemetry/tracer';

/**
 * A span for each request to Kafka, in a trace of its own because its events come from many calls, with links to those
 * that are sampled.
 *
 * @returns undefined while tracing is off.
 */
export function traceSends(tracer: Tracer, topic: string): OnSend | undefined {
  if (!tracer.isOn) return undefined;
  return (batches) => {
    const span = tracer.start(`send ${topic}`, {
      kind: 'producer',
      links: sampledContexts(batches),
      attributes: {
        'messaging.system': 'kafka',
        'messaging.operation.name': 'send',
        'messaging.operation.type': 'send',
        'messaging.destination.name': topic,
        'messaging.batch.message_count': batches.reduce((sum, { records }) => sum + records.length, 0),
        'throughline.partitions': batches.length,
      },
    });
    return (error) => {
      if (error !== undefined) span.fail(errorType(error));
      span.end();
    };
  };
}

function sampledContexts(batches: readonly OutboxBatch[]): TraceContext[] {
  const contexts: TraceContext[] = [];
  for (const { records } of batches) {
    for (const { head } of records) {
      if (contexts.length === LINKS_MAX) return contexts;
      if (parseTraceparent(head.trace.traceparent)?.isSampled) contexts.push(head.trace);
    }
  }
  return contexts;
}
