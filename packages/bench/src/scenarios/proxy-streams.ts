import { OTHERS_CORE, startNodeUpstream } from '../contestants/contestants.ts';
import { proxies, type RunningProxy } from '../contestants/proxies.ts';
import { startContestants } from '../contestants/start-contestants.ts';
import { runStreamLoad } from '../load/stream-load.ts';
import { interleave } from '../measure/interleave.ts';
import { measureProxyUse } from '../measure/measure-proxy.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { besideNotes } from '../report/beside-notes.ts';
import { contestantRows } from '../report/contestant-rows.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Scenario } from '../scenario.ts';
import { chatCalls } from '../traffic/chat-calls.ts';

const CHUNKS = 50;
const GAP_MS = 5;
const CONNECTIONS = 16;

interface StreamSample {
  /** CPU time of all of its processes per stream, µs. */
  readonly cpuUs: number;
  /** Of what it has beside itself. */
  readonly besideUs: number;
  readonly streamsPerSecond: number;
  readonly firstByteP50Ms: number;
  readonly firstByteP99Ms: number;
  readonly rssMib: number;
}

export const proxyStreams: Scenario = {
  name: 'proxy-streams',
  about: `streams of ${CHUNKS} chunks, ${GAP_MS} ms apart, through us, bare Node, nginx and other gateways`,
  async run(bench) {
    await using stack = new AsyncDisposableStack();
    const chunks = ['--chunks', String(CHUNKS), '--gap-ms', String(GAP_MS)];
    const upstream = stack.adopt(await startNodeUpstream(bench, chunks), (one) => one.stop());
    const contestants = proxies(bench);
    const { running, notes } = await startContestants(bench, contestants, upstream.origin, stack);
    const names = Object.keys(running);
    const measures = Object.fromEntries(names.map((name) => [name, () => measure(bench, running[name]!)]));
    const samples = await interleave(bench.rounds, measures);
    const cpu = (name: string) => samples[name]!.map(({ cpuUs }) => cpuUs);
    return {
      columns: ['', 'CPU µs/stream', 'of raw Node', 'of ours, logged', 'streams/s', 'TTFB p50 ms', 'p99 ms', 'RSS MiB'],
      rows: contestantRows(contestants, samples, (name, own) => {
        const of = (what: keyof StreamSample) => own.map((sample) => sample[what]);
        return [
          medianWithSpread(cpu(name)),
          ratio(medianRatio(cpu(name), cpu('raw'))),
          ratio(medianRatio(cpu(name), cpu('logged'))),
          medianWithSpread(of('streamsPerSecond')),
          median(of('firstByteP50Ms')).toFixed(2),
          median(of('firstByteP99Ms')).toFixed(1),
          number(Math.max(...of('rssMib'))),
        ];
      }),
      figures: [
        {
          name: 'streams: time to first byte, everything logged, above raw Node’s',
          value:
            median(samples.logged!.map(({ firstByteP50Ms }) => firstByteP50Ms)) -
            median(samples.raw!.map(({ firstByteP50Ms }) => firstByteP50Ms)),
          unit: 'ms',
          atMost: 0.9,
        },
        {
          name: 'streams: CPU per stream, everything logged, against raw Node',
          value: medianRatio(cpu('logged'), cpu('raw')),
          unit: 'x',
          atMost: 1.1,
        },
      ],
      notes: [
        `c=${CONNECTIONS}, so at most ${number((CONNECTIONS * 1_000) / (CHUNKS * GAP_MS))} streams per second`,
        ...besideNotes(running, { 'a stream': samples }),
        ...notes,
      ],
      samples,
    };
  },
};

async function measure(bench: Bench, proxy: RunningProxy): Promise<StreamSample> {
  const { origin, chat } = proxy;
  const calls = chatCalls({ stream: true, target: chat });
  const job = { origin, path: chat.path, calls, connections: CONNECTIONS, seconds: bench.seconds, gapMs: GAP_MS };
  const { result, cpuUs, besideUs, rssMib } = await measureProxyUse(proxy, () =>
    runStreamLoad(bench, job, { core: OTHERS_CORE }),
  );
  return {
    cpuUs: cpuUs / result.streams,
    besideUs: besideUs / result.streams,
    streamsPerSecond: result.streams / result.seconds,
    firstByteP50Ms: result.firstByteP50Ms,
    firstByteP99Ms: result.firstByteP99Ms,
    rssMib,
  };
}
