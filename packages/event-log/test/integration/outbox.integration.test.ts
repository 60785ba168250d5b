import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { newEventIdFor } from '@throughline/contracts/partition';
import type { LogEvent, NewRequestEvent } from '@throughline/contracts/request-event';
import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import { startTcpProxy, type TcpProxy } from '@throughline/testkit/faults/tcp-proxy';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import type { Kafka } from 'kafkajs';
import { body, requestEvent } from '../../src/contract-events.ts';
import { type KafkaAppenderOptions, openKafkaAppender } from '../../src/kafka/kafka-appender.ts';
import { createKafka } from '../../src/kafka/kafka-options.ts';
import { createKafkaTarget } from '../../src/kafka/kafka-target.ts';
import { migrateTopic } from '../../src/kafka/topic.ts';
import { OUTBOX_CRASH_POINTS } from '../../src/outbox/crash-points.ts';
import { type OutboxAppender, openOutbox } from '../../src/outbox/outbox-appender.ts';
import { appliedFrom } from '../applied-events.ts';
import { foldersOf, newRoot, QUICK } from '../outbox-rig.ts';
import { readTopic, readTopicEvents } from '../topic-contents.ts';

jest.setTimeout(180_000);

const LONG = { timeoutMs: 90_000 };

let server: KafkaServer;
let proxy: TcpProxy;
let kafka: Kafka;
const outboxes: OutboxAppender[] = [];

beforeAll(async () => {
  const proxyPort = await findFreePort();
  server = await startKafka({ proxyPorts: [proxyPort] });
  proxy = await startTcpProxy({ target: server.proxyTargets[0]!, port: proxyPort });
  kafka = createKafka({ brokers: server.brokers });
});
afterEach(async () => {
  await Promise.all(outboxes.splice(0).map((outbox) => outbox.close(0)));
});
afterAll(async () => {
  await proxy.close();
  await server.remove();
});

const TOPIC = {
  partitions: 4,
  replicationFactor: 1,
  minInsyncReplicas: 1,
  retentionMs: 3_600_000,
  messageBytesMax: 1_000_000,
} as const;

async function createTopic(settings: { partitions?: number; messageBytesMax?: number } = {}): Promise<string> {
  const topic = `events-${randomUUID()}`;
  await migrateTopic(kafka, { topic, ...TOPIC, ...settings });
  return topic;
}

async function open(topic: string, more: Partial<KafkaAppenderOptions> = {}) {
  const warnings: string[] = [];
  const errors: string[] = [];
  const root = more.root ?? newRoot();
  const outbox = await openKafkaAppender({
    kafka,
    topic,
    partitions: 4,
    ...QUICK,
    verifyIntervalMs: 2_000,
    onWarn: (message) => warnings.push(message),
    onError: (message) => errors.push(message),
    ...more,
    root,
  });
  outboxes.push(outbox);
  return { outbox, root, warnings, errors };
}

function call(more: Partial<NewRequestEvent> = {}): NewRequestEvent {
  const id = newEventIdFor('default', null, Date.now(), 4);
  return requestEvent({ event_id: id, request_id: id, session: null, ...more });
}

const idsOf = (events: readonly { readonly event_id: string }[]) => events.map(({ event_id }) => event_id).sort();
const applied = async (topic: string) => appliedFrom(await readTopicEvents(kafka, topic));

async function appendMany(outbox: OutboxAppender, count: number): Promise<NewRequestEvent[]> {
  const events = Array.from({ length: count }, () => call());
  for (const event of events) await outbox.append(event);
  return events;
}

describe('an outbox in front of Kafka', () => {
  test('writes records that carry their partition, session, log and trace, for whoever looks at the topic', async () => {
    const topic = await createTopic();
    const { outbox } = await open(topic);
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const session = { id: 'проверка', name: '', path: '', rule: 'helicone-session-id' as const };
    const event = requestEvent({ tenant_id: 'acme', session, trace: { traceparent, tracestate: 'a=b' } });
    const { partition } = await outbox.append(event);
    const plain = await outbox.append(call());
    await outbox.close();
    const records = await readTopic(kafka, topic);
    const [record] = records[partition]!;
    const text = (value: unknown) => String(value);
    expect(text(record!.key)).toBe('acme\0проверка');
    const headers = Object.fromEntries(Object.entries(record!.headers!).map(([name, value]) => [name, text(value)]));
    expect(headers).toEqual({ 'throughline-log': outbox.log!.logId, traceparent, tracestate: 'a=b' });
    const other = records[plain.partition]!.find(({ key }) => key === null);
    expect(Object.keys(other!.headers!)).toEqual(['throughline-log']);
  });

  test.each(['none', 'gzip', 'zstd'] as const)(
    'compresses with %s, which readers need not be told',
    async (compression) => {
      const topic = await createTopic();
      const { outbox } = await open(topic, { compression });
      const events = await appendMany(outbox, 50);
      await outbox.close();
      expect(idsOf((await applied(topic)).events)).toEqual(idsOf(events));
    },
  );

  test('takes events while Kafka is down at its start, and while it is killed in the middle of the load', async () => {
    const topic = await createTopic();
    await server.kill();
    const { outbox, root } = await open(topic, { startWaitMs: 100 });
    const events = await appendMany(outbox, 50);
    expect(outbox.stats).toMatchObject({ sent: 0, unsent: 50 });
    await server.restart();
    const random = createRandom(seedFromEnv('kafka-killed'));
    let isLoading = true;
    const load = (async () => {
      while (isLoading) {
        events.push(...(await appendMany(outbox, random.integer(1, 40))));
        await new Promise((resolve) => setTimeout(resolve, random.integer(0, 10)));
      }
    })();
    for (let round = 0; round < 2; round++) {
      const before = outbox.stats.sent;
      await waitFor(() => outbox.stats.sent > before + random.integer(20, 400), LONG);
      await server.kill();
      await server.restart();
    }
    isLoading = false;
    await load;
    await waitFor(() => outbox.stats.unsent === 0, LONG);
    await outbox.close();
    expect(idsOf((await applied(topic)).events)).toEqual(idsOf(events));
    expect(foldersOf(root)).toEqual([]);
  });

  test('loses nothing and takes nothing twice when the network stalls, loses answers and is cut', async () => {
    const topic = await createTopic();
    const through = createKafka({
      brokers: [`127.0.0.1:${proxy.port}`],
      requestTimeoutMs: 1_000,
      connectionTimeoutMs: 1_000,
    });
    const warnings: string[] = [];
    const outbox = await openOutbox({
      target: createKafkaTarget({
        kafka: through,
        topic,
        compression: 'zstd',
        messageBytesMax: 1_000_000,
        sendTimeoutMs: 3_000,
      }),
      targetName: topic,
      root: newRoot(),
      partitions: 4,
      ...QUICK,
      verifyIntervalMs: 60_000,
      limits: { ...QUICK.limits, retryMaxMs: 200 },
      onWarn: (message) => warnings.push(message),
    });
    outboxes.push(outbox);
    const events = await appendMany(outbox, 50);
    await waitFor(() => outbox.stats.unsent === 0, LONG);
    const troubles = [
      () => proxy.stall(),
      () => proxy.stall('toClient'),
      () => {
        proxy.stall('toClient');
        setTimeout(() => proxy.cut(), 300);
      },
    ];
    for (const trouble of troubles) {
      const { sendErrors } = outbox.stats;
      trouble();
      events.push(...(await appendMany(outbox, 50)));
      await waitFor(() => outbox.stats.sendErrors > sendErrors + 1, LONG);
      expect(outbox.stats.unsent).toBeGreaterThan(0);
      proxy.unstall();
      await waitFor(() => outbox.stats.unsent === 0, LONG);
    }
    await outbox.close();
    const { events: stored, resent } = await applied(topic);
    expect(idsOf(stored)).toEqual(idsOf(events));
    // The answers that were lost were to requests that had been stored.
    expect(resent).toBeGreaterThan(0);
    expect(warnings.join('\n')).toContain('takes events again');
  });

  test('puts a refused event in the place of one that is larger than the topic takes, and goes on', async () => {
    const topic = await createTopic({ messageBytesMax: 30_000 });
    const { outbox, errors } = await open(topic, { messageBytesMax: 1_000_000 });
    const session = { id: 's', name: '', path: '', rule: 'helicone-session-id' as const };
    const small = () => call({ session });
    const compressible = call({ session, request_body: body(Buffer.alloc(60_000, 'again and ')) });
    const tooLarge = call({ session, request_body: body(randomBytes(60_000)) });
    const events = [small(), small(), compressible, small(), tooLarge, small(), small()];
    await Promise.all(events.map((event) => outbox.append(event)));
    await waitFor(() => outbox.stats.unsent === 0, LONG);
    await outbox.close();
    const { events: stored } = await applied(topic);
    expect(stored.map(({ event_id }) => event_id)).toEqual(events.map(({ event_id }) => event_id));
    expect(stored.map(({ kind }) => kind)).toEqual([
      'request',
      'request',
      'request',
      'request',
      'refused',
      'request',
      'request',
    ]);
    expect(outbox.stats.replaced).toBe(1);
    expect(errors).toEqual([expect.stringContaining(tooLarge.event_id)]);
  });

  test('sends nothing to a topic that was made anew: what waits is kept, and somebody is told', async () => {
    const topic = await createTopic();
    const { outbox, errors, root } = await open(topic, { closeWaitMs: 1_000 });
    await appendMany(outbox, 20);
    await waitFor(() => outbox.stats.unsent === 0, LONG);
    const admin = kafka.admin();
    await admin.connect();
    await admin.deleteTopics({ topics: [topic, `${topic}.meta`] });
    await admin.disconnect();
    await waitFor(async () => {
      await outbox.append(call());
      return errors.some((message) => message.includes('throughline migrate'));
    }, LONG);
    await waitFor(() => migrateTopic(kafka, { topic, ...TOPIC }), LONG);
    await waitFor(() => errors.some((message) => message.includes('they are kept and not sent')), LONG);
    const { unsent } = outbox.stats;
    expect(unsent).toBeGreaterThan(0);
    await outbox.close();
    expect(foldersOf(root)).toHaveLength(1);
    expect((await readTopicEvents(kafka, topic)).flat()).toEqual([]);
  });
});

describe('a process that is killed', () => {
  const children = new Set<ChildProcess>();
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  /** @returns what it said was accepted. */
  async function run(topic: string, root: string, point: string, hits: number, appends: number) {
    const script = path.resolve(import.meta.dirname, '../append-to-outbox.ts');
    const child = spawn(
      process.execPath,
      [script, server.brokers[0]!, topic, root, point, String(hits), String(appends)],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    children.add(child);
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
    children.delete(child);
    // A line that is not whole was not said.
    const accepted = out.split('\n').slice(0, -1);
    return { accepted, code, signal, err };
  }

  test('at any named point leaves what the next one sends under its old numbers, once each', async () => {
    const topic = await createTopic();
    const root = newRoot();
    const accepted: string[] = [];
    const survived: string[] = [];
    for (const point of OUTBOX_CRASH_POINTS) {
      // Later in the life of the process where that is possible.
      const hits = [
        'outbox:before-send',
        'outbox:after-send',
        'outbox:before-positions',
        'outbox:after-positions',
      ].includes(point)
        ? 5
        : 1;
      const { signal, err, ...said } = await run(topic, root, point, hits, 150);
      expect(err).toBe('');
      accepted.push(...said.accepted);
      if (signal !== 'SIGKILL') survived.push(point);
    }
    expect(survived).toEqual([]);
    const last = await run(topic, root, 'none', 0, 10);
    expect(last).toMatchObject({ code: 0, err: '' });
    accepted.push(...last.accepted);
    const stored = await readTopicEvents(kafka, topic);
    const { events, resent } = appliedFrom(stored);
    const ids = new Set(idsOf(events));
    // What was in the outbox may be there though nobody was told any more.
    expect(accepted.filter((id) => !ids.has(id))).toEqual([]);
    expect(events.length - accepted.length).toBeLessThanOrEqual(OUTBOX_CRASH_POINTS.length);
    expect(ids.size).toBe(events.length);
    expect(resent).toBeGreaterThan(0);
    expect(foldersOf(root)).toEqual([]);
    expectEveryProducerClosed(stored);
  });

  test('at random moments, while another one on the same volume goes on, loses nothing', async () => {
    const topic = await createTopic();
    const { outbox, root } = await open(topic, { adoptIntervalMs: 200 });
    const random = createRandom(seedFromEnv('outbox-killed'));
    const accepted: string[] = [];
    for (let round = 0; round < 3; round++) {
      const child = run(topic, root, 'outbox:before-send', random.integer(2, 30), 2_000);
      const own = await appendMany(outbox, 100);
      accepted.push(...own.map(({ event_id }) => event_id), ...(await child).accepted);
    }
    await waitFor(() => foldersOf(root).length === 1 && outbox.stats.unsent === 0, LONG);
    await outbox.close();
    const stored = await readTopicEvents(kafka, topic);
    const ids = new Set(idsOf(appliedFrom(stored).events));
    expect(accepted.filter((id) => !ids.has(id))).toEqual([]);
    expect(foldersOf(root)).toEqual([]);
    expectEveryProducerClosed(stored);
  });
});

function expectEveryProducerClosed(stored: readonly (readonly LogEvent[])[]): void {
  for (const events of stored) {
    const closed = new Set(events.filter(({ kind }) => kind === 'closed').map(({ producer }) => producer.id));
    expect(closed).toEqual(new Set(events.map(({ producer }) => producer.id)));
  }
}
