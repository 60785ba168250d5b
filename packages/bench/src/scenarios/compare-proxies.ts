import { CONTESTANT_CORE, type Contestant, OTHERS_CORE } from '../contestants/contestants.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { interleave } from '../measure/interleave.ts';
import { type LoadSample, measureLoad } from '../measure/measure-load.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { warmUp } from '../measure/warm-up.ts';
import type { NodeProcessOptions } from '../processes/node-process.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Figure, Measured } from '../scenario.ts';
import { CHAT_PATH, chatCalls, GATEWAY_PATH } from '../traffic/chat-calls.ts';

export interface ProxyComparison {
  readonly connections: readonly number[];
  start(upstream: string, options: NodeProcessOptions): Promise<{ raw: Contestant; gateway: Contestant }>;
  /** `ratio`: the gateway's CPU per request by the raw proxy's. */
  figures(found: { connections: number; ratio: number }): Figure[];
}

/** The gateway and the raw proxy in turns, under the same load, each alone on a core of its own. */
export async function compareProxies(bench: Bench, comparison: ProxyComparison): Promise<Measured> {
  const upstream = await startUpstream(bench);
  const servers = await comparison.start(upstream.origin, { core: CONTESTANT_CORE });
  const calls = chatCalls();
  const rows: string[][] = [];
  const figures: Figure[] = [];
  const all: Record<string, Record<string, LoadSample[]>> = {};
  try {
    for (const connections of comparison.connections) {
      const load = { calls, connections, seconds: bench.seconds, core: OTHERS_CORE };
      await warmUp(bench, { ...load, origin: servers.raw.origin, path: CHAT_PATH });
      await warmUp(bench, { ...load, origin: servers.gateway.origin, path: GATEWAY_PATH });
      const samples = await interleave(
        bench.rounds,
        {
          raw: () => measureLoad(bench, servers.raw, { ...load, path: CHAT_PATH }),
          gateway: () => measureLoad(bench, servers.gateway, { ...load, path: GATEWAY_PATH }),
        },
        { warmUp: false },
      );
      const cpu = (name: 'raw' | 'gateway') => samples[name].map(({ cpuUs }) => cpuUs);
      const cpuRatio = medianRatio(cpu('gateway'), cpu('raw'));
      for (const name of ['raw', 'gateway'] as const) {
        const own = samples[name];
        rows.push([
          `${name}, c=${connections}`,
          medianWithSpread(cpu(name)),
          name === 'gateway' ? ratio(cpuRatio) : '1',
          medianWithSpread(own.map(({ requestsPerSecond }) => requestsPerSecond)),
          number(median(own.map(({ p50Us }) => p50Us))),
          number(median(own.map(({ p99Us }) => p99Us))),
          number(Math.max(...own.map(({ peakRssMib }) => peakRssMib))),
        ]);
      }
      figures.push(...comparison.figures({ connections, ratio: cpuRatio }));
      all[`c=${connections}`] = samples;
    }
  } finally {
    await Promise.all([servers.raw.stop(), servers.gateway.stop()]);
    await upstream.stop();
  }
  return {
    columns: ['', 'CPU µs/request', 'against raw', 'requests/s', 'p50 µs', 'p99 µs', 'peak RSS MiB'],
    rows,
    figures,
    notes: ['1.5 kB request, 1.5 kB answer; ratios are medians of neighbouring pairs'],
    samples: all,
  };
}
