import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { FINAL } from '@throughline/analytics/read-settings';
import type { AnnotationChange } from '@throughline/contracts/annotation';
import { ApiError } from '@throughline/contracts/errors';
import { newEventId } from '@throughline/contracts/ids';
import { partitionFor } from '@throughline/contracts/partition';
import { ANNOTATION_SCHEMA_VERSION, type NewEvent, type NewRequestEvent } from '@throughline/contracts/request-event';
import type { BundleHeader } from '@throughline/contracts/session-bundle';
import { isLong, shortened } from '@throughline/contracts/shortened-event';
import { type Appended, EventLogError } from '@throughline/event-log/event-log';
import type { SessionState } from '@throughline/session-totals/session-state';
import { findSession } from '../queries/find-session.ts';
import { requestElsewhere } from '../queries/request-elsewhere.ts';
import type { QueryDeps } from '../query-deps.ts';
import { type Difference, differencesFrom } from './bundle-totals.ts';
import { type ImportTarget, importedEvent, importedRequestId } from './imported-event.ts';
import { maskImported } from './mask-imported.ts';
import { readBundle } from './read-bundle.ts';
import type { Spool } from './spool.ts';

export interface ImportOptions {
  readonly tenantId: string;
  /** Undefined: the id that the file has. */
  readonly as: string | undefined;
  /** Of this call: its queries end with it. */
  readonly analytics: Pick<AnalyticsStore, 'query'>;
  /** Until what was recorded shows, ms. */
  readonly waitMs: number;
}

export interface Imported {
  readonly sessionId: string;
  readonly requests: number;
  readonly imported: number;
  readonly shortened: number;
  readonly costPico: bigint;
  readonly differences: readonly Difference[];
}

type ImportDeps = Pick<QueryDeps, 'totals' | 'annotations' | 'clock' | 'masking'>;

/**
 * Records the session of a file, once it was read to its end and found whole. What is there already of an import that came to
 * no end is not recorded again.
 *
 * A request is in one session of a tenant alone, as far as it is known here: calls whose rows are still on their way are not seen,
 * nor what another instance imports at the same moment, and callers may use an id in several sessions.
 *
 * @throws ApiError `session-is-there`, `requests-are-there`, `import-incomplete`, `not-shown-yet`. InvalidBundle: nothing was recorded.
 */
export async function importBundle(deps: ImportDeps, file: Spool, options: ImportOptions): Promise<Imported> {
  const { header, ids } = await checked(file);
  const { tenantId, analytics } = options;
  const sessionId = options.as ?? header.session_id;
  const { partitions } = deps.annotations.appender;
  const target: ImportTarget = {
    tenantId,
    sessionId,
    partition: partitionFor(tenantId, sessionId, '', partitions),
    isRenamed: sessionId !== header.session_id,
  };
  const before = await findSession({ totals: deps.totals, analytics }, tenantId, sessionId);
  const idsThere = before === undefined ? [] : await requestIds(analytics, before);
  const there: ReadonlySet<string> = new Set(idsThere);
  const missing = ids.map((id) => importedRequestId(id, target)).filter((id) => !there.has(id));
  const changes = wantedChanges(header, before);
  const hasOthers = idsThere.length > ids.length - missing.length;
  if (hasOthers || (missing.length === 0 && changes.length === 0)) {
    throw new ApiError('session-is-there', {
      id: sessionId.slice(0, 200),
      reason: hasOthers ? 'of other requests' : 'with everything that is in the file',
    });
  }
  const elsewhere = await requestElsewhere(analytics, tenantId, sessionId, missing);
  if (elsewhere) {
    const { request_id: request, session_id: session } = elsewhere;
    const place = session === '' ? 'in no session' : `in session ${session.slice(0, 200)}`;
    throw new ApiError('requests-are-there', { request, place });
  }
  const appended = await append(deps, file, { target, there, changes, missing: missing.length });
  await waitUntilShown(deps, target, appended.last, options.waitMs);
  const after = await findSession({ totals: deps.totals, analytics }, tenantId, sessionId);
  return {
    sessionId,
    requests: header.totals.requests,
    imported: missing.length,
    shortened: appended.shortened,
    costPico: after?.costPico ?? 0n,
    differences: differencesFrom(header, after),
  };
}

async function checked(file: Spool): Promise<{ header: BundleHeader; ids: readonly string[] }> {
  let header: BundleHeader | undefined;
  const ids: string[] = [];
  for await (const part of readBundle(file.read())) {
    if (part.kind === 'session') header = part.header;
    else ids.push(part.request.request_id);
  }
  // There is one: a file without is refused.
  return { header: header!, ids };
}

/** Ids of a page: some megabytes at most. */
const PAGE_IDS = 10_000;

/** The ids of a session's requests, of each of them. */
async function requestIds(
  analytics: Pick<AnalyticsStore, 'query'>,
  { tenantId, sessionId, createdAt, latestRequestAt, requests }: SessionState,
): Promise<string[]> {
  const ids: string[] = [];
  if (requests === 0) return ids;
  for (let after = -1; ; ) {
    const rows = await analytics.query<{ request_id: string; source_offset: string }>({
      sql: `
SELECT r.request_id AS request_id, r.source_offset AS source_offset
FROM requests AS r FINAL
WHERE r.tenant_id = {tenant:String} AND r.session_id = {session:String}
  AND r.ordered_at BETWEEN fromUnixTimestamp64Milli({first:Int64}, 'UTC') AND fromUnixTimestamp64Milli({last:Int64}, 'UTC')
  AND toInt64(r.source_offset) > {after:Int64}
ORDER BY r.source_offset
LIMIT {limit:UInt32}`,
      params: { tenant: tenantId, session: sessionId, first: createdAt, last: latestRequestAt, after, limit: PAGE_IDS },
      settings: FINAL,
    });
    for (const { request_id } of rows) ids.push(request_id);
    if (rows.length < PAGE_IDS) return ids;
    after = Number(rows.at(-1)!.source_offset);
  }
}

/** What the file says of the session, where nothing was said here. */
function wantedChanges({ annotations }: BundleHeader, here: SessionState | undefined): AnnotationChange[] {
  const changes: AnnotationChange[] = [];
  const { tag, feedback } = annotations;
  const scores = annotations.scores.filter(([name]) => !here?.scores.has(name));
  if (tag !== null && tag !== '' && (here?.tag ?? null) === null) changes.push({ kind: 'tag', tag });
  if (feedback !== null && (here?.feedback ?? null) === null) changes.push({ kind: 'feedback', rating: feedback });
  if (scores.length > 0) changes.push({ kind: 'score', scores });
  return changes;
}

/** Appends that are waited for together: the log stores them with one write. */
const TOGETHER_MAX = 32;
const TOGETHER_BYTES_MAX = 8 * 1024 * 1024;

interface Work {
  readonly target: ImportTarget;
  readonly there: ReadonlySet<string>;
  readonly changes: readonly AnnotationChange[];
  readonly missing: number;
}

async function append(
  { annotations: { appender }, clock, masking }: ImportDeps,
  file: Spool,
  { target, there, changes, missing }: Work,
): Promise<{ last: { appended: Appended; change: AnnotationChange | undefined }; shortened: number }> {
  let waiting: Promise<Appended>[] = [];
  let bytes = 0;
  let done = 0;
  let shortenedEvents = 0;
  let last: Appended | undefined;
  const settle = async () => {
    const results = await Promise.allSettled(waiting);
    waiting = [];
    bytes = 0;
    for (const result of results) {
      if (result.status === 'fulfilled') {
        last = result.value;
        done++;
      } else if (result.reason instanceof EventLogError) {
        throw new ApiError('import-incomplete', { done: Math.min(done, missing), missing }, { cause: result.reason });
      } else throw result.reason;
    }
  };
  const add = (event: NewEvent, shorter?: () => NewEvent) => waiting.push(appender.append(event, shorter));

  for await (const part of readBundle(file.read())) {
    if (part.kind === 'session') continue;
    const made = importedEvent(part.request, target, part.index);
    if (there.has(made.request_id)) continue;
    const event = masking === undefined ? made : maskImported(made, masking);
    add(
      event,
      shorterOf(event, () => shortenedEvents++),
    );
    bytes += event.request_body.bytes.length + event.response_body.bytes.length;
    if (waiting.length >= TOGETHER_MAX || bytes >= TOGETHER_BYTES_MAX) await settle();
  }
  await settle();
  for (const change of changes) {
    add({
      kind: 'annotation',
      schema_version: ANNOTATION_SCHEMA_VERSION,
      event_id: newEventId(target.partition, clock.now()),
      tenant_id: target.tenantId,
      session: { id: target.sessionId },
      request: null,
      change,
    });
  }
  await settle();
  return { last: { appended: last!, change: changes.at(-1) }, shortened: shortenedEvents };
}

function shorterOf(event: NewRequestEvent, onShortened: () => void): (() => NewEvent) | undefined {
  if (!isLong(event)) return undefined;
  return () => {
    onShortened();
    return shortened(event);
  };
}

async function waitUntilShown(
  { annotations: { applied } }: ImportDeps,
  { tenantId, sessionId }: ImportTarget,
  { appended, change = NO_CHANGE }: { appended: Appended; change: AnnotationChange | undefined },
  waitMs: number,
): Promise<void> {
  const late = AbortSignal.timeout(waitMs);
  const about = { tenantId, session: { id: sessionId }, request: null, change };
  if (!(await applied.until(appended, about, late))) throw new ApiError('not-shown-yet');
}

/** Whoever waits looks at what an annotation is about, not at what it says. */
const NO_CHANGE: AnnotationChange = { kind: 'score', scores: [] };
