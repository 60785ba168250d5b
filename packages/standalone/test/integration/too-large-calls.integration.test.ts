import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { decodeEvent } from '@throughline/contracts/event-codec';
import { newEventIdFor } from '@throughline/contracts/partition';
import type { LogEvent, NewRequestEvent } from '@throughline/contracts/request-event';
import { requestEvent } from '@throughline/event-log/contract-events';
import type { AppenderStats, EventAppender } from '@throughline/event-log/event-log';
import { openFileAppender } from '@throughline/event-log/files/file-appender';
import { openFileConsumer } from '@throughline/event-log/files/file-consumer';
import { type OutboxAppender, openOutbox } from '@throughline/event-log/outbox/outbox-appender';
import { Recorder } from '@throughline/gateway/record/recorder';
import { createLogger } from '@throughline/telemetry/logger';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';

// A call whose event is too large for the log is in the log once: with less of its bodies, or as a refusal.

const KIB = 1024;
const EVENT_BYTES_MAX = 256 * KIB;
const BEGINNING_BYTES = 64 * KIB;
const KEY_HASH = 'hash-of-a-key';
const PARTITIONS = 1;

let dir: TempDir;
beforeEach(async () => {
  dir = await createTempDir('too-large-calls');
});
afterEach(() => dir.remove());

interface Log {
  readonly appender: EventAppender;
  readonly park?: OutboxAppender['park'];
  /** Ends the appender. @returns what is in the log. */
  end(): Promise<{ readonly events: readonly LogEvent[]; readonly stats: AppenderStats }>;
}

async function openOutboxLog(): Promise<Log> {
  const events: LogEvent[] = [];
  const outbox = await openOutbox({
    root: join(dir.path, 'outbox'),
    targetName: 'llm.requests',
    partitions: PARTITIONS,
    eventBytesMax: EVENT_BYTES_MAX,
    readKeys: async () => new Map([[KEY_HASH, 'acme']]),
    readKeysIntervalMs: 10,
    target: {
      batchBytesMax: 4 * EVENT_BYTES_MAX,
      describe: async () => ({ logId: 'log', partitions: PARTITIONS }),
      laneOf: () => 0,
      async send(batches) {
        for (const { bytes } of batches.flatMap(({ records }) => records)) events.push(read(bytes));
      },
      close: async () => {},
    },
  });
  return {
    appender: outbox,
    park: (event, keyHash, shorter) => outbox.park(event, keyHash, shorter),
    async end() {
      await waitFor(() => outbox.stats.parked === 0 && outbox.stats.unsent === 0, { what: 'an empty outbox' });
      await outbox.close();
      return { events, stats: outbox.stats };
    },
  };
}

async function openLocalLog(): Promise<Log> {
  const folder = join(dir.path, 'log');
  const appender = openFileAppender({ dir: folder, eventBytesMax: EVENT_BYTES_MAX });
  const { shared } = appender;
  return {
    appender,
    async end() {
      await appender.close();
      const events: LogEvent[] = [];
      const consumer = openFileConsumer({ dir: folder, shared });
      await consumer.run(
        async (reader) => {
          const { high } = await reader.bounds();
          await reader.seek(0);
          while (events.length < high) {
            for (const entry of await reader.read({ eventsMax: 100, bytesMax: 1e9, waitMs: 100 })) {
              if (entry.lost === undefined) events.push(read(entry.bytes));
            }
          }
        },
        (_partition, error) => {
          throw error;
        },
      );
      await consumer.close();
      return { events, stats: appender.stats };
    },
  };
}

test.each<[string, () => Promise<Log>, string | undefined]>([
  ['an outbox', openOutboxLog, undefined],
  ['an outbox while its key cannot be looked up', openOutboxLog, KEY_HASH],
  ['the log of one process', openLocalLog, undefined],
])(
  '%s takes the beginning of large bodies, and counts as refused only what is too large even so',
  async (_where, open, unreadKey) => {
    const log = await open();
    const truncated: string[] = [];
    const recorder = new Recorder({
      appender: log.appender,
      park: log.park,
      omission: { omit: async (event) => event },
      logger: createLogger('test', { level: 'silent' }),
      clock: { now: Date.now },
      onTruncated: (direction) => truncated.push(direction),
    });
    const record = (event: NewRequestEvent) => recorder.record(event, unreadKey);

    const small = call(10 * KIB, 10 * KIB);
    const largeAnswer = call(10 * KIB, 300 * KIB);
    // Found out only once it is encoded: the bodies alone would fit.
    const largeInAll = call(100 * KIB, 100 * KIB, 100 * KIB);
    const hopeless = call(300 * KIB, 10, 300 * KIB);
    expect(await Promise.all([small, largeAnswer, largeInAll, hopeless].map(record))).toEqual([
      undefined,
      undefined,
      undefined,
      'log-failed',
    ]);
    const { events, stats } = await log.end();

    const bodies = events.flatMap((event) => {
      if (event.kind !== 'request') return [];
      const { request_id, request_body, response_body } = event;
      return [
        [
          request_id,
          request_body.bytes.length,
          request_body.truncated,
          response_body.bytes.length,
          response_body.truncated,
        ],
      ];
    });
    expect(new Set(bodies)).toEqual(
      new Set([
        [small.request_id, 10 * KIB, false, 10 * KIB, false],
        [largeAnswer.request_id, 10 * KIB, false, BEGINNING_BYTES, true],
        [largeInAll.request_id, BEGINNING_BYTES, true, BEGINNING_BYTES, true],
      ]),
    );
    expect(bodies).toHaveLength(3);
    expect(events.filter(({ kind }) => kind === 'refused')).toMatchObject([{ reason: 'too-large', count: 1 }]);
    if (unreadKey === undefined) expect(stats.refused).toBe(1);
    expect(truncated.sort()).toEqual(['request', 'response', 'response']);
  },
);

function call(requestBytes: number, responseBytes: number, propertyBytes = 0): NewRequestEvent {
  const body = (length: number) => ({
    bytes: Buffer.alloc(length, 'body '),
    size: length,
    truncated: false,
    content_type: '',
    encoding: '',
  });
  return requestEvent({
    event_id: newEventIdFor('default', null, Date.now(), PARTITIONS),
    request_id: randomUUID(),
    session: null,
    properties: [['long', 'x'.repeat(propertyBytes)]],
    request_body: body(requestBytes),
    response_body: body(responseBytes),
  });
}

function read(bytes: Uint8Array): LogEvent {
  const decoded = decodeEvent(bytes);
  if (decoded.outcome !== 'event') throw new Error(decoded.outcome);
  return decoded.event;
}
