import { createTempDir } from '@throughline/testkit/temp-dir';
import {
  CONTESTANT_CORE,
  type Contestant,
  startGateway,
  startNodeUpstream,
  startRawProxy,
} from '../contestants/contestants.ts';
import { interleave } from '../measure/interleave.ts';
import { measureStreams, type StreamSample } from '../measure/measure-streams.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Figure, Scenario } from '../scenario.ts';
import { CHAT_PATH, GATEWAY_PATH } from '../traffic/chat-calls.ts';

const CHUNKS = 50;

/** As a model writes them, and as fast as they come. */
const PACES = [
  { gapMs: 5, connections: 32 },
  { gapMs: 0, connections: 16 },
] as const;

export const gatewayStreams: Scenario = {
  name: 'gateway-streams',
  about: `streams of ${CHUNKS} chunks of about 190 B, through bare Node and through the gateway`,
  async run(bench) {
    await using dir = await createTempDir('bench-log');
    const upstream = await startNodeUpstream(bench, ['--chunks', String(CHUNKS)]);
    const core = CONTESTANT_CORE;
    const raw = await startRawProxy(bench, upstream.origin, { core, profile: 'streams-raw' });
    const unrecorded = await startGateway(bench, upstream.origin, { record: 'none' }, { core });
    const recorded = await startGateway(
      bench,
      upstream.origin,
      { record: 'log', dir: dir.path },
      { core, profile: 'streams-recorded' },
    );
    const rows: string[][] = [];
    const figures: Figure[] = [];
    const all: Record<string, unknown> = {};
    try {
      for (const pace of PACES) {
        const measure = (contestant: Contestant, path: string) => () =>
          measureStreams(bench, upstream, contestant, { ...pace, path, seconds: bench.seconds });
        const samples = await interleave(bench.rounds, {
          raw: measure(raw, CHAT_PATH),
          unrecorded: measure(unrecorded, GATEWAY_PATH),
          recorded: measure(recorded, GATEWAY_PATH),
        });
        const label = pace.gapMs > 0 ? `${pace.gapMs} ms apart` : 'no gap';
        const cpu = (name: keyof typeof samples) => samples[name].map(({ cpuUs }) => cpuUs);
        for (const [name, own] of Object.entries(samples) as [keyof typeof samples, StreamSample[]][]) {
          rows.push([
            `${name}, ${label}, c=${pace.connections}`,
            medianWithSpread(cpu(name)),
            ratio(medianRatio(cpu(name), cpu('raw'))),
            number(median(own.map(({ chunksPerSecond }) => chunksPerSecond))),
            median(own.map(({ firstByteP50Ms }) => firstByteP50Ms)).toFixed(2),
            median(own.map(({ firstByteP99Ms }) => firstByteP99Ms)).toFixed(1),
            (sum(own, 'read') / sum(own, 'written')).toFixed(4),
            number(Math.max(...own.map(({ peakRssMib }) => peakRssMib))),
          ]);
        }
        for (const name of ['unrecorded', 'recorded'] as const) {
          figures.push({
            name: `CPU per chunk, ${name}, against raw Node, ${label}`,
            value: medianRatio(cpu(name), cpu('raw')),
            unit: 'x',
            atMost: 1.15,
          });
          figures.push({
            name: `chunks read by clients of those written upstream, ${name}, ${label}`,
            value: sum(samples[name], 'read') / sum(samples[name], 'written'),
            unit: '',
            atLeast: 1,
            atMost: 1,
          });
        }
        all[label] = samples;
      }
    } finally {
      await Promise.all([raw.stop(), unrecorded.stop(), recorded.stop()]);
      await upstream.stop();
    }
    return {
      columns: ['', 'CPU µs/chunk', 'against raw', 'chunks/s', 'TTFB p50 ms', 'p99 ms', 'read/written', 'peak RSS MiB'],
      rows,
      figures,
      notes: [
        'a chunk is one of the transfer coding, as Node reads it: merged or split ones would show in read/written',
        'upstream and client are Node processes on the other core',
      ],
      samples: all,
    };
  },
};

function sum(samples: readonly StreamSample[], field: 'read' | 'written'): number {
  return samples.reduce((total, sample) => total + sample[field], 0);
}
