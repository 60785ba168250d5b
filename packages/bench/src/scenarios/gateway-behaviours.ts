import { createTempDir } from '@throughline/testkit/temp-dir';
import { CONTESTANT_CORE, OTHERS_CORE, startGateway, startRawProxy } from '../contestants/contestants.ts';
import { RECORDED_SESSION } from '../contestants/recorded-session.ts';
import { startUpstream } from '../contestants/upstream.ts';
import { interleave } from '../measure/interleave.ts';
import { type LoadSample, measureLoad } from '../measure/measure-load.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { warmUp } from '../measure/warm-up.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Figure, Scenario } from '../scenario.ts';
import { CHAT_PATH, chatCalls, GATEWAY_PATH, type PreparedCall } from '../traffic/chat-calls.ts';

const CONNECTIONS = 64;

type Name = 'raw' | 'none' | 'limit' | 'hit' | 'cassette';

/** What calls carry beside the headers of a session. */
const HEADERS: Readonly<Record<Exclude<Name, 'raw'>, Readonly<Record<string, string>>>> = {
  none: {},
  limit: { 'helicone-ratelimit-policy': '1000000000;w=3600;s=user' },
  hit: { 'helicone-cache-enabled': 'true' },
  cassette: { 'throughline-replay': RECORDED_SESSION },
};

const TITLES: Readonly<Record<Name, string>> = {
  raw: 'raw Node, to the provider',
  none: 'no behaviour, to the provider',
  limit: 'rate limit of each user, to the provider',
  hit: 'response cache, always a hit',
  cassette: 'recorded session, always a hit',
};

const NAMES = Object.keys(TITLES) as Name[];

export const gatewayBehaviours: Scenario = {
  name: 'gateway-behaviours',
  about:
    'calls with a rate limit, from the response cache and from a recorded session, against calls without, all recorded',
  async run(bench) {
    await using dir = await createTempDir('bench-log');
    await using state = await createTempDir('bench-calls');
    const upstream = await startUpstream(bench);
    const options = { core: CONTESTANT_CORE };
    const raw = await startRawProxy(bench, upstream.origin, options);
    const gateway = await startGateway(
      bench,
      upstream.origin,
      { record: 'log', dir: dir.path, state: state.path },
      { ...options, profile: 'gateway-behaviours' },
    );
    try {
      const loadOf = (name: Name) => ({
        calls: name === 'raw' ? chatCalls() : callsWith(HEADERS[name]),
        path: name === 'raw' ? CHAT_PATH : GATEWAY_PATH,
        connections: CONNECTIONS,
        seconds: bench.seconds,
        core: OTHERS_CORE,
      });
      const contestantOf = (name: Name) => (name === 'raw' ? raw : gateway);
      const measures = {} as Record<Name, () => Promise<LoadSample>>;
      for (const name of NAMES) {
        const load = loadOf(name);
        bench.progress(`warming up: ${TITLES[name]}`);
        await warmUp(bench, { ...load, origin: contestantOf(name).origin });
        measures[name] = () => measureLoad(bench, contestantOf(name), load);
      }
      const samples = await interleave(bench.rounds, measures, { warmUp: false });
      const cpu = (name: Name) => samples[name].map(({ cpuUs }) => cpuUs);
      const added = median(cpu('limit').map((us, at) => us - cpu('none')[at]!));
      const perSecond = (name: Name) => median(samples[name].map(({ requestsPerSecond }) => requestsPerSecond));
      const figures: Figure[] = [
        { name: 'CPU that a rate limit adds to a call', value: added, unit: 'µs', atMost: 10 },
        { name: 'CPU of a cache hit', value: median(cpu('hit')), unit: 'µs', atMost: 60 },
        { name: 'cache hits', value: perSecond('hit'), unit: '/s', atLeast: 12_000 },
        { name: 'CPU of an answer from a recorded session', value: median(cpu('cassette')), unit: 'µs', atMost: 80 },
      ];
      return {
        columns: ['', 'CPU µs/request', 'against raw', 'requests/s', 'p50 µs', 'p99 µs'],
        rows: NAMES.map((name) => [
          TITLES[name],
          medianWithSpread(cpu(name)),
          name === 'raw' ? '1' : ratio(medianRatio(cpu(name), cpu('raw'))),
          medianWithSpread(samples[name].map(({ requestsPerSecond }) => requestsPerSecond)),
          number(median(samples[name].map(({ p50Us }) => p50Us))),
          number(median(samples[name].map(({ p99Us }) => p99Us))),
        ]),
        figures,
        notes: [
          `${CONNECTIONS} connections, 1.5 kB request, 1.5 kB answer, one gateway process with its state in LMDB; CPU of all its threads`,
          'answers from a recorded session: calls without a session of their own, so that none runs out of answers',
        ],
        samples,
      };
    } finally {
      await Promise.all([raw.stop(), gateway.stop()]);
      await upstream.stop();
    }
  },
};

function callsWith(more: Readonly<Record<string, string>>): PreparedCall[] {
  const isReplay = 'throughline-replay' in more;
  return chatCalls().map(({ headers, ...call }) => {
    const { 'helicone-session-id': session, ...rest } = headers;
    return { ...call, headers: { ...rest, ...(!isReplay && { 'helicone-session-id': session! }), ...more } };
  });
}
