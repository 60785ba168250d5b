import { waitFor } from '@throughline/testkit/wait-for';
import { type RunningSpanStore, type SpanStore, spanStores } from '../contestants/span-stores.ts';
import { startContestants } from '../contestants/start-contestants.ts';
import { sendOnce } from '../load/send-once.ts';
import { interleave } from '../measure/interleave.ts';
import { measureUse } from '../measure/server-use.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { contestantRows } from '../report/contestant-rows.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Scenario } from '../scenario.ts';
import { SPANS_PER_EXPORT, tracedCalls } from '../traffic/logged-calls.ts';

const BEHIND_MS_MAX = 300_000;
/** Of our rate by theirs. */
const AT_LEAST: Readonly<Record<string, number>> = { phoenix: 100, mlflow: 20 };

interface SpanSample {
  readonly acceptedPerSecond: number;
  /** From the first export until the last span can be asked for. */
  readonly queryablePerSecond: number;
  /** CPU time of all processes per span, until then, µs. */
  readonly cpuUs: number;
  readonly rssMib: number;
}

export const ingestSpans: Scenario = {
  name: 'ingest-spans',
  about: `exports of ${SPANS_PER_EXPORT} spans by OTLP (protobuf), until they can be asked for: us, Phoenix, MLflow`,
  async run(bench) {
    await using stack = new AsyncDisposableStack();
    const contestants = spanStores(bench);
    const { running, notes } = await startContestants(bench, contestants, '', stack);
    let seed = 1_000;
    const measures = Object.fromEntries(
      contestants
        .filter(({ name }) => running[name])
        .map((store) => [store.name, () => measure(store, running[store.name]!, seed++)]),
    );
    const samples = await interleave(bench.rounds, measures);
    const of = (name: string, what: keyof SpanSample) => samples[name]!.map((sample) => sample[what]);
    return {
      columns: ['', 'accepted/s', 'queryable/s', 'ours by theirs', 'CPU µs/span', 'of ours', 'RSS MiB'],
      rows: contestantRows(contestants, samples, (name) => [
        medianWithSpread(of(name, 'acceptedPerSecond')),
        medianWithSpread(of(name, 'queryablePerSecond')),
        ratio(medianRatio(of('throughline', 'queryablePerSecond'), of(name, 'queryablePerSecond'))),
        medianWithSpread(of(name, 'cpuUs')),
        ratio(medianRatio(of(name, 'cpuUs'), of('throughline', 'cpuUs'))),
        number(Math.max(...of(name, 'rssMib'))),
      ]),
      figures: [
        {
          name: 'spans by OTLP: accepted until queryable, per second',
          value: median(of('throughline', 'queryablePerSecond')),
          unit: '/s',
        },
        ...contestants
          .filter(({ name }) => name in AT_LEAST && samples[name])
          .map(({ name, title }) => ({
            name: `spans by OTLP: queryable per second, ours by ${title}’s`,
            value: medianRatio(of('throughline', 'queryablePerSecond'), of(name, 'queryablePerSecond')),
            unit: 'x',
            atLeast: AT_LEAST[name]!,
          })),
      ],
      notes: [
        'the same spans for each, every one with an id of its own; nothing is pinned, the others wait meanwhile',
        `exports of a round, fewer for whoever takes long: ${contestants.map(({ exports, title }) => `${exports} for ${title}`).join('; ')}`,
        'can be asked for: ours in rows, session totals and snapshots; MLflow’s in its database; Phoenix’s by its API',
        ...notes,
      ],
      samples,
    };
  },
};

async function measure({ exports }: SpanStore, store: RunningSpanStore, seed: number): Promise<SpanSample> {
  const calls = tracedCalls('protobuf', { exports, seed }).map((call) => ({
    ...call,
    headers: { 'content-type': call.headers['content-type']!, ...store.headers },
  }));
  const spans = exports * SPANS_PER_EXPORT;
  const there = await store.queryable();
  const start = performance.now();
  const since = () => (performance.now() - start) / 1_000;
  const { result, cpuUs, rssMib } = await measureUse([store.pid], async () => {
    await sendOnce(store.url, calls);
    const acceptedSeconds = since();
    await waitFor(async () => (await store.queryable()) >= there + spans, {
      timeoutMs: BEHIND_MS_MAX,
      intervalMs: 100,
      what: `${spans} spans that can be asked for`,
    });
    return { acceptedSeconds, queryableSeconds: since() };
  });
  return {
    acceptedPerSecond: spans / result.acceptedSeconds,
    queryablePerSecond: spans / result.queryableSeconds,
    cpuUs: cpuUs / spans,
    rssMib,
  };
}
