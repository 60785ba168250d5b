import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { POINT } from '@throughline/analytics/read-settings';
import { inHalves } from './in-halves.ts';
import type { StoredRequest } from './request-columns.ts';

/** Both bodies of a request as stored, or only how large they are. */
export interface StoredBodies {
  readonly request: StoredBody;
  readonly response: StoredBody;
}

export interface StoredBody {
  readonly encoding: string;
  readonly size: number;
  /** Undefined where it is larger than the query's bound. */
  readonly bytes: Buffer | undefined;
}

interface Row {
  readonly position: string;
  readonly request_encoding: string;
  readonly request_size: string;
  readonly request: string | null;
  readonly response_encoding: string;
  readonly response_size: string;
  readonly response: string | null;
}

/** By which a request's bodies are found. */
export type BodyKey = Pick<
  StoredRequest,
  'session_id' | 'ordered_at_ms' | 'request_id' | 'source_partition' | 'source_offset'
>;

/**
 * Bodies of requests by their log position (`positionOf`), all of them held: for many, or large ones, see `bodiesInParts`.
 *
 * @param bytesMax of one body: larger ones are left out.
 */
export async function readBodies(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  requests: readonly BodyKey[],
  bytesMax: number,
): Promise<Map<string, StoredBodies>> {
  const all = new Map<string, StoredBodies>();
  for await (const { found } of bodiesInParts(analytics, tenantId, requests, bytesMax)) {
    for (const [position, bodies] of found) all.set(position, bodies);
  }
  return all;
}

/**
 * The same as it is taken: all of it at once, or some requests at a time where their bodies are more than the engine answers
 * at once. How large they are nobody knows beforehand: what rows say are bytes on the wire, of which compression may have made
 * a thousandth.
 */
export function bodiesInParts<Key extends BodyKey>(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  requests: readonly Key[],
  bytesMax: number,
): AsyncGenerator<{ readonly items: readonly Key[]; readonly found: Map<string, StoredBodies> }, void, undefined> {
  return inHalves(requests, (some) => query(analytics, tenantId, some, bytesMax));
}

async function query(
  analytics: Pick<AnalyticsStore, 'query'>,
  tenantId: string,
  requests: readonly BodyKey[],
  bytesMax: number,
): Promise<Map<string, StoredBodies>> {
  const rows = await analytics.query<Row>({
    // Base64: a body may be any bytes, an answer of the engine is text. PREWHERE, since with FINAL the engine would read the
    // bodies of whatever lies beside those that are asked; all versions of a row have the same key.
    sql: `
SELECT concat(toString(source_partition), '/', toString(source_offset)) AS position,
  request_encoding, length(request_body) AS request_size,
  if(length(request_body) > {max:UInt64}, NULL, base64Encode(request_body)) AS request,
  response_encoding, length(response_body) AS response_size,
  if(length(response_body) > {max:UInt64}, NULL, base64Encode(response_body)) AS response
FROM request_bodies FINAL
PREWHERE (session_id, ordered_at, request_id, source_partition, source_offset) IN (
    SELECT tupleElement(key, 1), fromUnixTimestamp64Milli(tupleElement(key, 2), 'UTC'), tupleElement(key, 3),
      tupleElement(key, 4), tupleElement(key, 5)
    FROM (
      SELECT arrayJoin(arrayZip({sessions:Array(String)}, {times:Array(Int64)}, {ids:Array(String)},
        {partitions:Array(UInt16)}, {offsets:Array(UInt64)})) AS key
    )
  )
  AND session_id IN {sessions:Array(String)}
WHERE tenant_id = {tenant:String}`,
    params: {
      tenant: tenantId,
      max: bytesMax,
      sessions: requests.map((request) => request.session_id),
      times: requests.map((request) => request.ordered_at_ms),
      ids: requests.map((request) => request.request_id),
      partitions: requests.map((request) => request.source_partition),
      offsets: requests.map((request) => request.source_offset),
    },
    settings: POINT,
  });
  return new Map(
    rows.map((row) => [
      row.position,
      {
        request: body(row.request_encoding, row.request_size, row.request),
        response: body(row.response_encoding, row.response_size, row.response),
      },
    ]),
  );
}

export function positionOf(request: Pick<BodyKey, 'source_partition' | 'source_offset'>): string {
  return `${request.source_partition}/${request.source_offset}`;
}

function body(encoding: string, size: string, base64: string | null): StoredBody {
  return { encoding, size: Number(size), bytes: base64 === null ? undefined : Buffer.from(base64, 'base64') };
}
