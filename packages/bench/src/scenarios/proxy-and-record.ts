import { waitFor } from '@throughline/testkit/wait-for';
import { type Recorder, type RunningRecorder, recorders } from '../contestants/recorders.ts';
import { startContestants } from '../contestants/start-contestants.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { runLoad } from '../load/load.ts';
import { interleave } from '../measure/interleave.ts';
import { measureUse } from '../measure/server-use.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { contestantRows } from '../report/contestant-rows.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { chatCalls } from '../traffic/chat-calls.ts';

const CONNECTIONS = 32;
/** One that is behind by more is not waited for: its rate is what it had by then. */
const BEHIND_MS_MAX = 180_000;
const PEERS_AT_LEAST = 150;

interface RecordSample {
  /** CPU time of all processes per call, from the first call until the last can be read, µs. */
  readonly cpuUs: number;
  readonly callsPerSecond: number;
  /** From the first call until the last can be read. */
  readonly readablePerSecond: number;
  readonly rssMib: number;
}

export const proxyAndRecord: Scenario = {
  name: 'proxy-and-record',
  about: 'from a call to what its session cost: through us, and through what keeps calls elsewhere',
  async run(bench) {
    await using stack = new AsyncDisposableStack();
    const upstream = stack.adopt(await startUpstream(bench), (one) => one.stop());
    const contestants = recorders(bench);
    const { running, notes } = await startContestants(bench, contestants, upstream.origin, stack);
    const measures = Object.fromEntries(
      contestants
        .filter(({ name }) => running[name])
        .map((recorder) => [recorder.name, () => measure(bench, recorder, running[recorder.name]!)]),
    );
    const samples = await interleave(bench.rounds, measures);
    const cpu = (name: string) => samples[name]!.map(({ cpuUs }) => cpuUs);
    return {
      columns: ['', 'CPU µs/call, in all', 'of ours', 'calls/s', 'readable/s', 'RSS MiB'],
      rows: contestantRows(contestants, samples, (name, own) => {
        const of = (what: keyof RecordSample) => own.map((sample) => sample[what]);
        return [
          medianWithSpread(cpu(name)),
          ratio(medianRatio(cpu(name), cpu('throughline'))),
          medianWithSpread(of('callsPerSecond')),
          medianWithSpread(of('readablePerSecond')),
          number(Math.max(...of('rssMib'))),
        ];
      }),
      figures: [
        {
          name: 'proxied and recorded to a readable session total: CPU per call, in all',
          value: median(cpu('throughline')),
          unit: 'µs',
        },
        ...contestants
          .filter(({ name }) => name !== 'throughline' && samples[name])
          .map(({ name, title }) => ({
            name: `proxied and recorded: CPU per call of ${title} against ours`,
            value: medianRatio(cpu(name), cpu('throughline')),
            unit: 'x',
            atLeast: PEERS_AT_LEAST,
          })),
      ],
      notes: [
        `c=${CONNECTIONS}, ${bench.seconds} s${bench.peers ? ` (others ${Math.max(...contestants.map(({ secondsMin }) => secondsMin))} s at least)` : ''}, then until all of it can be read; nothing is pinned, the others wait meanwhile`,
        'readable: ours in rows, session totals and snapshots; MLflow’s as traces in its database; Phoenix’s as traces by its API',
        ...notes,
      ],
      samples,
    };
  },
};

async function measure(bench: Bench, { secondsMin }: Recorder, recorder: RunningRecorder): Promise<RecordSample> {
  const { origin, chat, pids } = recorder;
  const seconds = Math.max(bench.seconds, secondsMin);
  const there = await recorder.readable();
  const calls = chatCalls({ target: chat });
  const start = performance.now();
  const { result, cpuUs, rssMib } = await measureUse(pids, async () => {
    const sent = await runLoad(bench, { origin, path: chat.path, calls, connections: CONNECTIONS, seconds });
    // Those under way when the load ended may come on top.
    await waitFor(async () => (await recorder.readable()) >= there + sent.requests, {
      timeoutMs: BEHIND_MS_MAX,
      intervalMs: 100,
      what: `${sent.requests} calls that can be read`,
    });
    return sent;
  });
  const untilReadable = (performance.now() - start) / 1_000;
  return {
    cpuUs: cpuUs / result.requests,
    callsPerSecond: result.requests / result.seconds,
    readablePerSecond: result.requests / untilReadable,
    rssMib,
  };
}
