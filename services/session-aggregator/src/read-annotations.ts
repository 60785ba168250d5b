import type { AnalyticsStore, QueryParam } from '@throughline/analytics/analytics-store';
import { BACKGROUND } from '@throughline/analytics/read-settings';
import type { AnnotationRow } from '@throughline/contracts/annotation-row';
import type { RequestRow } from '@throughline/contracts/request-row';
import { rowKey, targetKey } from './target-key.ts';

/** Annotations per query: a few megabytes of short texts as a rule. */
const PAGE_ROWS = 10_000;

/** The stored annotations of one partition with offsets in [from, through], ascending. */
export async function readAnnotations(
  analytics: AnalyticsStore,
  partition: number,
  from: number,
  through: number,
): Promise<AnnotationRow[]> {
  return await readAll(analytics, from, (next) => ({
    where: 'source_partition = {partition:UInt16} AND source_offset BETWEEN {next:UInt64} AND {through:UInt64}',
    params: { partition, next, through },
  }));
}

/** Some sessions of one tenant. */
export interface TenantSessions {
  readonly tenantId: string;
  /** As many as a query takes, see `chunkKeys`. */
  readonly sessionIds: readonly string[];
}

/** Those of some sessions, of their requests included, up to an offset. */
export async function readSessionAnnotations(
  analytics: AnalyticsStore,
  { tenantId, sessionIds }: TenantSessions,
  through: number,
): Promise<AnnotationRow[]> {
  if (through < 0) return [];
  return await readAll(analytics, 0, (next) => ({
    where: `tenant_id = {tenant:String} AND session_id IN {sessions:Array(String)}
  AND source_offset BETWEEN {next:UInt64} AND {through:UInt64}`,
    params: { tenant: tenantId, sessions: sessionIds, next, through },
  }));
}

/** Requests asked about per query. */
const REQUESTS_MAX = 500;

/** Those of the requests given, up to an offset. */
export async function readRequestAnnotations(
  analytics: AnalyticsStore,
  partition: number,
  requests: readonly Pick<RequestRow, 'tenant_id' | 'request_id' | 'event_id'>[],
  through: number,
): Promise<AnnotationRow[]> {
  const keys = new Set(requests.map(rowKey));
  // By offset: one that shares its id with a request of another part comes with both.
  const found = new Map<number, AnnotationRow>();
  for (let at = 0; at < requests.length; at += REQUESTS_MAX) {
    const part = requests.slice(at, at + REQUESTS_MAX);
    const annotations = await readAll(analytics, 0, (next) => ({
      where: `source_partition = {partition:UInt16} AND target = 'request'
  AND (tenant_id, request_id) IN arrayZip({tenants:Array(String)}, {requests:Array(String)})
  AND source_offset BETWEEN {next:UInt64} AND {through:UInt64}`,
      params: {
        partition,
        tenants: part.map(({ tenant_id }) => tenant_id),
        requests: part.map(({ request_id }) => request_id),
        next,
        through,
      },
    }));
    for (const annotation of annotations) {
      // A caller may use a request id twice.
      if (keys.has(targetKey(annotation))) found.set(annotation.source_offset, annotation);
    }
  }
  return [...found.values()].sort((a, b) => a.source_offset - b.source_offset);
}

// PREWHERE, because with FINAL the engine moves no condition there itself. Right since all versions of a row agree in what
// is asked.
async function readAll(
  analytics: AnalyticsStore,
  from: number,
  page: (next: number) => { where: string; params: Readonly<Record<string, QueryParam>> },
): Promise<AnnotationRow[]> {
  const found: AnnotationRow[] = [];
  for (let next = from; ; ) {
    const { where, params } = page(next);
    const rows = await analytics.query<StoredAnnotation>({
      sql: `
SELECT tenant_id, event_id, kind, target, request_id, request_event_id, session_id, name, value, producer_id, producer_seq,
  source_partition, source_offset, version, toUnixTimestamp64Milli(received_at) AS received_at_ms,
  toUnixTimestamp64Milli(request_ordered_at) AS request_ordered_at_ms
FROM annotations FINAL
PREWHERE ${where}
ORDER BY source_offset LIMIT ${PAGE_ROWS}`,
      params,
      settings: BACKGROUND,
    });
    for (const row of rows) {
      found.push({
        tenant_id: row.tenant_id,
        event_id: row.event_id,
        kind: row.kind,
        target: row.target,
        request_id: row.request_id,
        request_event_id: row.request_event_id,
        request_ordered_at: Number(row.request_ordered_at_ms),
        session_id: row.session_id,
        name: row.name,
        value: row.value,
        received_at: Number(row.received_at_ms),
        producer_id: row.producer_id,
        producer_seq: Number(row.producer_seq),
        source_partition: row.source_partition,
        source_offset: Number(row.source_offset),
        version: BigInt(row.version),
      });
    }
    if (rows.length < PAGE_ROWS) return found;
    next = found.at(-1)!.source_offset + 1;
  }
}

/** As the engine prints it: 64-bit numbers are text. */
type StoredAnnotation = Omit<
  AnnotationRow,
  'request_ordered_at' | 'received_at' | 'producer_seq' | 'source_offset' | 'version'
> & {
  readonly request_ordered_at_ms: string;
  readonly received_at_ms: string;
  readonly producer_seq: string;
  readonly source_offset: string;
  readonly version: string;
};
