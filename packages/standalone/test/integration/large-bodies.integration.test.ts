import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openFileBodyStore } from '@throughline/body-store/files/file-body-store';
import { getReferenced } from '@throughline/body-store/get-referenced';
import { decodeEvent } from '@throughline/contracts/event-codec';
import { newEventIdFor } from '@throughline/contracts/partition';
import type { LogEvent, NewRequestEvent, Pairs } from '@throughline/contracts/request-event';
import { body, requestEvent } from '@throughline/event-log/contract-events';
import { openOutbox } from '@throughline/event-log/outbox/outbox-appender';
import { weightOf } from '@throughline/event-log/outbox/outbox-record';
import { OutboxSendError, type OutboxTarget } from '@throughline/event-log/outbox/outbox-target';
import { createRandom, type Random, seedFromEnv } from '@throughline/testkit/seed';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import { readConfig } from '../../src/config.ts';
import { sendBodiesTo } from '../../src/services/body-store.ts';

const PARTITIONS = 2;
const KIB = 1024;
const config = readConfig({ KAFKA_MESSAGE_BYTES_MAX: '256KiB', INLINE_BODY_BYTES_MAX: '64KiB' });

let dir: TempDir;
beforeEach(async () => {
  dir = await createTempDir('large-bodies');
});
afterEach(() => dir.remove());

/** A log that takes messages of a size, in memory. */
function memoryTarget(): OutboxTarget & { readonly events: LogEvent[] } {
  const events: LogEvent[] = [];
  return {
    events,
    batchBytesMax: config.KAFKA_MESSAGE_BYTES_MAX,
    describe: async () => ({ logId: 'log', partitions: PARTITIONS }),
    laneOf: () => 0,
    async send(batches) {
      for (const { records } of batches) {
        const tooLarge = records.some((record) => weightOf(record) > config.KAFKA_MESSAGE_BYTES_MAX);
        if (tooLarge) throw new OutboxSendError('too-large', 'larger than a message may be');
      }
      for (const { bytes } of batches.flatMap(({ records }) => records)) {
        const decoded = decodeEvent(bytes);
        if (decoded.outcome !== 'event') throw new Error(decoded.outcome);
        events.push(decoded.event);
      }
    },
    close: async () => {},
  };
}

test('events with large bodies wait for the store, go through in their order, and come back whole', async () => {
  const random = createRandom(seedFromEnv('large bodies through an outbox'));
  const folder = join(dir.path, 'bodies');
  const store = openFileBodyStore(folder);
  await store.prepare();
  // Not mounted yet.
  await rename(folder, `${folder}.elsewhere`);
  const target = memoryTarget();
  const warnings: string[] = [];
  const errors: string[] = [];
  const outbox = await openOutbox({
    root: join(dir.path, 'outbox'),
    targetName: 'llm.requests',
    target,
    partitions: PARTITIONS,
    beforeSend: sendBodiesTo(store, config),
    limits: { retryMinMs: 5, retryMaxMs: 50 },
    onWarn: (text) => warnings.push(text),
    onError: (text) => errors.push(text),
  });
  const sent = new Map<string, NewRequestEvent>();
  const append = async (request: number, response: number, properties: Pairs = []) => {
    const event = eventOf(filled(request, random), filled(response, random), properties);
    sent.set(event.event_id, event);
    await outbox.append(event);
    return event.event_id;
  };
  for (let i = 0; i < 40; i++) {
    await append(
      random.integer(0, 80 * KIB),
      random.chance(0.3) ? random.integer(0, 900 * KIB) : random.integer(0, KIB),
    );
  }
  // Each could go inline, both do not fit.
  await append(63 * KIB, 63 * KIB, [['long', 'x'.repeat(120 * KIB)]]);
  const hopeless = await append(10, 10, [['longer', 'x'.repeat(300 * KIB)]]);

  await waitFor(() => warnings.some((text) => text.includes('cannot be prepared')));
  expect(target.events.length).toBeLessThan(sent.size);
  await rename(`${folder}.elsewhere`, folder);
  await waitFor(() => target.events.length === sent.size, { timeoutMs: 60_000 });
  await outbox.close();

  for (let partition = 0; partition < PARTITIONS; partition++) {
    const own = target.events.filter((event) => event.partition === partition && event.kind !== 'closed');
    const numbers = own.map(({ producer }) => producer.seq);
    expect(numbers).toEqual([...numbers.keys()]);
  }
  for (const event of target.events) {
    if (event.kind === 'closed') continue;
    const recorded = sent.get(event.event_id)!;
    if (event.event_id === hopeless) {
      expect(event).toMatchObject({ kind: 'refused', reason: 'too-large', count: 1 });
      continue;
    }
    if (event.kind !== 'request') throw new Error(`${event.event_id} became a ${event.kind}`);
    for (const side of ['request_body', 'response_body'] as const) {
      const { stored, bytes } = event[side];
      const read = stored ? await getReferenced(store, stored) : bytes;
      expect(Buffer.compare(Buffer.from(read!), Buffer.from(recorded[side].bytes))).toBe(0);
      if (recorded[side].bytes.length > 64 * KIB) expect(stored).toBeDefined();
    }
  }
  expect(errors).toEqual([expect.stringContaining(hopeless)]);
}, 120_000);

function eventOf(request: Uint8Array, response: Uint8Array, properties: Pairs): NewRequestEvent {
  const id = newEventIdFor('t', null, Date.now(), PARTITIONS);
  return requestEvent({
    event_id: id,
    request_id: id,
    tenant_id: 't',
    session: null,
    properties,
    request_body: body(request),
    response_body: body(response),
  });
}

/** Long, and not the same twice. */
function filled(length: number, random: Random): Buffer {
  return Buffer.alloc(length, random.bytes(64));
}
