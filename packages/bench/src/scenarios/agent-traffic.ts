import { startAgentUpstream } from '../contestants/contestants.ts';
import { proxies, type RunningProxy } from '../contestants/proxies.ts';
import { startContestants } from '../contestants/start-contestants.ts';
import { type AgentResult, runAgentLoad } from '../load/agent-load.ts';
import { interleave } from '../measure/interleave.ts';
import { measureProxyUse } from '../measure/measure-proxy.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { besideNotes } from '../report/beside-notes.ts';
import { contestantRows } from '../report/contestant-rows.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Scenario } from '../scenario.ts';

const SESSIONS = 64;

interface AgentSample extends AgentResult {
  /** CPU time of all of its processes per call, µs. */
  readonly cpuUs: number;
  /** Of what it has beside itself. */
  readonly besideUs: number;
  readonly callsPerSecond: number;
  readonly rssMib: number;
}

export const agentTraffic: Scenario = {
  name: 'agent-traffic',
  about: `agents whose requests hold all messages before them, ${SESSIONS} sessions at once, through us and other gateways`,
  async run(bench) {
    await using stack = new AsyncDisposableStack();
    const upstream = stack.adopt(await startAgentUpstream(bench), (one) => one.stop());
    const contestants = proxies(bench);
    const { running, notes } = await startContestants(bench, contestants, upstream.origin, stack);
    const failed: string[] = [];
    const names: string[] = [];
    for (const { name, title } of contestants.filter((one) => running[one.name])) {
      bench.progress(`${title} is warmed up`);
      const problem = await measure(bench, running[name]!, -1).then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (problem === undefined) names.push(name);
      else
        failed.push(`${title} is left out: it did not answer all calls of the first ${bench.seconds} s (${problem})`);
    }
    const measures = Object.fromEntries(
      names.map((name) => [name, (round: number) => measure(bench, running[name]!, round)]),
    );
    const samples = await interleave(bench.rounds, measures, { warmUp: false });
    const cpu = (name: string) => samples[name]!.map(({ cpuUs }) => cpuUs);
    const all = Object.values(samples).flat();
    const sum = (what: 'bytes' | 'calls' | 'conversations') => all.reduce((total, sample) => total + sample[what], 0);
    return {
      columns: ['', 'CPU µs/call', 'of raw Node', 'of ours, logged', 'calls/s', 'p50 ms', 'p99 ms', 'RSS MiB'],
      rows: contestantRows(contestants, samples, (name, own) => {
        const of = (what: keyof AgentSample) => own.map((sample) => sample[what]);
        return [
          medianWithSpread(cpu(name)),
          ratio(medianRatio(cpu(name), cpu('raw'))),
          ratio(medianRatio(cpu(name), cpu('logged'))),
          medianWithSpread(of('callsPerSecond')),
          number(median(of('p50Ms'))),
          number(median(of('p99Ms'))),
          number(Math.max(...of('rssMib'))),
        ];
      }),
      figures: [
        {
          name: 'agent traffic: gateway CPU per call, all logged, against raw Node',
          value: medianRatio(cpu('logged'), cpu('raw')),
          unit: 'x',
        },
      ],
      notes: [
        `${bench.conversations === undefined ? 'made-up conversations (--conversations names a folder)' : 'conversations of the folder that was named'}: ${number(sum('bytes') / sum('calls') / 1_000)} kB a request, ${number(sum('calls') / sum('conversations'))} calls a conversation`,
        ...besideNotes(running, { 'a call': samples }),
        ...notes,
        ...failed,
      ],
      samples,
    };
  },
};

let runs = 0;

async function measure(bench: Bench, proxy: RunningProxy, round: number): Promise<AgentSample> {
  const { origin, chat } = proxy;
  const { result, cpuUs, besideUs, rssMib } = await measureProxyUse(proxy, () =>
    runAgentLoad(bench, {
      origin,
      target: chat,
      ...(bench.conversations !== undefined && { folder: bench.conversations }),
      sessions: SESSIONS,
      seconds: bench.seconds,
      run: `${round}-${runs++}`,
    }),
  );
  const { calls, seconds } = result;
  return { ...result, cpuUs: cpuUs / calls, besideUs: besideUs / calls, callsPerSecond: calls / seconds, rssMib };
}
