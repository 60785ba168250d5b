import { afterEach, describe, expect, test } from '@jest/globals';
import { seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import { openEventStream } from '../../../../services/query/test/event-stream.ts';
import { metric, startWorld, type World } from './support/distributed-world.ts';

/** Servers and services up, a load, what is read back, on a busy machine. */
const TEST_MS_MAX = 240_000;

let world: World | undefined;
afterEach(async () => {
  await world?.[Symbol.asyncDispose]();
  world = undefined;
}, 60_000);

/** As a client does that is told to try again, on a machine that is too busy for two seconds. */
async function say({ api }: World, method: string, path: string, body: unknown): Promise<number> {
  return await waitFor(
    async () => {
      const { status, body: answer } = await api.call(method, path, body);
      if (status === 503) throw new Error(JSON.stringify(answer));
      return status;
    },
    { what: `${method} ${path}`, timeoutMs: 30_000 },
  );
}

describe('what is said after the fact, over Kafka, Redis and ClickHouse', () => {
  test(
    'shows in the next read while calls go on, survives aggregators and the query service dying, and the audit is clean',
    async () => {
      const seed = seedFromEnv('annotations over servers');
      world = await startWorld({ seed, aggregators: 2, partitions: 2 });
      const { api } = world;
      const stream = await openEventStream(`${world.query.url}/v1/live`, world.key);
      const { data: before } = await stream.next(({ name }) => name === 'changed');
      const load = world.load();
      const rated: { id: string; session: string }[] = [];
      try {
        for (let i = 0; i < 8; i++) {
          const request = await waitFor(
            async () => {
              const found = (await api.requests()).find(
                ({ request_id, session_id }) => session_id !== null && !rated.some(({ id }) => id === request_id),
              );
              if (!found) throw new Error('none yet');
              return found;
            },
            { what: 'a request', timeoutMs: 30_000 },
          );
          const { request_id: id, session_id: session } = request;
          const path = `/v1/session/${encodeURIComponent(session!)}`;
          expect(await say(world, 'PUT', `/v1/request/${id}/property`, { key: 'round', value: `${i}` })).toBe(201);
          expect(await api.request(id)).toMatchObject({ properties: { round: `${i}` } });
          expect(await say(world, 'POST', `/v1/request/${id}/score`, { scores: { round: i } })).toBe(201);
          expect(await api.request(id)).toMatchObject({ scores: { round: i } });
          expect(await say(world, 'POST', `${path}/tag`, { tag: `round ${i}` })).toBe(200);
          expect((await api.call('GET', `${path}/tag`)).body).toEqual({ data: `round ${i}`, error: null });
          const tagged = await api.sessions();
          expect(tagged.find(({ session_id }) => session_id === session)).toMatchObject({ tag: `round ${i}` });
          rated.push({ id, session: session! });
          if (i === 3) {
            await world.aggregators[0]!.kill('SIGKILL');
            await world.aggregators[0]!.start();
          }
          if (i === 4) {
            const wanted = before.annotations + 4;
            const { data } = await stream.next(({ name, data }) => name === 'changed' && data.annotations >= wanted);
            // What a page then asks for has it.
            const count = await api.call('POST', '/v1/request/count/query', { filter: 'all' });
            expect((count.body as { data: number }).data).toBeGreaterThanOrEqual(data.requests);
            const { body } = await api.call('GET', '/v1/system/status');
            expect(body).toMatchObject({ data: { mode: 'servers', partitions: [{ partition: 0 }, { partition: 1 }] } });
          }
          if (i === 5) {
            await world.query.kill('SIGKILL');
            await world.query.start();
          }
        }
      } finally {
        await load.stop();
      }
      await world.exact();
      const last = new Map(rated.map(({ session }, i) => [session, `round ${i}`]));
      for (const [session, tag] of last) expect(await api.session(session)).toMatchObject({ tag });
      const report = await world.cleanAudit();
      const stored = report.partitions.reduce((sum, partition) => sum + partition.stored.annotations, 0);
      // Those answered 503 and said again are there as well.
      expect(stored).toBeGreaterThanOrEqual(24);
      expect(await metric(world.query, 'throughline_outbox_events')).toBe(0);
    },
    TEST_MS_MAX,
  );
});
