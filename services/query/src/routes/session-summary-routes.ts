import { sessionMetricsQueryBody, sessionNameQueryBody } from '@throughline/contracts/api/session-summary';
import {
  hasSessionAnswer,
  sessionMetricsAnswer,
  sessionNamesAnswer,
} from '@throughline/contracts/api/session-summary-answer';
import { picoToUsd } from '@throughline/contracts/money';
import { ALL, and, leaf } from '@throughline/filter-tree/filter';
import { parseBody } from '../parse-body.ts';
import { hasSession } from '../queries/has-session.ts';
import { listSessionNames } from '../queries/list-session-names.ts';
import { readSessionMetrics, type SessionMetrics } from '../queries/session-metrics.ts';
import type { QueryDeps } from '../query-deps.ts';
import { readPageBounds, readSelection } from '../read-selection.ts';
import { histogramAnswer } from '../render/histogram-answer.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route } from '../route.ts';

/**
 * What sessions have in common: names, sums, how they are distributed, whether there are any. Listed before
 * `sessionRoutes`, where one session's id stands in the place of `has-session`.
 */
export function sessionSummaryRoutes(deps: QueryDeps): Route[] {
  return [
    {
      method: 'post',
      path: '/v1/session/name/query',
      access: 'read',
      doc: {
        summary: 'Names of sessions, last used first',
        body: sessionNameQueryBody,
        query: null,
        answer: sessionNamesAnswer,
        errors: ['unsupported-filter', 'invalid-timezone'],
      },
      handle: async ({ key, body: given, analytics }) => {
        const body = parseBody(sessionNameQueryBody, given);
        const names = await listSessionNames(
          analytics,
          readSelection(key, body, deps),
          { nameContains: body.nameContains, ...readPageBounds(body) },
          body.aggregateOver ?? 'session',
        );
        const data = names.map((named) => {
          // Subtracted here, unlike in the list: clients send what `getTimezoneOffset()` gives.
          const firstUsed = timestamp(named.firstRequestMs, -body.timezoneDifference);
          return {
            name: named.name,
            created_at: firstUsed,
            first_used: firstUsed,
            last_used: timestamp(named.lastRequestMs, -body.timezoneDifference),
            session_count: named.sessions,
            avg_latency: named.requests === 0 ? 0 : named.latencyMs / named.requests,
          };
        });
        return { data, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/session/metrics/query',
      access: 'read',
      doc: {
        summary: 'What the selected sessions come to, and how requests, seconds and cost are distributed among them',
        body: sessionMetricsQueryBody,
        query: null,
        answer: sessionMetricsAnswer,
        errors: ['unsupported-filter', 'invalid-timezone'],
      },
      handle: async ({ key, body: given, analytics }) => {
        const body = parseBody(sessionMetricsQueryBody, given);
        const selection = readSelection(key, body, deps);
        const named = body.nameContains === '' ? ALL : leaf('session_session_name', 'contains', body.nameContains);
        const metrics = await readSessionMetrics(
          analytics,
          { ...selection, filter: and(selection.filter, named) },
          { pSize: body.pSize ?? 'p75', useInterquartile: body.useInterquartile ?? false },
          body.aggregateOver ?? 'session',
        );
        return { data: metricsAnswer(metrics), from: 'snapshots' };
      },
    },
    {
      method: 'get',
      path: '/v1/session/has-session',
      access: 'read',
      doc: {
        summary: 'Whether there is any session',
        body: null,
        query: null,
        answer: hasSessionAnswer,
        errors: [],
      },
      handle: async ({ key, analytics }) => ({ data: await hasSession(analytics, key.tenantId), from: 'snapshots' }),
    },
  ];
}

/** Means are null where nothing is selected. */
function metricsAnswer(metrics: SessionMetrics) {
  const { sessions, requests, errors, bins } = metrics;
  const totalCost = picoToUsd(metrics.costPico);
  const mean = (sum: number, count: number) => (count === 0 ? null : sum / count);
  return {
    session_count: histogramAnswer(bins.requests),
    session_duration: histogramAnswer(bins.seconds),
    session_cost: histogramAnswer(bins.costPico, PICO_PLACES),
    average: {
      session_count: [{ average: mean(requests, sessions) }],
      session_duration: [{ average: mean(metrics.seconds, sessions) }],
      session_cost: [{ average: mean(totalCost, sessions) }],
    },
    total_cost: totalCost,
    session_count_total: sessions,
    avg_latency: mean(metrics.latencyMs, requests),
    success_rate: mean(requests - errors, requests),
  };
}

/** Picodollars to USD. */
const PICO_PLACES = 12;
