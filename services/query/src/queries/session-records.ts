import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL, POINT } from '@throughline/analytics/read-settings';
import type { RecordedBody, RecordedCall, SessionRecords } from '@throughline/contracts/recorded-call';
import { groupNeighbours } from '../group-neighbours.ts';
import { type BodyKey, bodiesInParts, positionOf, type StoredBodies, type StoredBody } from './read-bodies.ts';

/** Calls that are read together, and bytes of their bodies on the wire, unless one has more: an answer of the engine is held in memory. */
const CALLS_PER_PAGE = 200;
const BYTES_PER_READ = 8 * 1024 * 1024;

interface Row extends BodyKey {
  readonly session_path: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly request_content_type: string;
  readonly response_header_pairs: readonly (readonly [string, string])[];
  readonly first_byte_ms: string | null;
  readonly latency_ms: string;
  readonly request_truncated: boolean;
  readonly response_truncated: boolean;
  readonly bytes: string;
}

/**
 * Recorded sessions, read from the tables alone: whatever serves calls needs no totals for it. Calls of the last moments may
 * not be there yet.
 */
export function createSessionRecords(analytics: Pick<AnalyticsStore, 'query'>): SessionRecords {
  return {
    async read(tenantId, sessionId) {
      const session = { tenantId, sessionId };
      const between = await timesOf(analytics, session);
      // Bodies of a deleted session say so for a while.
      return between && (await hasCalls(analytics, session, between))
        ? callsOf(analytics, session, between)
        : undefined;
    },
  };
}

interface Session {
  readonly tenantId: string;
  readonly sessionId: string;
}

/** First and last call, epoch ms; older versions of rows may widen it. Undefined: there is none. */
async function timesOf(
  analytics: Pick<AnalyticsStore, 'query'>,
  { tenantId, sessionId }: Session,
): Promise<readonly [string, string] | undefined> {
  // The bodies' table is sorted by session, and has a row for each call.
  const [row] = await analytics.query<{ calls: string; first: string; last: string }>({
    sql: `
SELECT count() AS calls, toUnixTimestamp64Milli(min(ordered_at)) AS first, toUnixTimestamp64Milli(max(ordered_at)) AS last
FROM request_bodies FINAL
WHERE tenant_id = {tenant:String} AND session_id = {session:String}`,
    params: { tenant: tenantId, session: sessionId },
    settings: POINT,
  });
  return row && Number(row.calls) > 0 ? [row.first, row.last] : undefined;
}

async function hasCalls(
  analytics: Pick<AnalyticsStore, 'query'>,
  { tenantId, sessionId }: Session,
  [first, last]: readonly [string, string],
): Promise<boolean> {
  const found = await analytics.query({
    sql: `
SELECT 1 AS one
FROM requests AS r FINAL
PREWHERE r.session_id = {session:String}
WHERE r.tenant_id = {tenant:String}
  AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')
LIMIT 1`,
    params: { tenant: tenantId, session: sessionId, first, last },
    settings: POINT,
  });
  return found.length > 0;
}

async function* callsOf(
  analytics: Pick<AnalyticsStore, 'query'>,
  session: Session,
  between: readonly [string, string],
): AsyncGenerator<readonly RecordedCall[], void, undefined> {
  let after: Row | undefined;
  do {
    const rows: Row[] = await pageOf(analytics, session, between, after);
    for (const group of groupNeighbours(rows, ({ bytes }) => Number(bytes), { weightMax: BYTES_PER_READ })) {
      for await (const { items, found } of bodiesInParts(analytics, session.tenantId, group, Number.MAX_SAFE_INTEGER)) {
        yield items.map((row) => recordedCall(row, found.get(positionOf(row))));
      }
    }
    after = rows.length < CALLS_PER_PAGE ? undefined : rows.at(-1);
  } while (after);
}

function recordedCall(row: Row, stored: StoredBodies | undefined): RecordedCall {
  return {
    requestId: row.request_id,
    sessionPath: row.session_path,
    method: row.method,
    path: row.path,
    status: row.status,
    requestContentType: row.request_content_type,
    responseHeaders: row.response_header_pairs,
    firstByteMs: row.first_byte_ms === null ? null : Math.max(0, Number(row.first_byte_ms)),
    latencyMs: Number(row.latency_ms),
    request: recordedBody(stored?.request, row.request_truncated),
    response: recordedBody(stored?.response, row.response_truncated),
  };
}

async function pageOf(
  analytics: Pick<AnalyticsStore, 'query'>,
  session: Session,
  [first, last]: readonly [string, string],
  after: Row | undefined,
): Promise<Row[]> {
  return await analytics.query<Row>({
    // PREWHERE, since with FINAL the engine would read every column of whatever lies beside the session; all versions of a
    // row are of the same session. What was logged by hand went to no provider, and has no path of one.
    sql: `
SELECT r.session_id AS session_id, r.request_id AS request_id, toUnixTimestamp64Milli(r.ordered_at) AS ordered_at_ms,
  r.source_partition AS source_partition, r.source_offset AS source_offset, r.session_path AS session_path,
  r.method AS method, r.path AS path, r.status AS status, r.request_content_type AS request_content_type,
  arrayZip(mapKeys(r.response_headers), mapValues(r.response_headers)) AS response_header_pairs,
  toUnixTimestamp64Milli(r.first_byte_at) - toUnixTimestamp64Milli(r.request_at) AS first_byte_ms, r.latency_ms AS latency_ms,
  r.request_truncated AS request_truncated, r.response_truncated AS response_truncated,
  r.request_bytes + r.response_bytes AS bytes
FROM requests AS r FINAL
PREWHERE r.session_id = {session:String}
WHERE r.tenant_id = {tenant:String} AND r.step_kind = 'llm' AND startsWith(r.target_url, 'http')
  AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  ${
    after
      ? `AND (toUnixTimestamp64Milli(r.ordered_at), r.request_id, r.source_offset)
    > ({afterMs:Int64}, {afterId:String}, {afterOffset:UInt64})`
      : ''
  }
ORDER BY r.ordered_at, r.request_id, r.source_offset
LIMIT {limit:UInt32}`,
    params: {
      tenant: session.tenantId,
      session: session.sessionId,
      first,
      last,
      limit: CALLS_PER_PAGE,
      ...(after && { afterMs: after.ordered_at_ms, afterId: after.request_id, afterOffset: after.source_offset }),
    },
    settings: FINAL,
  });
}

function recordedBody(body: StoredBody | undefined, isTruncated: boolean): RecordedBody {
  if (body === undefined) return { bytes: NOTHING, encoding: '' };
  const { encoding, bytes = NOTHING } = body;
  if (encoding === 'deleted') return { lack: 'deleted' };
  if (encoding === 'missing') return { lack: 'missing' };
  if (encoding === 'omitted') return { lack: 'omitted' };
  if (isTruncated) return { lack: 'cut' };
  return { bytes, encoding: encoding === 'utf8' || encoding === 'bytes' ? '' : encoding };
}

const NOTHING = new Uint8Array(0);
