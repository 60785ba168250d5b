import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type S3Server, startS3 } from '@throughline/local-servers/s3';
import type { ApiRequest } from '@throughline/testkit/api-client';
import { scriptHeader } from '@throughline/testkit/fake-provider/script';
import { rawCall } from '@throughline/testkit/raw-call';
import { seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import { metric, startWorld, type World } from './support/distributed-world.ts';

/** Servers and services up, and each test, on a busy machine. */
const START_MS_MAX = 180_000;
const TEST_MS_MAX = 120_000;
const VISIBLE_MS_MAX = 60_000;

const MIB = 1024 * 1024;
/** Tokens of an answer of somewhat more than 12 MiB. */
const WORDS = 2_500_000;

describeWithServers(['kafka', 'redis', 's3'], 'bodies that are too large for Kafka', () => {
  let s3: S3Server;
  let world: World;
  beforeAll(async () => {
    s3 = await startS3();
    world = await startWorld({
      seed: seedFromEnv('large bodies'),
      partitions: 2,
      aggregators: 1,
      env: {
        ...s3.env,
        BODY_STORE_URL: `s3://bodies/large?endpoint=${s3.endpoint}&forcePathStyle=true`,
        BODY_STORE_WAIT_SECONDS: '2',
        OUTBOX_AGE_MAX_HOURS: '1',
      },
    });
  }, START_MS_MAX);
  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    await s3?.remove();
  }, TEST_MS_MAX);

  const objects = () =>
    readdirSync(join(s3.dataDir, 'bodies'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /-(?:request|response)$/.test(name),
    );

  /** One chat completion; the response as the client received it. */
  async function call(session: string, promptBytes: number, words: number) {
    const [gateway] = world.gateways;
    const request = JSON.stringify({
      model: 'gpt-4o-mini',
      messages: [{ role: 'user', content: 'Say it again. '.repeat(promptBytes / 14) }],
    });
    const answer = await rawCall({
      url: `${gateway!.url}/v1/gateway/oai/v1/chat/completions`,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer provider-key',
        'helicone-auth': `Bearer ${world.key}`,
        'helicone-session-id': session,
        ...scriptHeader({ words, tools: false }),
      },
      body: request,
    });
    expect([answer.status, answer.end]).toEqual([200, 'complete']);
    return { request, response: answer.body.toString() };
  }

  const recorded = (session: string): Promise<ApiRequest> =>
    waitFor(
      async () => {
        const [row, ...more] = await world.api.sessionRequests(session);
        expect(more).toEqual([]);
        return row && (await world.api.request(row.request_id));
      },
      { what: `the call of session ${session}`, timeoutMs: VISIBLE_MS_MAX, intervalMs: 200 },
    );

  function expectWhole(row: ApiRequest, sent: { readonly request: string; readonly response: string }): void {
    // Not by toEqual: a difference of megabytes would be printed.
    expect(JSON.stringify(row.request_body) === sent.request).toBe(true);
    expect(JSON.stringify(row.response_body) === sent.response).toBe(true);
    const { usage } = JSON.parse(sent.response) as { usage: { prompt_tokens: number; completion_tokens: number } };
    const cached = row.prompt_cache_read_tokens ?? 0;
    expect((row.prompt_tokens ?? 0) + cached).toBe(usage.prompt_tokens);
    expect(row.completion_tokens).toBe(usage.completion_tokens);
    const cost = (row.prompt_tokens! * 0.15 + cached * 0.075 + row.completion_tokens! * 0.6) / 1e6;
    expect(row.cost).toBeCloseTo(cost, 11);
    expect(row).toMatchObject({ request_truncated: false, response_truncated: false, usage_complete: true });
  }

  test(
    'come back equal, with usage and cost, and leave nothing large in Kafka',
    async () => {
      const sent = await call('large', MIB, WORDS);
      expect(sent.response.length).toBeGreaterThan(12 * MIB);
      expect(sent.request.length).toBeGreaterThan(0.99 * MIB);
      const small = await call('small', 100, 10);
      expectWhole(await recorded('large'), sent);
      expectWhole(await recorded('small'), small);
      expect(objects()).toHaveLength(2);
      const [gateway] = world.gateways;
      expect(await metric(gateway!, 'throughline_body_store_uploads_total')).toBe(2);
      expect(await metric(gateway!, 'throughline_outbox_replaced_events')).toBe(0);
    },
    TEST_MS_MAX,
  );

  test(
    'are taken along with their session, by way of the body store again',
    async () => {
      const before = objects().length;
      const headers = { authorization: `Bearer ${world.key}` };
      const exported = async (session: string) =>
        Buffer.from(
          await (await fetch(`${world.query.url}/v1/session/${session}/export?mask=false`, { headers })).arrayBuffer(),
        );
      const file = await exported('large');
      const answer = await fetch(`${world.query.url}/v1/session/import?as=taken`, {
        method: 'POST',
        headers,
        body: new Uint8Array(file),
      });
      expect([answer.status, await answer.json()]).toMatchObject([
        200,
        { data: { session_id: 'taken', imported: 1, shortened: 0, differences: [] } },
      ]);
      const bodiesOf = (bytes: Buffer) => {
        const { request, response } = JSON.parse(bytes.toString().split('\n')[1]!) as Record<string, unknown>;
        return JSON.stringify([request, response]);
      };
      expect(bodiesOf(await exported('taken')) === bodiesOf(file)).toBe(true);
      expect(objects()).toHaveLength(before + 2);
    },
    TEST_MS_MAX,
  );

  test(
    'wait in the outbox while the store is down, and are counted once when the gateway dies between upload and send',
    async () => {
      const [gateway] = world.gateways;
      const before = objects().length;
      await s3.stop();
      const sent = await call('waiting', MIB, 50);
      await waitFor(async () => (await metric(gateway!, 'throughline_body_store_upload_failures_total')) > 1, {
        timeoutMs: VISIBLE_MS_MAX,
      });
      expect(await metric(gateway!, 'throughline_outbox_events')).toBe(1);
      // It goes on serving: what waits is on its disk.
      expect((await fetch(`${gateway!.url}/readyz`)).status).toBe(200);
      expect((await fetch(`${world.aggregators[0]!.url}/readyz`)).status).toBe(503);
      await gateway!.kill('SIGKILL');
      await s3.restart();
      await gateway!.start({ THROUGHLINE_CRASH_AT: 'outbox:before-send' }).catch((error: unknown) => {
        if (gateway!.pid !== undefined) throw error;
      });
      expect((await gateway!.exited()).signal).toBe('SIGKILL');
      expect(objects()).toHaveLength(before + 1);
      expect(await world.api.session('waiting')).toBeUndefined();
      await gateway!.start();
      expectWhole(await recorded('waiting'), sent);
      expect(objects()).toHaveLength(before + 1);
    },
    TEST_MS_MAX,
  );

  test(
    'are waited for by an aggregator that was not told of a store, which says so and is not ready',
    async () => {
      const [aggregator] = world.aggregators;
      await aggregator!.kill('SIGTERM');
      await aggregator!.start({ BODY_STORE_URL: '' });
      const sent = await call('unknowing', MIB, 50);
      await waitFor(
        async () => {
          const answer = await fetch(`${aggregator!.url}/readyz`);
          expect([answer.status, await answer.text()]).toEqual([
            503,
            expect.stringContaining('set it as gateways have'),
          ]);
          return true;
        },
        { timeoutMs: VISIBLE_MS_MAX, what: 'an aggregator that is not ready' },
      );
      await aggregator!.kill('SIGTERM');
      await aggregator!.start();
      expectWhole(await recorded('unknowing'), sent);
    },
    TEST_MS_MAX,
  );

  test(
    'are waited for by the aggregator while the store is down, and named when the store has lost them',
    async () => {
      const [gateway] = world.gateways;
      const [aggregator] = world.aggregators;
      await aggregator!.kill('SIGTERM');
      const known = new Set(objects());
      const lost = await call('lost', MIB, 50);
      await waitFor(async () => (await metric(gateway!, 'throughline_outbox_events')) === 0, {
        timeoutMs: VISIBLE_MS_MAX,
      });
      const [object, ...others] = objects().filter((name) => !known.has(name));
      expect(others).toEqual([]);
      rmSync(join(s3.dataDir, 'bodies', object!));
      const late = await call('late', MIB, 50);
      await waitFor(async () => (await metric(gateway!, 'throughline_outbox_events')) === 0, {
        timeoutMs: VISIBLE_MS_MAX,
      });
      await s3.stop();
      // It says that it is not ready, and works on what needs no store.
      const ready = aggregator!.start();
      await waitFor(async () => (await metric(aggregator!, 'throughline_aggregator_body_fetch_failures_total')) > 2, {
        timeoutMs: VISIBLE_MS_MAX,
      });
      expect(await world.api.session('late')).toBeUndefined();
      await s3.restart();
      await ready;
      expectWhole(await recorded('late'), late);
      const row = await recorded('lost');
      expect(row).toMatchObject({
        request_truncated: true,
        response_truncated: false,
        model: 'gpt-4o-mini-2024-07-18',
      });
      expect(JSON.stringify(row.request_body)).toContain('lost');
      expect(JSON.stringify(row.response_body)).toBe(lost.response);
      expect(await metric(aggregator!, 'throughline_aggregator_bodies_missing_total')).toBe(1);
      await waitFor(() => aggregator!.stdout.includes(object!.split('/').at(-1)!), { what: 'the name in its log' });
      await world.cleanAudit();
    },
    TEST_MS_MAX,
  );
});
