import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { BACKGROUND } from '@throughline/analytics/read-settings';
import type { Deletion } from '@throughline/contracts/annotation';
import type { AnnotationRow, DeletionPlan } from '@throughline/contracts/annotation-row';
import { decimalToPico } from '@throughline/contracts/money';
import { packVersion } from '@throughline/contracts/version';
import { publishedState } from '@throughline/session-totals/describe-session';
import type { SessionState } from '@throughline/session-totals/session-state';
import type { SessionChange } from '@throughline/session-totals/session-totals';
import { chunkKeys } from '../chunk-keys.ts';
import { readSessionAnnotations } from '../read-annotations.ts';
import { readSessionRows } from '../read-request-rows.ts';
import { createSessionFolder, type SessionFolder } from '../session/fold-session.ts';
import { NO_FIGURES } from '../session/fold-tenants.ts';
import type { SessionReader } from '../session-cache.ts';
import { sessionKeyText } from '../session-key-text.ts';
import { beforeDeletion, type Condition, deletedRequests } from './deleted-rows.ts';
import { touchedSessions } from './recover-plan.ts';
import { plus, type RemovedFigures, removedFrom } from './removed-figures.ts';

/** What a deletion comes to: a function of the rows and totals of everything before it, none of which it has touched yet. */
export interface DecidedDeletion {
  readonly plan: DeletionPlan;
  readonly sessions: readonly SessionChange[];
  readonly removed: RemovedFigures;
}

/** Some of the sessions that a deletion changes, committed before the others. */
export type DecidedPart = Pick<DecidedDeletion, 'sessions' | 'removed'>;

export interface DeletionDecision {
  readonly analytics: AnalyticsStore;
  readonly cache: SessionReader;
  readonly epoch: number;
  /**
   * Commits a part of the sessions of a user, of whom there may be more than one commit takes: a session that was committed
   * is as it is to be, so that nothing is removed when it is decided about once more.
   */
  readonly commitPart: (part: DecidedPart) => Promise<void>;
}

/** Sessions of a user that are folded again at a time. */
const REFOLDED_MAX = 200;

export async function decideDeletion(
  row: AnnotationRow,
  change: Deletion,
  decision: DeletionDecision,
): Promise<DecidedDeletion> {
  const nothing = { plan: { change, gone: [], kept: [] }, sessions: [], removed: NO_FIGURES };
  switch (change.kind) {
    case 'delete-sessions': {
      const known = await load(row.tenant_id, change.sessions, decision);
      const states = known.filter(({ lastReceivedAt }) => isBefore(lastReceivedAt, change.inactive_since));
      const active = new Set(known.filter((state) => !states.includes(state)).map(({ sessionId }) => sessionId));
      // Where totals were made anew after a part of it was carried out, nothing but a snapshot may be left of a session.
      const gone = [...new Set(change.sessions)].filter((sessionId) => !active.has(sessionId));
      const figures = states.map((state) => removedFrom(state, undefined));
      const annotations = await countSessionAnnotations(row, gone, "target IN ('session', 'request')", decision);
      return {
        plan: { change, gone, kept: [] },
        sessions: states.map(removal),
        removed: figures.reduce((sum, one) => plus(sum, one), { ...NO_FIGURES, annotations }),
      };
    }
    case 'delete-bodies': {
      const states = (await load(row.tenant_id, change.sessions, decision)).filter(
        ({ requests, lastReceivedAt }) => requests > 0 && isBefore(lastReceivedAt, change.inactive_since),
      );
      return {
        plan: { change, gone: [], kept: states.map(({ sessionId }) => sessionId) },
        sessions: states.map((state) => asOf(row, { ...state, bodiesDeleted: true }, decision.epoch)),
        removed: NO_FIGURES,
      };
    }
    case 'delete-user':
      return await decideUser(row, change, decision);
    case 'delete-calls': {
      const [condition] = deletedRequests({ row, plan: { change } });
      const figures = await sumRequests(decision.analytics, condition!);
      const annotations = await countAnnotationsOf(decision.analytics, row, condition!);
      return { ...nothing, removed: { ...figures, annotations } };
    }
    case 'delete-call-bodies':
      return nothing;
  }
}

/** Those sessions that are there. */
async function load(
  tenantId: string,
  sessionIds: readonly string[],
  { cache }: DeletionDecision,
): Promise<SessionState[]> {
  const states = await cache.load([...new Set(sessionIds)].map((sessionId) => ({ tenantId, sessionId })));
  return [...states.values()];
}

function isBefore(receivedAt: number, instant: number | null): boolean {
  return instant === null || receivedAt < instant;
}

async function decideUser(
  row: AnnotationRow,
  change: Extract<Deletion, { kind: 'delete-user' }>,
  decision: DeletionDecision,
): Promise<DecidedDeletion> {
  const { analytics, cache, epoch, commitPart } = decision;
  const { tenant_id: tenantId } = row;
  const [condition] = deletedRequests({ row, plan: { change } });
  const touched = await touchedSessions(analytics, { row, plan: { change } });
  // Those of requests that are deleted, and what was said of sessions that are: counted before anything is hidden.
  let annotations = await countAnnotationsOf(analytics, row, condition!);
  const gone: string[] = [];
  const kept: string[] = [];
  const keys = touched.map((sessionId) => ({ tenantId, sessionId }));
  for (let at = 0; at < keys.length; at += REFOLDED_MAX) {
    for (const part of chunkKeys(keys.slice(at, at + REFOLDED_MAX))) {
      const before = await cache.load(part);
      const remaining = await refold(
        row,
        part.map(({ sessionId }) => sessionId),
        change.user,
        analytics,
      );
      const sessions: SessionChange[] = [];
      let removed: RemovedFigures = NO_FIGURES;
      const goneHere: string[] = [];
      for (const key of part) {
        const state = before.get(sessionKeyText(key));
        const next = remaining.get(key.sessionId);
        removed = plus(removed, removedFrom(state, next));
        if (next) kept.push(key.sessionId);
        else goneHere.push(key.sessionId);
        sessions.push(next ? asOf(row, next, epoch) : removal(key));
      }
      gone.push(...goneHere);
      annotations += await countSessionAnnotations(row, goneHere, "target = 'session'", decision);
      await commitPart({ sessions, removed });
    }
  }
  const alone = await sumRequests(analytics, { ...condition!, sql: `${condition!.sql} AND session_id = ''` });
  return { plan: { change, gone, kept }, sessions: [], removed: { ...alone, annotations } };
}

/** What sessions come to without the requests of a user, as a rebuild would make them; those without any other are left out. */
async function refold(
  row: AnnotationRow,
  sessionIds: readonly string[],
  user: string,
  analytics: AnalyticsStore,
): Promise<Map<string, SessionState>> {
  const asked = { tenantId: row.tenant_id, sessionIds };
  const through = row.source_offset - 1;
  const folders = new Map<string, SessionFolder>();
  const deleted = new Set<string>();
  for await (const rows of readSessionRows(analytics, asked, through)) {
    for (const request of rows) {
      if (request.source_partition !== row.source_partition) continue;
      if (request.user_id === user) {
        deleted.add(request.event_id);
        continue;
      }
      let folder = folders.get(request.session_id);
      if (!folder) {
        folder = createSessionFolder(undefined);
        folders.set(request.session_id, folder);
      }
      folder.add(request);
    }
  }
  for (const annotation of await readSessionAnnotations(analytics, asked, through)) {
    if (!deleted.has(annotation.request_event_id)) folders.get(annotation.session_id)?.annotate(annotation);
  }
  return new Map(Array.from(folders, ([sessionId, folder]) => [sessionId, folder.result()]));
}

/** The state as a snapshot of it wins over those of before the deletion. */
function asOf(row: AnnotationRow, state: SessionState, epoch: number): SessionState {
  return publishedState({ ...state, snapshotVersion: packVersion(row.source_offset, epoch) }, epoch);
}

function removal({ tenantId, sessionId }: { readonly tenantId: string; readonly sessionId: string }): SessionChange {
  return { removed: true, tenantId, sessionId };
}

async function sumRequests(
  analytics: AnalyticsStore,
  condition: Condition,
): Promise<Omit<RemovedFigures, 'annotations'>> {
  const [sums] = await analytics.query<
    Record<'requests' | 'errors' | 'unpriced' | 'cost_sum' | 'prompt' | 'completion', string>
  >({
    sql: `
SELECT count() AS requests, countIf(is_error) AS errors, countIf(cost IS NULL) AS unpriced,
  toString(sum(toDecimal128(ifNull(cost, 0), 12))) AS cost_sum, sum(ifNull(prompt_tokens, 0)) AS prompt,
  sum(ifNull(completion_tokens, 0)) AS completion
FROM requests FINAL PREWHERE ${condition.sql}`,
    params: condition.params,
    settings: BACKGROUND,
  });
  return {
    requests: Number(sums!.requests),
    errors: Number(sums!.errors),
    unpriced: Number(sums!.unpriced),
    costPico: decimalToPico(sums!.cost_sum),
    promptTokens: BigInt(sums!.prompt),
    completionTokens: BigInt(sums!.completion),
  };
}

async function countAnnotationsOf(analytics: AnalyticsStore, row: AnnotationRow, requests: Condition): Promise<number> {
  const before = beforeDeletion(row);
  const [found] = await analytics.query<{ n: string }>({
    sql: `
SELECT count() AS n FROM annotations FINAL PREWHERE ${before.sql} AND target = 'request'
WHERE request_event_id IN (SELECT event_id FROM requests FINAL PREWHERE ${requests.sql})`,
    params: requests.params,
    settings: BACKGROUND,
  });
  return Number(found!.n);
}

async function countSessionAnnotations(
  row: AnnotationRow,
  sessionIds: readonly string[],
  targets: string,
  { analytics }: DeletionDecision,
): Promise<number> {
  const before = beforeDeletion(row);
  let count = 0;
  for (const part of chunkKeys(sessionIds.map((sessionId) => ({ tenantId: row.tenant_id, sessionId })))) {
    const [found] = await analytics.query<{ n: string }>({
      sql: `
SELECT count() AS n FROM annotations FINAL
PREWHERE ${before.sql} AND session_id IN {sessions:Array(String)} AND ${targets}`,
      params: { ...before.params, sessions: part.map(({ sessionId }) => sessionId) },
      settings: BACKGROUND,
    });
    count += Number(found!.n);
  }
  return count;
}
