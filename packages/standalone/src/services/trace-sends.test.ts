import { expect, test } from '@jest/globals';
import type { TraceContext } from '@throughline/contracts/request-event';
import type { OutboxRecord } from '@throughline/event-log/outbox/outbox-record';
import { OutboxSendError } from '@throughline/event-log/outbox/outbox-target';
import { LINKS_MAX, NO_TRACER } from '@throughline/telemetry/tracer';
import { createRecordingTracer } from '@throughline/testkit/recording-tracer';
import { traceSends } from './trace-sends.ts';

const context = (number: number, flags = '01'): TraceContext => ({
  traceparent: `00-${'a'.repeat(32)}-${(number + 1).toString(16).padStart(16, '0')}-${flags}`,
  tracestate: '',
});

function recordOf(trace: TraceContext): OutboxRecord {
  const head = { eventId: '', tenantId: 't', sessionId: null, producer: { id: 'p', seq: 0 }, partition: 0 };
  const bytes = new Uint8Array();
  return { offset: 0, head: { ...head, trace, receivedAt: 0 }, bytes, isOwn: false, isPrepared: true, attempts: 0 };
}

test('a request to Kafka is a span that links to the sampled calls in it', () => {
  const tracer = createRecordingTracer();
  const traces = [context(0), context(1, '00'), { traceparent: '', tracestate: '' }, context(3)];
  const batches = [
    { partition: 0, records: traces.slice(0, 2).map(recordOf) },
    { partition: 2, records: traces.slice(2).map(recordOf) },
  ];
  traceSends(tracer, 'topic')!(batches)();
  expect(tracer.spans).toMatchObject([
    {
      name: 'send topic',
      kind: 'producer',
      parentSpanId: '',
      links: [traces[0], traces[3]],
      failure: undefined,
      endedAt: expect.any(Number),
      attributes: { 'messaging.batch.message_count': 4, 'throughline.partitions': 2 },
    },
  ]);
});

test('that failed says how, without what was said; its links are bounded', () => {
  const tracer = createRecordingTracer();
  const records = Array.from({ length: LINKS_MAX + 1 }, (_, index) => recordOf(context(index)));
  traceSends(tracer, 'topic')!([{ partition: 0, records }])(new OutboxSendError('too-large', 'a secret'));
  expect(tracer.spans[0]).toMatchObject({ failure: 'OutboxSendError:too-large', endedAt: expect.any(Number) });
  expect(tracer.spans[0]!.links).toHaveLength(LINKS_MAX);
});

test('while tracing is off nobody looks on', () => {
  expect(traceSends(NO_TRACER, 'topic')).toBeUndefined();
});
