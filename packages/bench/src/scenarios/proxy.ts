import { CONTESTANT_CORE } from '../contestants/contestants.ts';
import { proxies, type RunningProxy } from '../contestants/proxies.ts';
import { startContestants } from '../contestants/start-contestants.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { interleave } from '../measure/interleave.ts';
import { measureProxy, type ProxySample } from '../measure/measure-proxy.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { besideNotes } from '../report/beside-notes.ts';
import { contestantRows } from '../report/contestant-rows.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Bench, Figure, Scenario } from '../scenario.ts';

/** Bytes of a request, about. */
const SIZES = [1_500, 30_000];
const CONNECTIONS = [1, 16, 64];
/** At which CPU is compared: neither one core waits for the other, nor does a queue stand. */
const COMPARED = 16;
/** Whatever has a compiler that learns gets so many calls first, or so much time. */
const WARM_UP = { calls: 30_000, secondsMax: 12 };

/** What each of the others is to take more than we do with everything logged. */
const PEERS_AT_LEAST: Readonly<Record<string, number>> = { tensorzero: 3.5, portkey: 13, litellm: 150 };

export const proxy: Scenario = {
  name: 'proxy',
  about:
    'chat completions of 1.5 and 30 kB to the provider itself, through us, what one would write or configure without us, and other gateways',
  async run(bench) {
    await using stack = new AsyncDisposableStack();
    const upstream = stack.adopt(await startUpstream(bench), (one) => one.stop());
    const contestants = proxies(bench);
    const { running, notes } = await startContestants(bench, contestants, upstream.origin, stack);
    for (const [name, one] of Object.entries(running)) {
      bench.progress(`${name} is warmed up`);
      await warmUp(bench, one);
    }
    const names = Object.keys(running);
    const rows: string[][] = [];
    const figures: Figure[] = [];
    const all: Record<string, Record<string, ProxySample[]>> = {};
    for (const bytes of SIZES) {
      for (const connections of CONNECTIONS) {
        bench.progress(`${bytes} B, c=${connections}`);
        const load = { bytes, connections, seconds: bench.seconds };
        const measures = Object.fromEntries(
          names.map((name) => [name, () => measureProxy(bench, running[name]!, load)]),
        );
        all[`${bytes} B, c=${connections}`] = await interleave(bench.rounds, measures, { warmUp: false });
      }
      const of = (name: string, connections: number) => all[`${bytes} B, c=${connections}`]![name]!;
      const cpu = (name: string, connections = COMPARED) => of(name, connections).map(({ cpuUs }) => cpuUs);
      const sized = contestants.map((one) => ({ ...one, title: `${one.title}, ${number(bytes / 1_000)} kB` }));
      rows.push(
        ...contestantRows(sized, all[`${bytes} B, c=${COMPARED}`]!, (name) => {
          const at = (connections: number, what: keyof ProxySample) =>
            median(of(name, connections).map((sample) => sample[what]));
          return [
            ...CONNECTIONS.map((connections) => medianWithSpread(cpu(name, connections))),
            ratio(medianRatio(cpu(name), cpu('raw'))),
            ratio(medianRatio(cpu(name), cpu('logged'))),
            number(at(COMPARED, 'requestsPerSecond')),
            number(at(1, 'p50Us')),
            number(at(COMPARED, 'p99Us')),
            number(Math.max(...CONNECTIONS.map((connections) => at(connections, 'rssMib')))),
          ];
        }),
      );
      if (bytes !== SIZES[0]) continue;
      figures.push({
        name: 'gateway CPU per request, nothing logged, against raw Node',
        value: medianRatio(cpu('unlogged'), cpu('raw')),
        unit: 'x',
        atMost: 1.15,
      });
      figures.push({
        name: 'gateway CPU per request, bodies captured and durably logged, against raw Node',
        value: medianRatio(cpu('logged'), cpu('raw')),
        unit: 'x',
        atMost: 1.4,
      });
      for (const { name, title } of contestants.filter((one) => one.name in PEERS_AT_LEAST && running[one.name])) {
        figures.push({
          name: `CPU per request of ${title}, which logs nothing here, against our gateway that logs all`,
          value: medianRatio(cpu(name), cpu('logged')),
          unit: 'x',
          atLeast: PEERS_AT_LEAST[name]!,
        });
      }
    }
    return {
      columns: [
        'CPU µs per request',
        ...CONNECTIONS.map((connections) => `c=${connections}`),
        `of raw Node, c=${COMPARED}`,
        `of ours, logged, c=${COMPARED}`,
        `requests/s, c=${COMPARED}`,
        'p50 µs, c=1',
        `p99 µs, c=${COMPARED}`,
        'RSS MiB',
      ],
      rows,
      figures,
      notes: [
        `each alone on core ${CONTESTANT_CORE} with all of its processes, load and provider on the other; the others wait meanwhile`,
        'answers of 1.5 kB; ratios are medians of neighbouring rounds',
        'over Kafka: `throughline gateway`, until Kafka has every event',
        ...besideNotes(running, all),
        ...notes,
      ],
      samples: all,
    };
  },
};

async function warmUp(bench: Bench, one: RunningProxy): Promise<void> {
  const start = performance.now();
  let calls = 0;
  while (calls < WARM_UP.calls && performance.now() - start < WARM_UP.secondsMax * 1_000) {
    calls += (await measureProxy(bench, one, { connections: COMPARED, seconds: bench.seconds })).requests;
  }
}
