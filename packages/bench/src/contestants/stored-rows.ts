import { connectHttpAnalytics, type HttpAnalyticsStore } from '@throughline/analytics/http/connect-http-analytics';
import { encodeRows, insertColumns } from '@throughline/analytics/tables';
import { newEventIdFor, partitionFor } from '@throughline/contracts/partition';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';
import type { RequestRow } from '@throughline/contracts/request-row';
import { packVersion } from '@throughline/contracts/version';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';
import { buildRequestRow } from '@throughline/session-aggregator/steps/build-request-row';
import { chatAnswer, chatCalls } from '../traffic/chat-calls.ts';
import { finishedCall } from './prepare-log.ts';

/** Rows per insert. */
const BATCH = 10_000;
/** Records of one send to Kafka: they are a byte each. */
const RECORDS_PER_SEND = 20_000;
const PRODUCER = '0190f0a0-0000-7000-8000-00000000bec4';

export interface StoredRows {
  /** Brings the tables and the topic to this many times as many requests as there were first. */
  growTo(times: number): Promise<void>;
  close(): Promise<void>;
}

export interface StoredRowsOptions {
  readonly clickhouseUrl: string;
  readonly brokers: readonly string[];
  readonly topic: string;
  readonly partitions: number;
  readonly callsPerSession: number;
  /** Requests of the first time. */
  readonly requests: number;
}

/**
 * Requests that are in the tables and were never in totals. The first ones are inserted as the aggregator does, bodies left
 * out; more are copies of them made by the engine, other sessions behind them in the log. The topic gets a record of one
 * byte for each, which nobody reads, so that it reaches as far as the rows do.
 */
export async function storeRows(options: StoredRowsOptions): Promise<StoredRows> {
  const { clickhouseUrl, topic, partitions } = options;
  const analytics = connectHttpAnalytics({ url: clickhouseUrl });
  const producer = createKafka({ brokers: options.brokers }).producer({ allowAutoTopicCreation: false });
  await producer.connect();
  const { origin, pathname } = new URL(clickhouseUrl);
  let ends: readonly number[] = [];
  let held = 0;

  async function appendRecords(partition: number, count: number): Promise<void> {
    for (let left = count; left > 0; left -= RECORDS_PER_SEND) {
      const messages = Array.from({ length: Math.min(left, RECORDS_PER_SEND) }, () => ({ partition, value: '-' }));
      await producer.send({ topic, messages });
    }
  }

  async function copy(number: number): Promise<void> {
    const answer = await fetch(`${origin}/?database=${pathname.slice(1)}`, {
      method: 'POST',
      body: copySql(number, ends),
    });
    if (!answer.ok) throw new Error(`rows could not be copied: ${await answer.text()}`);
    await answer.arrayBuffer();
  }

  return {
    async growTo(times) {
      for (; held < times; held++) {
        if (held === 0) ends = await insertFirst(analytics, options);
        else await copy(held);
        for (let partition = 0; partition < partitions; partition++) await appendRecords(partition, ends[partition]!);
      }
    },
    async close() {
      await producer.disconnect();
      await analytics.close();
    },
  };
}

/** The rows that there were first, once more: behind everything in the log, as calls of other sessions. */
function copySql(number: number, ends: readonly number[]): string {
  const behind = `${number} * [${ends}][source_partition + 1]`;
  const moved: Readonly<Record<string, string>> = {
    source_offset: `source_offset + ${behind}`,
    producer_seq: `producer_seq + ${behind}`,
    session_id: `concat(session_id, '-${number}')`,
    request_id: `concat(request_id, '-${number}')`,
    event_id: `concat(event_id, '-${number}')`,
  };
  const columns = insertColumns('requests').split(', ');
  const first = `source_offset < [${ends}][source_partition + 1]`;
  return `INSERT INTO requests (${columns}) SELECT ${columns.map((name) => moved[name] ?? name)} FROM requests WHERE ${first}`;
}

/** @returns how many each partition has. */
async function insertFirst(
  analytics: HttpAnalyticsStore,
  { requests, partitions, callsPerSession }: StoredRowsOptions,
): Promise<number[]> {
  const answer = Buffer.from(chatAnswer());
  const templates = chatCalls().map((call) => {
    const event = finishedCall(call, answer, { at: Date.now() });
    const stamped = { ...event, producer: { id: PRODUCER, seq: 0 }, partition: 0, received_at: event.response_at };
    return buildRequestRow(stamped, 0, 0).row;
  });
  const ends = Array<number>(partitions).fill(0);
  const begunAt = Date.now() - 24 * 3_600_000;
  const makeRow = (made: number): RequestRow => {
    // A hundred sessions at a time, in turn.
    const session = Math.floor(made / (100 * callsPerSession)) * 100 + (made % 100);
    const sessionId = `rebuild-${session}`;
    const partition = partitionFor(DEFAULT_TENANT, sessionId, '', partitions);
    const offset = ends[partition]!++;
    const at = begunAt + made;
    const eventId = newEventIdFor(DEFAULT_TENANT, sessionId, at, partitions);
    return {
      ...templates[session % templates.length]!,
      event_id: eventId,
      request_id: eventId,
      session_id: sessionId,
      request_at: at,
      first_byte_at: at + 300,
      response_at: at + 900,
      received_at: at + 901,
      ordered_at: at,
      producer_seq: offset,
      source_partition: partition,
      source_offset: offset,
      version: packVersion(offset, 1),
    };
  };
  for (let made = 0; made < requests; made += BATCH) {
    const rows = Array.from({ length: Math.min(BATCH, requests - made) }, (_, i) => makeRow(made + i));
    await analytics.insert(encodeRows('requests', rows));
  }
  return ends;
}
