import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import { decodeEvent } from '@throughline/contracts/event-codec';
import { newEventId } from '@throughline/contracts/ids';
import type { NewEvent } from '@throughline/contracts/request-event';

/** An event that could not be processed, by its place in the log. */
export interface DeadLetter {
  readonly partition: number;
  readonly offset: number;
  /** Where processing failed: `decode` or `read-call`. */
  readonly step: string;
  readonly reason: string;
  /** ISO 8601. */
  readonly seenAt: string;
  readonly sizeBytes: number;
}

export interface DeadLetterPlace {
  readonly partition: number;
  readonly offset: number;
}

/** A dead letter cannot be replayed; the message says why and what to do. */
export class ReplayRefused extends Error {
  override readonly name = 'ReplayRefused';
}

/** Listed at most: beyond that somebody has a defect to mend, not letters to read. */
export const LISTED_MAX = 1_000;

const SETTINGS = { ...FINAL, max_execution_time: 60 } as const;

/** The newest `LISTED_MAX`, newest first. @throws AnalyticsError */
export async function listDeadLetters(analytics: Pick<AnalyticsStore, 'query'>): Promise<DeadLetter[]> {
  const rows = await analytics.query<DeadLetterRecord>({
    sql: `
SELECT source_partition, source_offset, step, reason, seen_at, length(bytes) AS size
FROM dead_letters
ORDER BY seen_at DESC, source_partition, source_offset DESC
LIMIT ${LISTED_MAX}`,
    settings: SETTINGS,
  });
  return rows.map(toDeadLetter);
}

/** @returns undefined when there is none at that place. @throws AnalyticsError */
export async function findDeadLetter(
  analytics: Pick<AnalyticsStore, 'query'>,
  { partition, offset }: DeadLetterPlace,
): Promise<(DeadLetter & { readonly bytes: Buffer }) | undefined> {
  const [row] = await analytics.query<DeadLetterRecord & { readonly base64: string }>({
    sql: `
SELECT source_partition, source_offset, step, reason, seen_at, length(bytes) AS size, base64Encode(bytes) AS base64
FROM dead_letters
WHERE source_partition = {partition:UInt16} AND source_offset = {offset:UInt64}`,
    params: { partition, offset },
    settings: SETTINGS,
  });
  return row && { ...toDeadLetter(row), bytes: Buffer.from(row.base64, 'base64') };
}

/**
 * The event that gives a dead letter a new try: what the letter says, under an id of its own, naming the place of the old
 * one in `replay_of`. Its request id counts as chosen, so that a second replay in the same session is a duplicate.
 *
 * @param now epoch ms.
 * @throws ReplayRefused when this version cannot read it either. AnalyticsError.
 */
export async function replayEvent(
  analytics: Pick<AnalyticsStore, 'query'>,
  letter: DeadLetterPlace & { readonly bytes: Uint8Array },
  now: number,
): Promise<NewEvent> {
  const decoded = decodeEvent(letter.bytes);
  if (decoded.outcome !== 'event') {
    const reason = decoded.outcome === 'newer' ? `schema version ${decoded.schemaVersion}` : decoded.reason;
    throw new ReplayRefused(`this version cannot read it either (${reason}): upgrade first, the letter is kept.`);
  }
  const { producer: _, partition: __, received_at: ___, ...event } = decoded.event;
  if (event.kind !== 'request') throw new ReplayRefused(`it is a ${event.kind} event, which stands for no call.`);
  const [known] = await analytics.query<{ found: string }>({
    sql: 'SELECT count() AS found FROM requests WHERE tenant_id = {tenant:String} AND request_id = {id:String}',
    params: { tenant: event.tenant_id, id: event.request_id },
    settings: SETTINGS,
  });
  if (Number(known?.found) > 0) throw new ReplayRefused(`request ${event.request_id} is stored already.`);
  const replay = {
    ...event,
    event_id: newEventId(0, now),
    request_id_chosen: true,
    replay_of: `${letter.partition}:${letter.offset}`,
  };
  return replay;
}

interface DeadLetterRecord {
  readonly source_partition: number;
  readonly source_offset: string;
  readonly step: string;
  readonly reason: string;
  readonly seen_at: string;
  readonly size: string;
}

function toDeadLetter(row: DeadLetterRecord): DeadLetter {
  return {
    partition: row.source_partition,
    offset: Number(row.source_offset),
    step: row.step,
    reason: row.reason,
    seenAt: `${row.seen_at.replace(' ', 'T')}Z`,
    sizeBytes: Number(row.size),
  };
}
