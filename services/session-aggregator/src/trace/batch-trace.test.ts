import { expect, test } from '@jest/globals';
import { encodeEvent } from '@throughline/contracts/event-codec';
import { LINKS_MAX, NO_TRACER } from '@throughline/telemetry/tracer';
import { createRecordingTracer } from '@throughline/testkit/recording-tracer';
import { callEvent } from '../../test/calls.ts';
import { type DecidedBatch, decideStep, type LoggedEntry } from '../steps/decide-step.ts';
import { decodeEntriesStep } from '../steps/decode-entries-step.ts';
import { traceBatch } from './batch-trace.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = (offset: number) => (offset + 1).toString(16).padStart(16, '0');

/** A sampled call at each offset. */
function entriesOf(count: number): LoggedEntry[] {
  const event = callEvent({ tenant: 't', session: 's' });
  return Array.from({ length: count }, (_, offset) => {
    const trace = { traceparent: `00-${TRACE}-${spanId(offset)}-01`, tracestate: '' };
    const producer = { id: 'p', seq: offset };
    const bytes = encodeEvent({ ...event, trace, producer, partition: 0, received_at: Date.now() });
    return decodeEntriesStep({ offset, bytes }, 0) as LoggedEntry;
  });
}

function decide(entries: readonly LoggedEntry[]): DecidedBatch {
  const state = {
    fence: { logId: 'log', offset: -1, epoch: 1 },
    producers: new Map(),
    tenants: new Map(),
    checkpoints: [],
    recentExceptions: [],
    unpublished: [],
    committedAt: 0,
  };
  return decideStep(entries, state, new Map(), { partition: 0, outboxAgeMaxHours: 1, now: Date.now() });
}

test('a batch links to a bounded number of its calls; each of them has a span, below its caller’s where no gateway traced', async () => {
  const entries = entriesOf(LINKS_MAX + 300);
  const tracer = createRecordingTracer();
  const trace = traceBatch(tracer, 0, entries);
  await trace.stored(decide(entries));
  trace.end();
  expect(tracer.named('throughline.batch')[0]!.links).toHaveLength(LINKS_MAX);
  expect(tracer.named('throughline.store').map(({ parentSpanId }) => parentSpanId)).toEqual(
    entries.map(({ offset }) => spanId(offset)),
  );
  expect(tracer.spans.filter(({ endedAt }) => endedAt === undefined)).toEqual([]);
});

test('without tracing a step is just done', async () => {
  const trace = traceBatch(NO_TRACER, 0, []);
  await expect(trace.step('decide', async () => 7)).resolves.toBe(7);
  await expect(trace.step('decide', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
});
