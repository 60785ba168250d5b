import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { DiffedSession } from './list-diff-steps.ts';
import type { StoredBody } from './read-bodies.ts';

/**
 * Stored responses of a session by their log position, `partition/offset`.
 *
 * @param bytesMax of one body: larger ones are left out.
 */
export async function readResponses(
  analytics: Pick<AnalyticsStore, 'query'>,
  { tenantId, sessionId, between }: DiffedSession,
  bytesMax: number,
): Promise<Map<string, StoredBody>> {
  const rows = await analytics.query<Row>({
    // Base64: a body may be any bytes, an answer of the engine is text.
    sql: `
SELECT concat(toString(source_partition), '/', toString(source_offset)) AS position,
  response_encoding AS encoding, length(response_body) AS size,
  if(length(response_body) > {max:UInt64}, NULL, base64Encode(response_body)) AS response
FROM request_bodies FINAL
PREWHERE session_id = {session:String}
WHERE tenant_id = {tenant:String}
  AND ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')`,
    params: { tenant: tenantId, session: sessionId, first: between[0], last: between[1], max: bytesMax },
    settings: { ...FINAL, max_threads: 1, max_block_size: 512 },
  });
  return new Map(
    rows.map(({ position, encoding, size, response }) => [
      position,
      { encoding, size: Number(size), bytes: response === null ? undefined : Buffer.from(response, 'base64') },
    ]),
  );
}

interface Row {
  readonly position: string;
  readonly encoding: string;
  readonly size: string;
  readonly response: string | null;
}
