import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { readSessionRows } from '@throughline/session-aggregator/read-request-rows';
import { createSessionFolder } from '@throughline/session-aggregator/session/fold-session';
import { describeSession } from '@throughline/session-totals/describe-session';
import type { EngineSession } from './engine-session.ts';
import type { QueryService } from './query-service.ts';
import type { Subjects } from './questions.ts';
import { DOMINANT, sessionAt, sessionIdSql } from './request-rows-sql.ts';
import { MARKED, type Size } from './size.ts';
import { inWindow, lastDays } from './window.ts';

/** What the questions ask about, found in the data; the sessions asked for one by one become live in the service. */
export async function findSubjects(
  { analytics, engine, service }: { analytics: AnalyticsStore; engine: EngineSession; service: QueryService },
  size: Size,
  bodies: boolean,
): Promise<Subjects> {
  const deep = new Map<number, { cursor: string; offset: number }>();
  for (const days of [7, 30]) deep.set(days, await halfWay(service, days));
  const marked = { short: '', long: '' };
  for (const which of ['short', 'long'] as const) {
    const [row] = await engine.rows<{ id: string }>(
      `SELECT ${sessionIdSql(`toUInt64(${sessionAt(size, MARKED[which].place)})`)} AS id`,
    );
    marked[which] = row!.id;
    await makeLive(analytics, engine, service, row!.id);
  }
  const [session] = await engine.rows<{ customer: string }>(
    `SELECT properties['customer'] AS customer FROM requests WHERE ${inWindow(lastDays(7))} AND session_id != '' ORDER BY ordered_at LIMIT 1`,
  );
  const [body] = bodies
    ? await engine.rows<{ ticket: string }>(
        `SELECT extract(request_body, 'ticket (W[0-9]+)') AS ticket FROM request_bodies WHERE tenant_id = '${DOMINANT}' LIMIT 1`,
      )
    : [];
  return {
    deep,
    shortSession: marked.short,
    longSession: marked.long,
    customer: session!.customer,
    ticket: body?.ticket,
  };
}

/** A page that goes on behind half of the window's sessions. */
async function halfWay(service: QueryService, days: number): Promise<{ cursor: string; offset: number }> {
  const { startMs, endMs } = lastDays(days);
  const window = {
    search: '',
    timezoneDifference: 0,
    filter: 'all',
    timeFilter: { startTimeUnixMs: startMs, endTimeUnixMs: endMs },
  };
  const { answer } = await service.watch({ path: '/v1/session/count', body: window });
  const offset = Math.floor(answer.data.count / 2);
  const page = { ...window, offset: offset - 1, limit: 1 };
  const last = await service.watch({ path: '/v1/session/query', body: page });
  return { cursor: last.answer.next_cursor, offset };
}

/**
 * Folds a session from its rows as the aggregator does.
 *
 * @throws when its snapshot, which was folded by SQL, says something else.
 */
async function makeLive(
  analytics: AnalyticsStore,
  engine: EngineSession,
  service: QueryService,
  sessionId: string,
): Promise<void> {
  const folder = createSessionFolder(undefined);
  for await (const rows of readSessionRows(
    analytics,
    { tenantId: DOMINANT, sessionIds: [sessionId] },
    Number.MAX_SAFE_INTEGER,
  )) {
    for (const row of rows) folder.add(row);
  }
  const state = folder.result();
  service.live.set(sessionId, state);
  const facts = describeSession(state);
  const folded = {
    created_at: facts.created_at,
    latest_response_at: facts.latest_response_at,
    session_name: facts.session_name,
    models: facts.models,
    statuses: facts.statuses,
    user_ids: facts.user_ids,
    properties: facts.properties,
    total_requests: facts.total_requests,
    error_count: facts.error_count,
    unpriced_requests: facts.unpriced_requests,
    prompt_tokens: String(facts.prompt_tokens),
    total_cost: Number(facts.total_cost_pico) / 1e12,
    p95_latency_ms: facts.p95_latency_ms,
  };
  const [snapshot] = await engine.rows(
    `SELECT toUnixTimestamp64Milli(created_at) AS created_at, toUnixTimestamp64Milli(latest_response_at) AS latest_response_at,
      session_name, models, statuses, user_ids, arrayZip(mapKeys(properties), mapValues(properties)) AS properties,
      total_requests, error_count, unpriced_requests, toString(prompt_tokens) AS prompt_tokens, total_cost, p95_latency_ms
    FROM sessions FINAL WHERE tenant_id = '${DOMINANT}' AND session_id = '${sessionId}'`,
  );
  if (JSON.stringify(snapshot) !== JSON.stringify(folded)) {
    throw new Error(`the snapshot ${JSON.stringify(snapshot)} is not what its rows fold to, ${JSON.stringify(folded)}`);
  }
}
