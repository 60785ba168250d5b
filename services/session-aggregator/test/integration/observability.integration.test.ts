import { describe, expect, test } from '@jest/globals';
import { AnalyticsError } from '@throughline/analytics/analytics-store';
import type { CallTrace } from '@throughline/contracts/request-event';
import { createRecordingTracer, type RecordingTracer } from '@throughline/testkit/recording-tracer';
import { type Life, World, withCommit } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';

const store = useEmbeddedStore('observability');

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

/** As the gateway leaves it: the caller's context, and a span of its own. */
function traced(number: number, isSampled = true): CallTrace {
  const spanId = (number + 0x1000).toString(16).padStart(16, '0');
  const flags = isSampled ? '01' : '00';
  return {
    traceparent: `00-${TRACE}-${'a'.repeat(16)}-${flags}`,
    tracestate: '',
    span: `00-${TRACE}-${spanId}-${flags}`,
  };
}

const spanIdOf = ({ span }: CallTrace) => span!.slice(36, 52);

function append(world: World, call: Partial<Call>, trace: CallTrace, number?: number): string {
  const event = { ...callEvent({ tenant: world.tenant, session: 's', ...call }), trace };
  world.log.append(event, 'p', number);
  return event.event_id;
}

const open = ({ spans }: RecordingTracer) => spans.filter(({ endedAt }) => endedAt === undefined);

describe('spans of a batch', () => {
  test('show its steps, and in the trace of each sampled call when it was stored', async () => {
    const world = await World.create(store.analytics);
    const eventId = append(world, { promptTokens: 7, completionTokens: 3 }, traced(0));
    append(world, { chosenId: 'mine' }, traced(1));
    append(world, { chosenId: 'mine' }, traced(2));
    append(world, {}, traced(3), 0);
    append(world, {}, traced(4, false));
    append(world, {}, { traceparent: '', tracestate: '' });
    world.log.appendBytes(Buffer.from([0xc1]));
    const tracer = createRecordingTracer();
    await world.live({ tracer });

    expect(open(tracer)).toEqual([]);
    // How many batches they make depends on how fast they are read.
    const batches = tracer.named('throughline.batch');
    const total = (name: string) => batches.reduce((sum, { attributes }) => sum + Number(attributes[name]), 0);
    expect(total('messaging.batch.message_count')).toBe(7);
    expect(total('throughline.batch.sampled_calls')).toBe(4);
    expect(batches.flatMap(({ links }) => links!.map(({ traceparent }) => traceparent.slice(36, 52)))).toEqual(
      [0, 1, 2, 3].map((n) => spanIdOf(traced(n))),
    );
    for (const batch of batches) {
      expect(batch).toMatchObject({ kind: 'consumer', parentSpanId: '', failure: undefined });
      const steps = tracer.spans.filter(({ parentSpanId }) => parentSpanId === batch.spanId);
      expect(steps.map(({ name }) => name)).toEqual([
        'throughline.load_sessions',
        'throughline.decide',
        'throughline.insert_rows',
        'throughline.commit_totals',
        'throughline.publish_snapshots',
      ]);
    }
    const stored = tracer.named('throughline.store');
    expect(stored.map(({ parentSpanId }) => parentSpanId)).toEqual([0, 1, 2, 3].map((n) => spanIdOf(traced(n))));
    expect(stored.map(({ attributes }) => attributes['throughline.outcome'])).toEqual([
      'stored',
      'stored',
      'duplicate',
      'resent',
    ]);
    expect(stored[0]).toMatchObject({
      kind: 'consumer',
      traceId: TRACE,
      links: [{ traceparent: `00-${batches[0]!.traceId}-${batches[0]!.spanId}-01` }],
      attributes: {
        'throughline.event.id': eventId,
        'throughline.offset': 0,
        'messaging.destination.partition.id': String(world.partition),
        'gen_ai.response.model': 'gpt-4o-mini',
        'gen_ai.usage.input_tokens': 7,
        'gen_ai.usage.output_tokens': 3,
        'throughline.cost_usd': expect.closeTo(7 * 0.15e-6 + 3 * 0.6e-6, 12),
      },
    });
    expect(stored[0]!.startAt!).toBeLessThanOrEqual(stored[0]!.endedAt!);
    await world.destroy();
  });

  test('last through the tries of a step, and fail only with the batch', async () => {
    const world = await World.create(store.analytics);
    append(world, {}, traced(0));
    let failuresLeft = 3;
    world.store.fault = ({ insert }) =>
      insert?.table === 'requests' && failuresLeft-- > 0
        ? new AnalyticsError('unavailable', 'away', { retryable: true })
        : undefined;
    const tracer = createRecordingTracer();
    await world.live({ tracer });
    expect(failuresLeft).toBeLessThan(0);
    expect(tracer.named('throughline.insert_rows')).toHaveLength(1);
    expect(tracer.spans.filter(({ failure }) => failure)).toEqual([]);
    await world.destroy();
  });

  test('of a batch that another owner’s commit forestalled fail, and its calls have none', async () => {
    const world = await World.create(store.analytics);
    append(world, {}, traced(0));
    let isRefused = false;
    let commits = 0;
    const totals = withCommit(world.totals, async (commit) => {
      // The first commit takes the partition, the second is the batch's.
      if (++commits !== 2) return commit();
      isRefused = true;
      return 'refused';
    });
    const tracer = createRecordingTracer();
    await world.live({ tracer, totals });
    expect(isRefused).toBe(true);
    const failed = tracer.spans.filter(({ failure }) => failure !== undefined);
    expect(failed.map(({ name, failure }) => [name, failure])).toEqual([
      ['throughline.batch', 'OwnershipLostError'],
      ['throughline.commit_totals', 'OwnershipLostError'],
    ]);
    // The batch that repeated it.
    expect(tracer.named('throughline.store')).toHaveLength(1);
    expect(open(tracer)).toEqual([]);
    await world.destroy();
  });
});

describe('metrics count', () => {
  const sampleOf = async (life: Life, name: string) => {
    const line = (await life.metrics.registry.metrics())
      .split('\n')
      .find((text) => text.startsWith(`throughline_${name} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };

  test('batches by size, rows by table, dead letters by step, and how fresh answers are', async () => {
    const world = await World.create(store.analytics);
    const now = Date.now();
    for (let i = 0; i < 10; i++) append(world, { startedAt: now - 1_000, latencyMs: 200 }, traced(i));
    // Says nothing about freshness: its response ended long before it came again.
    append(world, { startedAt: now - 3_600_000 }, traced(10), 0);
    world.log.appendBytes(Buffer.from([0xc1]));
    const life = world.start();
    await life.caughtUp();
    const values = async (...names: string[]) => Promise.all(names.map((name) => sampleOf(life, name)));
    expect(
      await values(
        'aggregator_batch_events_sum',
        'aggregator_rows_total{table="requests"}',
        'aggregator_rows_total{table="request_bodies"}',
        'aggregator_rows_total{table="ledger_exceptions"}',
        'aggregator_rows_total{table="dead_letters"}',
        'aggregator_dead_letters_total{step="decode"}',
        'aggregator_rebuilds_total',
      ),
    ).toEqual([12, 10, 10, 2, 1, 1, 0]);
    expect(await sampleOf(life, 'aggregator_batch_events_count')).toBe(
      await sampleOf(life, 'aggregator_batches_total'),
    );
    for (const stage of ['totals', 'snapshots']) {
      expect(await sampleOf(life, `aggregator_freshness_seconds_count{stage="${stage}"}`)).toBe(10);
      const sum = (await sampleOf(life, `aggregator_freshness_seconds_sum{stage="${stage}"}`))!;
      expect(sum).toBeGreaterThanOrEqual(10 * 0.8);
    }
    expect(await sampleOf(life, `aggregator_fence_age_seconds{partition="${world.partition}"}`)).toBeGreaterThanOrEqual(
      0,
    );
    await life.stop();
    // Somebody else's affair from now on.
    expect(await sampleOf(life, `aggregator_fence_age_seconds{partition="${world.partition}"}`)).toBeUndefined();
    await world.destroy();
  });

  test('the age of the last commit, and no freshness below zero where a gateway’s clock is ahead', async () => {
    const world = await World.create(store.analytics);
    let now = Date.now();
    append(world, { startedAt: now + 60_000 }, traced(0));
    const life = world.start({ now: () => now });
    await life.caughtUp();
    expect(await sampleOf(life, 'aggregator_freshness_seconds_sum{stage="totals"}')).toBe(0);
    now += 90_000;
    expect(await sampleOf(life, `aggregator_fence_age_seconds{partition="${world.partition}"}`)).toBe(90);
    await life.stop();
    await world.destroy();
  });

  test('a rebuild', async () => {
    const world = await World.create(store.analytics);
    append(world, {}, traced(0));
    await world.live();
    await world.loseTotals();
    const life = world.start();
    await life.caughtUp();
    expect(await sampleOf(life, 'aggregator_rebuilds_total')).toBe(1);
    await life.stop();
    await world.destroy();
  });
});
