import { packVersion } from '@throughline/contracts/version';
import { EventLogError, type PartitionReader } from '@throughline/event-log/event-log';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from './aggregator-deps.ts';
import { finishDeletions } from './deletion/finish-deletions.ts';
import { publishKept } from './deletion/publish-kept.ts';
import { type AppliedRange, findLostRows, type LostRows } from './find-lost-rows.ts';
import { findPartialSessions } from './find-partial-sessions.ts';
import { findStaleSnapshots } from './find-stale-snapshots.ts';
import { OwnershipLostError } from './partition-errors.ts';
import { readAnnotations } from './read-annotations.ts';
import { lastWholeOffset } from './rebuild-partition.ts';
import { restoreAnnotatedRows } from './restore-annotated-rows.ts';
import type { SessionCache, SessionReader } from './session-cache.ts';
import { stampVersion } from './steps/build-request-row.ts';
import { deadLetterRow } from './steps/dead-letter-row.ts';
import type { DecidedBatch } from './steps/decide-step.ts';
import { preparedBytes } from './steps/decode-entries-step.ts';
import { insertRowsStep } from './steps/insert-rows-step.ts';
import type { PrepareEntryStep } from './steps/prepare-entry-step.ts';
import { publishSnapshotsStep } from './steps/publish-snapshots-step.ts';

/** Snapshots published again at a time. */
const SNAPSHOTS_MAX = 1_000;

/** Rows inserted again at a time: entries, and bytes of them in memory. */
const ROWS_MAX = 2_000;
const ROW_BYTES_MAX = 16 * 1024 * 1024;

/**
 * Totals are committed after the rows, but the analytics store may have lost the newest of them in a power cut. Look ten
 * minutes back from the fence, insert again from the log what is missing, as first decided, and publish again the
 * snapshots that are older than their totals. Where nothing is missing this costs a few counts. The reader is moved.
 *
 * Totals that lack requests of a session are given up, for the next owner to make them anew from rows.
 *
 * @param state committed; the snapshots of its `unpublished` are stored.
 * @param prepare reads an entry of the log, with its bodies.
 * @throws OwnershipLostError when the totals were given up, or are at another fence.
 */
export async function repairPartition(
  deps: AggregatorDeps,
  reader: PartitionReader,
  cache: SessionCache,
  state: PartitionState,
  prepare: PrepareEntryStep,
): Promise<void> {
  const [checkpoint] = state.checkpoints;
  const { offset: through } = state.fence;
  const { low } = await reader.bounds();
  const range = { partition: reader.partition, from: Math.max(low, (checkpoint?.offset ?? through) + 1), through };
  const { epoch } = state.fence;
  const own = cache.at(state.fence);
  const finish = () => finishDeletions(deps, range, { epoch, publish: publishKept(deps, own, epoch) });
  if (range.from > through) return await finish();
  const lost = await findLostRows(deps.analytics, state, range);
  if (lost.isAny) await insertAgain(deps, reader, state, lost, prepare);
  const annotations = await readAnnotations(deps.analytics, range.partition, range.from, through);
  const restored = await restoreAnnotatedRows(deps.analytics, range.partition, annotations, { through, epoch });
  if (restored > 0) {
    deps.logger.warn(
      { partition: range.partition, requests: restored },
      'annotated rows that the analytics store has lost are inserted again',
    );
  }
  // A row that was deleted and is inserted again is hidden again, before anything else is made of it.
  await finish();
  deps.crashPoint?.('aggregator:rows-repaired');

  await requireWholeSessions(deps, own, state, range);
  const stale = await findStaleSnapshots(deps.analytics, range);
  for (let at = 0; at < stale.length; at += SNAPSHOTS_MAX) {
    const sessions = await own.load(stale.slice(at, at + SNAPSHOTS_MAX));
    await publishSnapshotsStep(
      deps.analytics,
      [...sessions.values()].map((session) => ({ state: session, keys: 'unknown' })),
      { epoch, now: deps.now() },
      () => {},
    );
  }
  deps.crashPoint?.('aggregator:snapshots-repaired');
}

/**
 * Whatever made the totals forget requests, rows know them. Only where every offset is in the tables: a rebuild ends before
 * the first that is not, and the log may not reach back there.
 */
async function requireWholeSessions(
  deps: AggregatorDeps,
  own: SessionReader,
  state: PartitionState,
  range: AppliedRange,
): Promise<void> {
  const { partition } = range;
  const partial = await findPartialSessions(deps.analytics, own, state, range);
  if (partial.length === 0) return;
  const found = { partition, sessions: partial.length, first: partial[0] };
  if ((await lastWholeOffset(deps, partition)) < range.through) {
    deps.logger.error(found, 'the totals lack requests of sessions, and rows are missing too: a person is needed');
    return;
  }
  deps.logger.error(found, 'the totals lack requests of sessions: they are made anew from rows');
  await deps.totals.dropPartition(partition);
  throw new OwnershipLostError(partition, { isSetBack: true });
}

/** A log elsewhere has to be asked first; after this long the repair is begun again. */
const READ_WAIT_MS = 10_000;

/** One pass over the log from the first to the last offset missing: to jump costs as much as to read. */
async function insertAgain(
  deps: AggregatorDeps,
  reader: PartitionReader,
  state: PartitionState,
  lost: LostRows,
  prepare: PrepareEntryStep,
): Promise<void> {
  const { partition } = reader;
  deps.logger.warn(
    { partition, rows: lost.rows.count, bodies: lost.bodies.count, exceptions: lost.exceptions.length },
    'rows that the analytics store has lost are inserted again',
  );
  let batch = emptyBatch(state);
  let bytes = 0;
  const flush = async () => {
    await insertRowsStep(deps.analytics, batch, () => {});
    batch = emptyBatch(state);
    bytes = 0;
  };
  batch.exceptions.push(...lost.exceptions);

  const { from, through } = lost.span;
  if (from <= through) await reader.seek(from);
  for (let next = from; next <= through; ) {
    const entries = await reader.read({ eventsMax: 256, bytesMax: ROW_BYTES_MAX / 2, waitMs: READ_WAIT_MS });
    // They are within the log's bounds, so they come; a repair that ends without them would leave rows lost.
    if (entries.length === 0) {
      const message = `offset ${next} did not come from the log within ${READ_WAIT_MS} ms`;
      throw new EventLogError('failed', message, { retryable: true });
    }
    for (const entry of entries) {
      const { offset } = entry;
      next = (entry.lost ? entry.lost.through : offset) + 1;
      const wanted = { row: lost.rows.has(offset), bodies: lost.bodies.has(offset), dead: lost.dead.has(offset) };
      if (!wanted.row && !wanted.bodies && !wanted.dead) continue;
      const decoded = prepare(entry, reader.revoked);
      const prepared = decoded instanceof Promise ? (await decoded).entry : decoded;
      if (prepared.kind === 'request') {
        const { row, bodies } = stampVersion(prepared.built, state.fence.epoch);
        if (wanted.row) batch.rows.push(row);
        if (wanted.bodies) batch.bodies.push(bodies);
      } else if (prepared.kind === 'annotation') {
        const version = packVersion(offset, state.fence.epoch);
        if (wanted.row) batch.annotations.push({ ...prepared.row, version });
      } else if (prepared.kind === 'dead' && wanted.dead) {
        batch.deadLetters.push(deadLetterRow(prepared, { partition, epoch: state.fence.epoch, now: deps.now() }));
      }
      bytes += preparedBytes(entry, prepared);
      const rows = batch.rows.length + batch.annotations.length;
      if (rows >= ROWS_MAX || batch.bodies.length >= ROWS_MAX || bytes >= ROW_BYTES_MAX) await flush();
    }
  }
  await flush();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };

function emptyBatch(state: PartitionState): Mutable<DecidedBatch> {
  return {
    rows: [],
    annotations: [],
    rewritten: [],
    bodies: [],
    exceptions: [],
    deadLetters: [],
    storedRows: [],
    storedAnnotations: [],
    storedExceptions: [],
    producers: state.producers,
    through: state.fence.offset,
  };
}
