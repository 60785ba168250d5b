/**
 * What one would write without us: a loop that reads a batch of the log, parses and prices each call, inserts the rows, and
 * then keeps the totals of sessions.
 *
 * Totals: the row of a call's session is read, added to and written back, call by call, as one does with a key-value store; in
 * one transaction per batch, which also moves the position in the log. It is the usual way because it is the one that needs no
 * thought about who else writes, and it is the cheap form of it: a transaction per call would pay an fsync each, and a
 * `GROUP BY` into another table per batch would pay an insert of that table and leave adding up to whoever reads.
 *
 * What it does not do: end up right when it dies between insert and commit, when a producer sends something twice or a store loses
 * what it had; snapshots, paths, percentiles, sets of models and users; anything beyond chat completions of known models.
 */
import { join } from 'node:path';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { decodeEvent } from '@throughline/contracts/event-codec';
import type { LogEntry, PartitionReader } from '@throughline/event-log/event-log';
import { openFileAppender } from '@throughline/event-log/files/file-appender';
import { openFileConsumer } from '@throughline/event-log/files/file-consumer';
import { AGGREGATOR_DEFAULTS } from '@throughline/session-aggregator/aggregator-deps';
import { createChdbConnection } from 'chdb/connection';
import { open } from 'lmdb';
import { cpuBetween, readCpu } from '../measure/process-cpu.ts';
import { readMemory } from '../measure/process-memory.ts';
import { argument, onParentGone, tellParent } from '../processes/parent.ts';
import type { ConsumerRun } from './aggregator-run.ts';
import { countRows } from './count-rows.ts';
import { type NaiveCall, naiveCall } from './naive-rows.ts';

interface Totals {
  readonly requests: number;
  /** A whole number up to 9,000 USD. */
  readonly costPico: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
}

const NOTHING: Totals = { requests: 0, costPico: 0, promptTokens: 0, completionTokens: 0 };
const POSITION = 'position';

const dir = argument('dir');
const appender = openFileAppender({ dir: argument('log') });
const consumer = openFileConsumer({ dir: argument('log'), shared: appender.shared });
// Makes the tables, and decides how the engine of this process runs.
const analytics = await openEmbeddedAnalytics({ dir });
const connection = createChdbConnection({ path: join(dir, 'engine') });
// A commit is on disk when it is over, as the product's is.
const root = open({ path: join(dir, 'totals'), noSubdir: false, maxDbs: 2, overlappingSync: false });
const totals = root.openDB<Totals, string>('sessions', {});
const positions = root.openDB<number, string>('positions', {});
const applied = Promise.withResolvers<void>();

async function consume(reader: PartitionReader): Promise<void> {
  const { high } = await reader.bounds();
  const { batchEventsMax: eventsMax, batchBytesMax: bytesMax } = AGGREGATOR_DEFAULTS;
  let next = positions.get(POSITION) ?? 0;
  await reader.seek(next);
  while (next < high) {
    const entries = await reader.read({ eventsMax, bytesMax, waitMs: 1_000 });
    const calls = entries.flatMap((entry) => callOfEntry(entry) ?? []);
    await insert('request_bodies', calls);
    await insert('requests', calls);
    next += entries.length;
    addUp(calls, next);
  }
}

function callOfEntry(entry: LogEntry): NaiveCall | undefined {
  const decoded = entry.lost === undefined ? decodeEvent(entry.bytes) : undefined;
  if (decoded?.outcome !== 'event' || decoded.event.kind !== 'request') return undefined;
  return naiveCall(decoded.event, entry.offset);
}

async function insert(table: 'requests' | 'request_bodies', calls: readonly NaiveCall[]): Promise<void> {
  const values = calls.map(({ lines }) => lines[table]).join('\n');
  await connection.chdb.rawInsert({
    table: `throughline.${table}`,
    values,
    format: 'JSONEachRow',
    settings: { async_insert: 0 },
  });
}

function addUp(calls: readonly NaiveCall[], next: number): void {
  root.transactionSync(() => {
    for (const { sessionId, costPico, promptTokens, completionTokens } of calls) {
      const before = totals.get(sessionId) ?? NOTHING;
      totals.put(sessionId, {
        requests: before.requests + 1,
        costPico: before.costPico + Number(costPico),
        promptTokens: before.promptTokens + promptTokens,
        completionTokens: before.completionTokens + completionTokens,
      });
    }
    positions.put(POSITION, next);
  });
}

const before = readCpu(process.pid);
const start = performance.now();
const running = consumer.run(
  (reader) => consume(reader).then(applied.resolve),
  (_partition, error) => applied.reject(error),
);
await applied.promise;
const seconds = (performance.now() - start) / 1_000;
const cpuUs = cpuBetween(before, readCpu(process.pid)).processUs;

const sessions = [...totals.getRange({})].map(({ value }) => value);
const calls = await countRows(analytics);
tellParent({
  seconds,
  cpuUs,
  peakRssMib: readMemory(process.pid).peak,
  stored: {
    ...calls,
    sessions: sessions.length,
    totalledRequests: sessions.reduce((sum, { requests }) => sum + requests, 0),
    totalledCostPico: String(sessions.reduce((sum, { costPico }) => sum + costPico, 0)),
  },
} satisfies ConsumerRun);
onParentGone(async () => {
  await consumer.close();
  await running;
  await appender.close();
  await root.close();
  await connection.close();
  await analytics.close();
});
