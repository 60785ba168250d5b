import { startRedis } from '@throughline/local-servers/redis';
import { openRedisSessionTotals } from '@throughline/session-totals/redis/redis-session-totals';
import type { SessionState } from '@throughline/session-totals/session-state';
import { samplePartition } from '@throughline/session-totals/session-state-samples';
import type { Fence } from '@throughline/session-totals/session-totals';
import { packSession } from '@throughline/session-totals/stored-value';
import { createRandom } from '@throughline/testkit/seed';
import { Redis } from 'ioredis';
import { foldShape, SESSION_SHAPES, type SessionShape } from '../contestants/session-shapes.ts';
import { watchCpu } from '../measure/cpu-watch.ts';
import { interleave } from '../measure/interleave.ts';
import { median, medianRatio } from '../measure/statistics.ts';
import { medianWithSpread, number, ratio } from '../report/format.ts';
import type { Figure, Scenario } from '../scenario.ts';

const SESSIONS = 10_000;
const BATCH = 1_000;
/** A second of work of Redis for the naive way, tens of ticks of the kernel's clock for the other. */
const BATCHES = { increments: 30, commits: 120 } as const;
/** The shape that stands for real traffic. */
const JUDGED = 'agent';

/** CPU, µs per event. */
interface Sample {
  readonly redisUs: number;
  readonly clientUs: number;
}

export const redisTotals: Scenario = {
  name: 'redis-totals',
  about: `CPU of Redis per event at ${SESSIONS.toLocaleString('en-US')} sessions, batches of ${BATCH}: a commit of owned totals against a pipeline of HINCRBY per event`,
  async run(bench) {
    const rows: string[][] = [];
    const figures: Figure[] = [];
    const all: Record<string, unknown> = {};
    const variants = [
      ...SESSION_SHAPES.map((shape) => ({ shape, appendOnly: true })),
      ...SESSION_SHAPES.filter(({ name }) => name === JUDGED).map((shape) => ({ shape, appendOnly: false })),
    ];
    for (const { shape, appendOnly } of variants) {
      const title = `${shape.name}: ${shape.calls} calls, ${shape.paths} paths${appendOnly ? '' : ', no append-only file'}`;
      bench.progress(title);
      await using redis = await startRedis({ appendOnly });
      await using commits = await openCommits(redis.url, shape);
      await using increments = await openIncrements(redis.url);
      const measure = async (apply: Contestant['apply'], count: number): Promise<Sample> => {
        const random = createRandom(count);
        const batches = Array.from({ length: count }, () =>
          Array.from({ length: BATCH }, () => Math.floor(random.next() * SESSIONS)),
        );
        const used = watchCpu({ redis: [redis.pid!], client: [process.pid] });
        for (const batch of batches) await apply(batch);
        const { redis: server, client } = used();
        const events = count * BATCH;
        return { redisUs: server.processUs / events, clientUs: client.processUs / events };
      };
      const samples = await interleave(bench.rounds, {
        increments: () => measure(increments.apply, BATCHES.increments),
        commits: () => measure(commits.apply, BATCHES.commits),
      });
      all[title] = samples;
      const of = (name: keyof typeof samples, what: keyof Sample) => samples[name].map((sample) => sample[what]);
      const less = medianRatio(of('increments', 'redisUs'), of('commits', 'redisUs'));
      rows.push([
        title,
        number(commits.stateBytes),
        medianWithSpread(of('increments', 'redisUs')),
        medianWithSpread(of('commits', 'redisUs')),
        ratio(less),
        number(median(of('increments', 'clientUs'))),
        number(median(of('commits', 'clientUs'))),
      ]);
      figures.push({
        name: `Redis CPU per event, HINCRBY per event against one commit per batch, ${number(commits.stateBytes)} bytes per session (${title})`,
        value: less,
        unit: 'x',
        ...(shape.name === JUDGED && appendOnly && { atLeast: 5 }),
      });
    }
    return {
      columns: [
        '',
        'bytes per session',
        'Redis µs/event: HINCRBY',
        'commit',
        'less by',
        'client µs/event: HINCRBY',
        'commit',
      ],
      rows,
      figures,
      notes: [
        `batches of ${BATCH} events of ${SESSIONS.toLocaleString('en-US')} sessions chosen at random, so that a batch touches about ${number(SESSIONS * (1 - (1 - 1 / SESSIONS) ** BATCH))} of them; traffic in which calls of a session come together costs less`,
        'HINCRBY: five of them, HSET and SADD per event, one pipeline per batch, counters only; it keeps no paths, sets, latencies or fence, and counts twice what is sent twice',
        'commit: the product’s, with everything that a session holds; states are folded by the aggregator’s own code',
        'append-only file synced every second, for both, but where it says not; CPU of the whole redis-server',
      ],
      samples: all,
    };
  },
};

interface Contestant extends AsyncDisposable {
  /** A batch of one event each for these sessions. */
  apply(sessions: readonly number[]): Promise<void>;
}

/** The product's way: the owner holds the totals and writes those that a batch touched, with the fence. */
async function openCommits(url: string, shape: SessionShape): Promise<Contestant & { readonly stateBytes: number }> {
  const totals = await openRedisSessionTotals({ url, partitions: 1, namespace: 'bench', onWarning: () => {} });
  const folded = foldShape(shape);
  const states: SessionState[] = Array.from({ length: SESSIONS }, (_, i) => ({ ...folded, sessionId: sessionId(i) }));
  let fence: Fence | undefined;
  const commit = async (touched: readonly SessionState[], events: number) => {
    const next: Fence = { logId: 'log', offset: (fence?.offset ?? -1) + events, epoch: 1 };
    const outcome = await totals.commit(0, fence, samplePartition(next.offset, { fence: next }), touched);
    if (outcome !== 'committed') throw new Error(`a commit was ${outcome}`);
    fence = next;
  };
  for (let from = 0; from < SESSIONS; from += BATCH) await commit(states.slice(from, from + BATCH), BATCH);
  return {
    stateBytes: packSession(states[0]!).length,
    async apply(sessions) {
      const touched = new Set(sessions);
      for (const i of sessions) {
        const state = states[i]!;
        states[i] = { ...state, requests: state.requests + 1, promptTokens: state.promptTokens + 278n };
      }
      await commit(
        Array.from(touched, (i) => states[i]!),
        sessions.length,
      );
    },
    [Symbol.asyncDispose]: () => totals.close(),
  };
}

/** What one would write first. */
async function openIncrements(url: string): Promise<Contestant> {
  const client = new Redis(url);
  let at = Date.UTC(2026, 10, 1);
  return {
    async apply(sessions) {
      const pipeline = client.pipeline();
      for (const i of sessions) {
        const key = `session:${sessionId(i)}`;
        pipeline.hincrby(key, 'requests', 1);
        pipeline.hincrby(key, 'prompt_tokens', 278);
        pipeline.hincrby(key, 'completion_tokens', 243);
        pipeline.hincrby(key, 'cost_pico', 187_500_000);
        pipeline.hincrby(key, 'latency_ms', 900);
        pipeline.hset(key, 'latest', at++);
        pipeline.sadd('dirty', sessionId(i));
      }
      for (const [error] of (await pipeline.exec()) ?? []) if (error) throw error;
    },
    [Symbol.asyncDispose]: async () => void (await client.quit()),
  };
}

function sessionId(i: number): string {
  return `0190f0a0-1b2c-7d3e-8f40-${String(i).padStart(12, '0')}`;
}
