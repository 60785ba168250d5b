import type { QueryParam } from '@throughline/analytics/analytics-store';
import type { Pairs } from '@throughline/contracts/request-event';
import type { FlaggedCall } from './flagged-call.ts';
import type { Webhook } from './webhook.ts';

type Selection = Pick<Webhook, 'sampleRate' | 'propertyFilters' | 'createdAtMs'>;

/**
 * Whether a webhook is told of a call: recorded since it was made, with its properties (names in any case), and in its sample.
 * The sample depends on the call's event alone, so that whoever decides again decides the same.
 */
export function selectsCall(
  webhook: Selection,
  call: Pick<FlaggedCall, 'eventId' | 'receivedAt'>,
  properties: Pairs,
): boolean {
  if (call.receivedAt < webhook.createdAtMs) return false;
  if (webhook.sampleRate < 100 && !(Number.parseInt(call.eventId.slice(-8), 16) < sampleEnd(webhook))) return false;
  if (webhook.propertyFilters.length === 0) return true;
  // As they are stored: of equal names the later one.
  const stored = [...new Map(properties)];
  return webhook.propertyFilters.every(([key, value]) =>
    stored.some((property) => lower(property[0]) === lower(key) && property[1] === value),
  );
}

/** The same as a condition on rows of `requests`. */
export function selectionSql(webhook: Selection): { sql: string; params: Record<string, QueryParam> } {
  const params: Record<string, QueryParam> = { created: webhook.createdAtMs };
  const conditions = ["received_at >= fromUnixTimestamp64Milli({created:Int64}, 'UTC')"];
  if (webhook.sampleRate < 100) {
    params.sampleEnd = sampleEnd(webhook);
    conditions.push('reinterpretAsUInt32(reverse(unhex(right(event_id, 8)))) < {sampleEnd:UInt64}');
  }
  for (const [at, [key, value]] of webhook.propertyFilters.entries()) {
    params[`key${at}`] = lower(key);
    params[`value${at}`] = value;
    conditions.push(
      `arrayExists((name, value) -> lower(name) = {key${at}:String} AND value = {value${at}:String}, mapKeys(properties), mapValues(properties))`,
    );
  }
  return { sql: conditions.join(' AND '), params };
}

/** Of the last 32 bits of an event's id, which are random, those below are in the sample. */
function sampleEnd({ sampleRate }: Pick<Selection, 'sampleRate'>): number {
  return Math.round((sampleRate / 100) * 2 ** 32);
}

/** As the engine's `lower` does: letters of ASCII. */
function lower(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
