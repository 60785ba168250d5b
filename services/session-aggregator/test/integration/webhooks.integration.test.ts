import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { AnalyticsError } from '@throughline/analytics/analytics-store';
import { sampleRequestRow } from '@throughline/analytics/sample-rows';
import type { WebhookDeliveryRow, WebhookRow } from '@throughline/analytics/table-rows';
import { encodeRows } from '@throughline/analytics/tables';
import { newEventId } from '@throughline/contracts/ids';
import type { RequestRow } from '@throughline/contracts/request-row';
import { createSignedLinks } from '@throughline/http/signed-links';
import type { Resolve } from '@throughline/outbound/checked-lookup';
import { createTargetPolicy } from '@throughline/outbound/target-policy';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics, type Metrics } from '@throughline/telemetry/metrics';
import { waitFor } from '@throughline/testkit/wait-for';
import {
  isSignedFor,
  isStandardSigned,
  startWebhookReceiver,
  type WebhookReceiver,
} from '@throughline/testkit/webhook-receiver';
import fc from 'fast-check';
import { readPartitionRows } from '../../src/read-request-rows.ts';
import { findUndelivered } from '../../src/webhooks/find-undelivered.ts';
import { flaggedCall } from '../../src/webhooks/flagged-call.ts';
import { purgeDeliveries } from '../../src/webhooks/purge-deliveries.ts';
import { selectsCall } from '../../src/webhooks/selects-call.ts';
import type { Webhook } from '../../src/webhooks/webhook.ts';
import type { WebhookConfig } from '../../src/webhooks/webhook-config.ts';
import { createWebhookDeliverer, type WebhookDeliverer } from '../../src/webhooks/webhook-deliverer.ts';
import { World } from '../aggregator-world.ts';
import { type Call, callEvent } from '../calls.ts';
import { useEmbeddedStore } from '../embedded-store.ts';

const store = useEmbeddedStore('webhooks');

const QUICK: Partial<WebhookConfig> = {
  roundMs: 1,
  failedRoundMs: 1,
  writeMs: 1,
  firstWaitMs: 1,
  waitFactor: 1,
  pauseMs: 1,
  pauseMsMax: 1,
};
const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 9, 1);

let receiver: WebhookReceiver;
let other: WebhookReceiver;
beforeAll(async () => {
  receiver = await startWebhookReceiver();
  other = await startWebhookReceiver();
});
afterAll(async () => {
  await receiver.close();
  await other.close();
});

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  for (const one of [receiver, other]) {
    one.answer = () => ({ status: 200 });
    (one.received as unknown[]).length = 0;
  }
});

interface Delivering {
  readonly config?: Partial<WebhookConfig>;
  readonly allowedTargets?: readonly string[];
  readonly resolve?: Resolve;
  readonly analytics?: AnalyticsStore;
  readonly metrics?: Metrics;
  readonly now?: () => number;
}

function deliverer(options: Delivering = {}): WebhookDeliverer {
  const { allowedTargets = [receiver.host, other.host], resolve, analytics, metrics, now = Date.now } = options;
  const one = createWebhookDeliverer({
    analytics: analytics ?? store.analytics,
    policy: createTargetPolicy({ allowedTargets, trustedOrigins: new Set() }),
    ...(resolve && { resolve }),
    links: createSignedLinks({ secret: 'a secret of the tests, long enough to sign', clock: { now: () => 0 } }),
    config: { ...QUICK, ...options.config },
    logger: createLogger('test', { level: 'silent' }),
    metrics: metrics ?? createMetrics(),
    now,
  });
  closing.push(() => one.close());
  return one;
}

let webhooks = 0;

/** A webhook of the world's tenant that was made long ago. */
async function makeWebhook({ tenant }: Pick<World, 'tenant'>, over: Partial<WebhookRow> = {}): Promise<WebhookRow> {
  const number = ++webhooks;
  const row: WebhookRow = {
    tenant_id: tenant,
    webhook_id: `webhook-${number}`,
    name: '',
    destination: `${receiver.url}/${number}`,
    secret: `whsec_${Buffer.alloc(32, number).toString('base64')}`,
    include_data: true,
    sample_rate: 100,
    property_filters: [],
    api_origin: 'https://api.example',
    created_at: Date.now() - 2 * DAY_MS,
    version: 0n,
    is_deleted: 0,
    ...over,
  };
  await store.analytics.insert(encodeRows('webhooks', [row]));
  return row;
}

async function newWorld(): Promise<World> {
  const world = await World.create(store.analytics);
  closing.push(() => world.destroy());
  return world;
}

/** An owner with a deliverer beside it, that has applied what the log holds. */
async function own(world: World, options: Delivering = {}): Promise<{ stop: () => Promise<void> }> {
  const one = deliverer(options);
  const life = world.start({ webhooks: one });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= life.stop().then(() => one.close());
    return stopped;
  };
  closing.push(stop);
  await life.caughtUp();
  return { stop };
}

function append(world: World, { flag = true, ...call }: Partial<Call> & { flag?: boolean } = {}): string {
  const event = {
    ...callEvent({ tenant: world.tenant, session: 's', ...call }),
    ...(flag && { webhook: true as const }),
  };
  world.log.append(event, 'p');
  return event.request_id;
}

const told = (one: WebhookReceiver = receiver) => one.received.map(({ json }) => json.request_id as string);

/** Resolves when as many deliveries are there in a state. */
async function deliveries(world: World, state: WebhookDeliveryRow['state'], count: number) {
  return await waitFor(
    async () => {
      const rows = await store.analytics.query<{ request_id: string; tries: number; status: number; reason: string }>({
        sql: `SELECT request_id, tries, status, reason FROM webhook_deliveries FINAL
          WHERE tenant_id = {tenant:String} AND state = {state:String} ORDER BY received_at, source_offset`,
        params: { tenant: world.tenant, state },
      });
      return rows.length >= count ? rows : undefined;
    },
    { what: `${count} deliveries that are ${state}` },
  );
}

describe('a webhook', () => {
  test('is told of each call that is flagged, signed in both ways, and of no other', async () => {
    const world = await newWorld();
    const webhook = await makeWebhook(world, { destination: `${receiver.url}/told?by=us` });
    append(world, { flag: false });
    const flagged = append(world, {
      name: 'Chat',
      path: '/a',
      user: 'ada',
      properties: [
        ['__proto__', 'x'],
        ['env', 'prod'],
      ],
      promptTokens: 7,
      completionTokens: 3,
      startedAt: Date.UTC(2026, 10, 1),
      latencyMs: 1_200,
    });
    await own(world);
    expect(await deliveries(world, 'delivered', 1)).toEqual([
      { request_id: flagged, tries: 1, status: 200, reason: '' },
    ]);
    expect(told()).toEqual([flagged]);
    const [received] = receiver.received;
    expect(received!.path).toBe('/told?by=us');
    expect(received!.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(isSignedFor(webhook.secret, received!)).toBe(true);
    expect(isStandardSigned(webhook.secret, received!)).toBe(true);
    expect(isSignedFor('whsec_another', received!)).toBe(false);
    const { request_body, response_body, request_response_url, properties, ...rest } = received!.json;
    expect(rest).toEqual({
      request_id: flagged,
      user_id: 'ada',
      session_id: 's',
      session_name: 'Chat',
      session_path: '/a',
      request_truncated: false,
      response_truncated: false,
      model: 'gpt-4o-mini',
      provider: 'OPENAI',
      status: 200,
      created_at: '2026-11-01T00:00:00.000Z',
      metadata: { cost: expect.any(Number), promptTokens: 7, completionTokens: 3, totalTokens: 10, latencyMs: 1_200 },
    });
    expect(rest.metadata.cost).toBeGreaterThan(0);
    expect(JSON.parse(request_body)).toMatchObject({ model: 'gpt-4o-mini' });
    expect(JSON.parse(response_body)).toMatchObject({ choices: [{ message: { content: 'yes' } }] });
    expect(Object.entries(properties)).toContainEqual(['__proto__', 'x']);
    expect(request_response_url).toMatch(`https://api.example/v1/request/${flagged}/body?token=`);
  });

  test('is told less where it asks for less, and nothing of a session where there is none', async () => {
    const world = await newWorld();
    await makeWebhook(world, { include_data: false });
    const id = append(world, { session: undefined });
    await own(world);
    await deliveries(world, 'delivered', 1);
    expect(receiver.received[0]!.json).toEqual({
      request_id: id,
      request_body: expect.any(String),
      request_truncated: false,
      response_body: expect.any(String),
      response_truncated: false,
    });
  });

  test('is told of calls of its own tenant, since it was made, with its properties and in its sample', async () => {
    const world = await newWorld();
    const rival = { tenant: `${world.tenant}-rival` };
    await makeWebhook(rival, { destination: `${other.url}/rival` });
    await makeWebhook(world, { property_filters: [['ENV', 'prod']] });
    await makeWebhook(world, { destination: `${other.url}/later`, created_at: Date.now() + DAY_MS });
    await makeWebhook(world, { destination: `${other.url}/none`, sample_rate: 0 });
    const theirs = append(world, { ...rival });
    append(world, { properties: [['env', 'test']] });
    const mine = append(world, { properties: [['env', 'prod']] });
    await own(world);
    await deliveries(world, 'delivered', 1);
    await waitFor(() => other.received.length > 0, { what: 'what the other tenant is told' });
    expect(told()).toEqual([mine]);
    expect(other.received.map(({ path, json }) => [path, json.request_id])).toEqual([['/rival', theirs]]);
  });

  test('is told again after answers that are not 2xx, with the same id, until it was tried often enough', async () => {
    const world = await newWorld();
    await makeWebhook(world);
    const lost = append(world, { user: 'never' });
    const kept = append(world, { user: 'third' });
    receiver.answer = ({ json, headers }) => {
      const before = receiver.received.filter((one) => one.headers['webhook-id'] === headers['webhook-id']).length;
      return { status: json.user_id === 'never' || before < 3 ? 500 : 204 };
    };
    await own(world, { config: { triesMax: 5 } });
    expect(await deliveries(world, 'delivered', 1)).toEqual([{ request_id: kept, tries: 3, status: 204, reason: '' }]);
    expect(await deliveries(world, 'failed', 1)).toEqual([
      { request_id: lost, tries: 5, status: 500, reason: 'status 500' },
    ]);
    expect(told().filter((id) => id === lost)).toHaveLength(5);
    const ids = new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
    expect(ids.size).toBe(2);
  });

  test('that is gone is not told again of the call', async () => {
    const world = await newWorld();
    await makeWebhook(world);
    const id = append(world);
    receiver.answer = () => ({ status: 410 });
    await own(world);
    expect(await deliveries(world, 'failed', 1)).toEqual([
      { request_id: id, tries: 1, status: 410, reason: 'status 410' },
    ]);
    expect(told()).toHaveLength(1);
  });

  test('that leads elsewhere by a redirect is not followed there, nor asked again', async () => {
    const world = await newWorld();
    await makeWebhook(world);
    const id = append(world);
    receiver.answer = () => ({ status: 307, headers: { location: other.url } });
    await own(world);
    expect(await deliveries(world, 'failed', 1)).toEqual([
      { request_id: id, tries: 1, status: 307, reason: 'redirects are not followed' },
    ]);
    expect(told()).toHaveLength(1);
    expect(other.received).toEqual([]);
  });

  test('that answers without end is not listened to for long', async () => {
    const world = await newWorld();
    await makeWebhook(world);
    append(world);
    receiver.answer = () => ({ status: 200, body: 'x'.repeat(1024 * 1024) });
    await own(world, { config: { answerBytesMax: 1_024 } });
    expect(await deliveries(world, 'delivered', 1)).toMatchObject([{ tries: 1, status: 200 }]);
  });
});

describe('what is not told', () => {
  test('leads to no address that is not allowed, also where a name has another one by now', async () => {
    const world = await newWorld();
    const before = other.connections;
    await makeWebhook(world, { destination: `${other.url}/literal` });
    await makeWebhook(world, { destination: `https://public.example:${other.host.split(':')[1]}/name` });
    // What the operator once allowed was made with http.
    await makeWebhook(world, { destination: 'http://public.example/' });
    append(world);
    let asked = 0;
    const resolve: Resolve = (name, _options, answer) => {
      asked++;
      expect(name).toBe('public.example');
      answer(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    await own(world, { config: { triesMax: 2 }, allowedTargets: [], resolve });
    const refused = await deliveries(world, 'failed', 3);
    expect(refused.map(({ tries, status, reason }) => [tries, status, reason])).toEqual(
      [1, 2, 3].map(() => [2, 0, 'address not allowed']),
    );
    // Each try asks once more: the answer of the last one may have been another.
    expect(asked).toBe(2);
    expect(other.connections).toBe(before);
  });

  test('is nothing any more where the webhook was deleted', async () => {
    const world = await newWorld();
    const webhook = await makeWebhook(world);
    receiver.answer = () => ({ status: 500 });
    append(world);
    const owner = await own(world, { config: { triesMax: 60_000, firstWaitMs: 5 } });
    await waitFor(() => receiver.received.length > 2, { what: 'tries' });
    await store.analytics.insert(encodeRows('webhooks', [{ ...webhook, secret: '', version: 1n, is_deleted: 1 }]));
    // One more may be under way.
    const marker = await makeWebhook(world, { destination: `${other.url}/marker` });
    append(world);
    await waitFor(() => other.received.length > 0, { what: 'what comes after the deletion' });
    const after = receiver.received.length;
    append(world);
    await waitFor(() => other.received.length > 1, { what: 'what comes later still' });
    expect(receiver.received.length).toBe(after);
    expect(marker.tenant_id).toBe(webhook.tenant_id);
    await owner.stop();
  });

  test('is a call that was deleted', async () => {
    const world = await newWorld();
    append(world);
    await world.live();
    const rows: RequestRow[] = [];
    for await (const page of readPartitionRows(store.analytics, world.partition, 0, 0)) rows.push(...page.rows);
    const [row] = rows;
    const tombstone = { ...row!, webhook: false, version: row!.version + 1n, is_deleted: 1 } as const;
    await store.analytics.insert(encodeRows('requests', [tombstone]));
    await makeWebhook(world);
    await own(world);
    expect(await deliveries(world, 'failed', 1)).toMatchObject([{ tries: 0, reason: 'the call was deleted' }]);
    expect(receiver.received).toEqual([]);
  });

  test('is no longer known a month later', async () => {
    const delivery = {
      ...{ tenant_id: 'purged', webhook_id: 'w', source_partition: 0, event_id: 'e', request_id: 'r' },
      ...({ state: 'delivered', tries: 1, status: 200, reason: '', next_try_at: null, version: 1n } as const),
      updated_at: NOW,
    };
    const days = [0, 29.5, 30.5, 31.5];
    await store.analytics.insert(
      encodeRows(
        'webhook_deliveries',
        days.map((day, source_offset) => ({ ...delivery, received_at: NOW - day * DAY_MS, source_offset })),
      ),
    );
    const kept = () =>
      store.analytics.query<{ at: string }>({
        sql: "SELECT source_offset AS at FROM webhook_deliveries WHERE tenant_id = 'purged' ORDER BY at",
      });
    // Seldom, and then more than is needed: each time it writes the table anew.
    await purgeDeliveries(store.analytics, NOW - DAY_MS);
    expect(await kept()).toHaveLength(4);
    await purgeDeliveries(store.analytics, NOW);
    expect((await kept()).map(({ at }) => Number(at))).toEqual([0, 1]);
  });

  test('is a call that is a day old', async () => {
    const world = await newWorld();
    await makeWebhook(world);
    append(world);
    await own(world, { now: () => Date.now() + 1.5 * DAY_MS });
    expect(await deliveries(world, 'failed', 1)).toMatchObject([{ tries: 0, reason: 'not told in time' }]);
    expect(receiver.received).toEqual([]);
  });
});

describe('whatever happens, a call is told', () => {
  test('by whoever comes next, also of a webhook that failed before', async () => {
    const world = await newWorld();
    await makeWebhook(world);
    receiver.answer = () => ({ status: 503 });
    const ids = [append(world), append(world)];
    const first = await own(world, { config: { firstWaitMs: 3_600_000 } });
    expect(await deliveries(world, 'waiting', 2)).toMatchObject([{ tries: 1 }, { tries: 1 }]);
    await first.stop();
    expect(told()).toHaveLength(2);

    // Stored while nobody was there to deliver.
    ids.push(append(world));
    await world.live();
    receiver.answer = () => ({ status: 200 });
    await own(world, { now: () => Date.now() + 7_200_000 });
    expect(await deliveries(world, 'delivered', 3)).toMatchObject([{ tries: 2 }, { tries: 2 }, { tries: 1 }]);
    expect(told().slice(2).sort()).toEqual([...ids].sort());
  });

  test('when its sender dies in the middle of it', async () => {
    const world = await newWorld();
    await makeWebhook(world);
    receiver.answer = () => undefined;
    const id = append(world);
    const first = await own(world);
    await waitFor(() => receiver.received.length > 0, { what: 'the delivery under way' });
    await first.stop();
    receiver.answer = () => ({ status: 200 });
    await own(world);
    await deliveries(world, 'delivered', 1);
    expect(told()).toEqual([id, id]);
    const [before, after] = receiver.received;
    expect(after!.headers['webhook-id']).toBe(before!.headers['webhook-id']);
  });

  test('when there is no room for it in memory', async () => {
    const world = await newWorld();
    await makeWebhook(world);
    const ids = Array.from({ length: 40 }, () => append(world));
    await own(world, { config: { committedMax: 3, waitingPerWebhookMax: 4, waitingMax: 6, sendingPerWebhookMax: 1 } });
    await deliveries(world, 'delivered', 40);
    expect(told().sort()).toEqual(ids.sort());
  });

  test('when the tables are away for a while', async () => {
    const world = await newWorld();
    await makeWebhook(world);
    let failures = 0;
    const isOurs = (text: string) => /webhook/.test(text) && failures++ < 9 && failures % 2 === 1;
    const away = () => new AnalyticsError('unavailable', 'away', { retryable: true });
    const analytics: AnalyticsStore = {
      ...{ instanceId: () => store.analytics.instanceId(), close: async () => {} },
      insert: async (rows) => {
        if (isOurs(rows.table)) throw away();
        return await store.analytics.insert(rows);
      },
      query: async (query) => {
        if (isOurs(query.sql)) throw away();
        return await store.analytics.query(query);
      },
    };
    const id = append(world);
    await own(world, { analytics });
    await deliveries(world, 'delivered', 1);
    expect(new Set(told())).toEqual(new Set([id]));
  });

  test('beside others whose receivers never answer', async () => {
    const world = await newWorld();
    other.answer = () => undefined;
    for (let i = 0; i < 3; i++) await makeWebhook(world, { destination: `${other.url}/dead-${i}` });
    await makeWebhook(world);
    const ids = Array.from({ length: 30 }, () => append(world));
    await own(world, { config: { timeoutMs: 600_000, sendingPerTenantMax: 8, sendingPerWebhookMax: 2 } });
    await deliveries(world, 'delivered', 30);
    expect(told().sort()).toEqual(ids.sort());
    // As many as one may have under way, of each.
    expect(other.received).toHaveLength(6);
  });

  test('after a pause, which spares the tries of what waits', async () => {
    const world = await newWorld();
    await makeWebhook(world);
    let isDown = true;
    receiver.answer = () => ({ status: isDown ? 500 : 200 });
    const ids = Array.from({ length: 30 }, () => append(world));
    let clock = Date.now();
    const metrics = createMetrics();
    await own(world, {
      config: { failuresMax: 3, sendingPerWebhookMax: 1, pauseMs: 3_600_000, pauseMsMax: 3_600_000, firstWaitMs: 1 },
      metrics,
      now: () => clock,
    });
    await deliveries(world, 'waiting', 3);
    expect(await metrics.registry.metrics()).toMatch(/throughline_webhook_paused 1\n/);
    expect(receiver.received).toHaveLength(3);
    isDown = false;
    clock += 2 * 3_600_000;
    // What comes next wakes it, where the timer would have.
    ids.push(append(world));
    const delivered = await deliveries(world, 'delivered', 31);
    expect(delivered.filter(({ tries }) => tries > 1)).toHaveLength(3);
    expect(new Set(told())).toEqual(new Set(ids));
    expect(await metrics.registry.metrics()).toMatch(/throughline_webhook_paused 0\n/);
  });
});

describe('which calls a webhook is told of', () => {
  test('is the same in memory and in the tables', async () => {
    const tenant = 'selected';
    const name = fc.constantFrom('env', 'ENV', 'Ärger', 'ärger', '__proto__', '');
    const value = fc.constantFrom('prod', 'PROD', '', "'");
    const samples = fc.record({
      webhook: fc.record({
        sampleRate: fc.oneof(fc.constantFrom(0, 100), fc.double({ min: 0, max: 100, noNaN: true })),
        propertyFilters: fc.array(fc.tuple(name, value), { maxLength: 2 }),
        createdAtMs: fc.constantFrom(0, NOW, NOW + 1),
      }),
      rows: fc.array(fc.array(fc.tuple(name, value), { maxLength: 3 }), { minLength: 1, maxLength: 30 }),
    });
    let partition = 20_000;
    await fc.assert(
      fc.asyncProperty(samples, async ({ webhook, rows }) => {
        partition++;
        const stored = rows.map((properties, offset) => {
          const row = sampleRequestRow(offset, { tenant_id: tenant, event_id: newEventId(0, NOW), webhook: true });
          return { ...row, properties, received_at: NOW, ordered_at: NOW, source_partition: partition };
        });
        await store.analytics.insert(encodeRows('requests', stored));
        const asked: Webhook = {
          ...webhook,
          tenantId: tenant,
          id: 'w',
          destination: '',
          secret: '',
          includeData: true,
          apiOrigin: '',
        };
        const found = await findUndelivered(store.analytics, asked, {
          through: new Map([[partition, rows.length - 1]]),
          sinceMs: 0,
          limit: 100,
        });
        const wanted = stored.filter((row) => selectsCall(webhook, flaggedCall(row), row.properties));
        expect(found.map(({ call }) => call)).toEqual(wanted.map(flaggedCall));
      }),
      { numRuns: 40 },
    );
  });

  test('are those up to an offset, and no others', async () => {
    const rows = Array.from({ length: 6 }, (_, offset) => ({
      ...sampleRequestRow(offset, { tenant_id: 'bounded', webhook: true, received_at: NOW, ordered_at: NOW }),
      source_partition: 30_000 + (offset % 3),
    }));
    await store.analytics.insert(encodeRows('requests', rows));
    const webhook = { tenantId: 'bounded', id: 'w', destination: '', secret: '', includeData: true, apiOrigin: '' };
    const asked = { ...webhook, sampleRate: 100, propertyFilters: [], createdAtMs: 0 };
    // Of the third partition nothing is asked.
    const through = new Map([
      [30_000, 3],
      [30_001, 3],
    ]);
    const found = await findUndelivered(store.analytics, asked, { through, sinceMs: 0, limit: 100 });
    expect(found.map(({ call }) => [call.partition, call.offset])).toEqual([
      [30_000, 0],
      [30_000, 3],
      [30_001, 1],
    ]);
  });
});
