import {
  legacyFeedbackBody,
  propertyBody,
  ratingBody,
  scoresBody,
  tagBody,
} from '@throughline/contracts/api/annotation';
import { changeKeyBody, createKeyBody } from '@throughline/contracts/api/api-keys';
import { loginBody } from '@throughline/contracts/api/login';
import {
  metricBody,
  metricListBody,
  overTimeBody,
  quantilesBody,
  requestCountBody,
} from '@throughline/contracts/api/metrics-query';
import {
  sessionContrastBody,
  sessionFlowBody,
  sessionFunnelBody,
  sessionPathBody,
} from '@throughline/contracts/api/patterns-query';
import {
  nothingBody,
  propertyKeyBody,
  propertyOverTimeBody,
  propertySearchBody,
  propertyTopBody,
} from '@throughline/contracts/api/property-query';
import { requestIdsBody, requestQueryBody } from '@throughline/contracts/api/request-query';
import { sessionExportBody } from '@throughline/contracts/api/session-export';
import { sessionFacetsBody } from '@throughline/contracts/api/session-facets';
import { sessionOverTimeBody } from '@throughline/contracts/api/session-over-time';
import { sessionQueryBody } from '@throughline/contracts/api/session-query';
import { replayBody } from '@throughline/contracts/api/session-replay';
import { sessionMetricsQueryBody, sessionNameQueryBody } from '@throughline/contracts/api/session-summary';
import { userMetricsBody, userOverviewBody, userQueryBody } from '@throughline/contracts/api/user-query';
import { viewBody } from '@throughline/contracts/api/views';
import { webhookBody } from '@throughline/contracts/api/webhooks';
import type { z } from 'zod';
import type { Route, SignedRoute } from '../src/route.ts';
import { FIXTURES_AT } from './fixtures.ts';
import { NOW } from './query-server.ts';
import { requestIdOf } from './two-tenants.ts';

// How tests that are about every endpoint ask each of them. The endpoints themselves come from `queryRoutes`.

type AnyRoute = Pick<Route | SignedRoute, 'method' | 'path' | 'access'>;

/** What a body may hold, and bodies that are right, the first of which has every field that is needed. */
export interface BodyExamples {
  readonly schema: z.ZodType;
  readonly examples: readonly [object, ...object[]];
}

/** The name of an endpoint: `POST /v1/session/query`. */
export function nameOf({ method, path }: Pick<AnyRoute, 'method' | 'path'>): string {
  return `${method.toUpperCase()} ${path}`;
}

/**
 * The bodies of an endpoint; undefined for one without.
 *
 * @throws Error that says what to add here, for an endpoint that takes a body nobody has given an example of.
 */
export function bodiesOf(route: AnyRoute): BodyExamples | undefined {
  const known = BODIES.get(nameOf(route));
  if (known !== undefined || WITHOUT_BODY.has(nameOf(route))) return known;
  if (route.method === 'get' || route.method === 'delete') return undefined;
  throw new Error(
    `No test knows what to send to ${nameOf(route)}: add its body schema, and an example that selects some of the ` +
      'fixtures, to BODIES in services/query/test/route-calls.ts',
  );
}

/**
 * The path of an endpoint with a value for each of its parameters.
 *
 * @param values by the parameter's name, not yet encoded.
 * @throws Error that says what to add, for a parameter without a value.
 */
export function pathOf(route: AnyRoute, values: Readonly<Record<string, string>>): string {
  return route.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) {
      throw new Error(
        `No test knows a value for :${name} of ${nameOf(route)}: add one to the ids that the test passes to pathOf ` +
          '(services/query/test/route-calls.ts)',
      );
    }
    return encodeURIComponent(value);
  });
}

export function parametersOf(route: AnyRoute): string[] {
  return [...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
}

/** Whether an endpoint takes a filter, and under which name. */
export function filterFieldOf(route: AnyRoute): 'filter' | undefined {
  const schema = bodiesOf(route)?.schema;
  return schema !== undefined && 'shape' in schema && Object.hasOwn(schema.shape as object, 'filter')
    ? 'filter'
    : undefined;
}

/** Whether a filter may ask about users there. */
export function takesUsers(route: AnyRoute): boolean {
  return route.path.startsWith('/v1/user/');
}

const DAY = 86_400_000;
const timeFilter = { startTimeUnixMs: FIXTURES_AT - DAY, endTimeUnixMs: NOW };
const within = { start: new Date(FIXTURES_AT - DAY).toISOString(), end: new Date(FIXTURES_AT + 9 * DAY).toISOString() };
const errors = { request_response_rmt: { status: { gte: 400 } } };
const often = { sessions_request_response_rmt: { session_total_requests: { gte: 2 } } };
const either = { left: errors, operator: 'or', right: often };

const sessions = { search: '', timeFilter, timezoneDifference: 0, filter: {}, limit: 1000 };
const named = { nameContains: '', timezoneDifference: 0 };
const figure = { filter: 'all', timeFilter: within };
const series = { ...figure, dbIncrement: 'day', timeZoneDifference: 0 };
const users = { filter: 'all', offset: 0, limit: 1000 };

const SESSION_LIST: BodyExamples = {
  schema: sessionQueryBody,
  examples: [
    sessions,
    { ...sessions, aggregateOver: 'matching', filter: either, sort: { total_cost: 'desc' } },
    { ...sessions, search: 'TEAM', limit: 3 },
    { ...sessions, nameEquals: 'Support/Chat', timezoneDifference: -60 },
  ],
};
const { limit: _, ...selection } = sessions;
const SESSION_FACETS_ASKED: BodyExamples = {
  schema: sessionFacetsBody,
  examples: [
    {
      ...selection,
      facets: [
        // First: each of its fields is a field of a body that is right.
        { facet: 'property', property: 'ENV', limit: 3, contains: 'PRO' },
        ...['name', 'model', 'provider', 'status', 'user', 'tag', 'feedback', 'property_keys'].map((facet) => ({
          facet,
        })),
      ],
      ranges: ['cost', 'requests', 'tokens', 'duration_ms', 'avg_latency', 'p95_latency', 'errors'],
    },
    { ...selection, filter: either, facets: [{ facet: 'user' }] },
  ],
};
const SESSION_EXPORT: BodyExamples = {
  schema: sessionExportBody,
  examples: [
    { ...selection, format: 'csv' },
    { ...selection, format: 'jsonl', what: 'requests', filter: either },
    { ...selection, format: 'parquet', columns: ['session_id', 'total_cost'] },
  ],
};
const SESSIONS_OVER_TIME: BodyExamples = {
  schema: sessionOverTimeBody,
  examples: [
    { ...selection, dbIncrement: 'day' },
    { ...selection, filter: either, dbIncrement: 'hour', every: 6, timezoneDifference: 330 },
  ],
};
const patterns = { timeFilter };
const funnel = { ...patterns, steps: [{ path: '/plan', match: 'prefix' }, { path: '/write/chapter/1' }] };
const SESSION_SUMMARY = [named, { ...named, timeFilter, filter: either, aggregateOver: 'matching' }] as const;
const REQUEST_LIST: BodyExamples = {
  schema: requestQueryBody,
  examples: [
    { filter: 'all', limit: 1000 },
    { filter: either, limit: 20, sort: { cost: 'asc' }, isScored: true },
    { filter: 'all', limit: 1000, sort: { properties: { env: 'desc' } } },
    { filter: 'all', limit: 1000, sort: { random: true } },
  ],
};
const ONE_FIGURE: BodyExamples = { schema: metricBody, examples: [figure, { ...figure, filter: either }] };
const FIGURE_LIST: BodyExamples = { schema: metricListBody, examples: [{ ...figure, limit: 1000 }] };
const OVER_TIME: BodyExamples = {
  schema: overTimeBody,
  examples: [series, { ...series, userFilter: either, dbIncrement: 'month', timeZoneDifference: -60 }],
};
const TOP: BodyExamples = { schema: propertyTopBody, examples: [{ timeFilter: within }] };
const REPLAY: BodyExamples = {
  schema: replayBody,
  examples: [
    { dryRun: true, overrides: { model: 'gpt-4o' } },
    { dryRun: true, fromStep: 1, paths: ['', { path: '/plan', match: 'prefix' }, '/write/chapter/1'], times: 2 },
  ],
};
const NOTHING: BodyExamples = { schema: nothingBody, examples: [{}] };
const RATING: BodyExamples = { schema: ratingBody, examples: [{ rating: true }] };
const SCORES: BodyExamples = { schema: scoresBody, examples: [{ scores: { accuracy: 1, 'is-good': true } }] };
const VIEW: BodyExamples = { schema: viewBody, examples: [{ name: 'Dear ones', url: '/sessions?sort=cost' }] };
const PROPERTY_KEY: BodyExamples = { schema: propertyKeyBody, examples: [{ key: 'env' }] };

/** What is posted to without saying anything, or what takes a file. */
const WITHOUT_BODY: ReadonlySet<string> = new Set([
  'POST /v1/session/import',
  'POST /v1/system/ledger/audit',
  'POST /v1/system/dead-letters/:partition/:offset/replay',
]);

const BODIES: ReadonlyMap<string, BodyExamples> = new Map<string, BodyExamples>([
  ['POST /v1/session/query', SESSION_LIST],
  ['POST /v1/session/count', SESSION_LIST],
  ['POST /v1/session/facets/query', SESSION_FACETS_ASKED],
  ['POST /v1/session/export', SESSION_EXPORT],
  ['POST /v1/session/over-time/query', SESSIONS_OVER_TIME],
  ['POST /v1/session/name/query', { schema: sessionNameQueryBody, examples: SESSION_SUMMARY }],
  ['POST /v1/session/metrics/query', { schema: sessionMetricsQueryBody, examples: SESSION_SUMMARY }],
  [
    'POST /v1/session/flow/query',
    {
      schema: sessionFlowBody,
      examples: [
        patterns,
        { ...patterns, filter: either, pathLevels: 1, foldPaths: false, collapseRepeats: false, mergeBelow: 0.2 },
      ],
    },
  ],
  [
    'POST /v1/session/path/query',
    { schema: sessionPathBody, examples: [patterns, { ...patterns, filter: either, sort: 'avg_latency' }] },
  ],
  ['POST /v1/session/funnel/query', { schema: sessionFunnelBody, examples: [funnel, { ...funnel, filter: either }] }],
  [
    'POST /v1/session/contrast/query',
    {
      schema: sessionContrastBody,
      examples: [
        // The first is what every text is put into: fast, since the kinds have their texts from the same tables.
        { ...patterns, groups: { dearest: 0.3 }, kinds: ['path'] },
        { ...patterns, filter: either, groups: { failing: true } },
        { ...patterns, groups: { a: { nameEquals: 'run 1' }, b: { filter: errors } } },
      ],
    },
  ],
  ['POST /v1/request/query-clickhouse', REQUEST_LIST],
  ['POST /v1/request/query', REQUEST_LIST],
  ['POST /v1/request/count/query', REQUEST_LIST],
  [
    'POST /v1/request/query-ids',
    { schema: requestIdsBody, examples: [{ requestIds: [requestIdOf(1), requestIdOf(3)] }] },
  ],
  ['POST /v1/property/query', NOTHING],
  ['POST /v1/property/hidden/query', NOTHING],
  ['POST /v1/property/hide', PROPERTY_KEY],
  ['POST /v1/property/restore', PROPERTY_KEY],
  [
    'POST /v1/property/properties/over-time',
    { schema: propertyOverTimeBody, examples: [{ ...series, propertyKey: 'ENV' }] },
  ],
  [
    'POST /v1/property/:propertyKey/search',
    { schema: propertySearchBody, examples: [{ searchTerm: '' }, { searchTerm: 'PRO' }] },
  ],
  ['POST /v1/property/:propertyKey/top-costs/query', TOP],
  ['POST /v1/property/:propertyKey/top-requests/query', TOP],
  ...['totalRequests', 'totalCost', 'averageLatency', 'averageTimeToFirstToken', 'activeUsers'].map(oneFigure),
  ...['averageTokensPerRequest', 'totalThreats'].map(oneFigure),
  ['POST /v1/metrics/models', FIGURE_LIST],
  ['POST /v1/metrics/country', FIGURE_LIST],
  ['POST /v1/metrics/requestCount', { schema: requestCountBody, examples: [{ filter: 'all' }, { filter: either }] }],
  ...['requestOverTime', 'errorOverTime', 'usersOverTime', 'costOverTime', 'tokensOverTime'].map(overTime),
  ...['latencyOverTime', 'timeToFirstToken', 'threatsOverTime', 'requestStatusOverTime'].map(overTime),
  ['POST /v1/metrics/quantiles', { schema: quantilesBody, examples: [{ ...series, metric: 'cost' }] }],
  ['POST /v1/dashboard/scores/query', OVER_TIME],
  [
    'POST /v1/user/metrics/query',
    {
      schema: userMetricsBody,
      examples: [
        users,
        { ...users, filter: { left: either, operator: 'and', right: { users_view: { user_cost: { gt: 0.01 } } } } },
      ],
    },
  ],
  ['POST /v1/user/metrics-overview/query', { schema: userOverviewBody, examples: [{ filter: 'all', pSize: 'p99' }] }],
  ['POST /v1/session/:sessionId/replay', REPLAY],
  ['POST /v1/session/:sessionId/tag', { schema: tagBody, examples: [{ tag: 'kept' }] }],
  ['POST /v1/session/:sessionId/feedback', RATING],
  ['POST /v1/session/:sessionId/score', SCORES],
  ['POST /v1/request/:requestId/feedback', RATING],
  ['POST /v1/request/:requestId/score', SCORES],
  ['PUT /v1/request/:requestId/property', { schema: propertyBody, examples: [{ key: 'env', value: 'prod' }] }],
  ['POST /v1/feedback', { schema: legacyFeedbackBody, examples: [{ 'helicone-id': requestIdOf(1), rating: true }] }],
  ['POST /v1/views', VIEW],
  ['PUT /v1/views/:viewId', VIEW],
  [
    'POST /v1/webhooks',
    {
      schema: webhookBody,
      examples: [
        {
          destination: 'https://hooks.example/told',
          name: 'told',
          config: { sampleRate: 50, propertyFilters: [{ key: 'env', value: 'prod' }] },
          includeData: false,
        },
      ],
    },
  ],
  ['POST /v1/api-keys', { schema: createKeyBody, examples: [{ api_key_name: 'made' }] }],
  ['PATCH /v1/api-keys/:apiKeyId', { schema: changeKeyBody, examples: [{ api_key_name: 'renamed' }] }],
  ['POST /v1/login', { schema: loginBody, examples: [{ token: 'nobodys' }] }],
  ['POST /v1/user/query', { schema: userQueryBody, examples: [{}, { userIds: ['ada', 'grace'] }] }],
]);

function oneFigure(name: string): [string, BodyExamples] {
  return [`POST /v1/metrics/${name}`, ONE_FIGURE];
}

function overTime(name: string): [string, BodyExamples] {
  return [`POST /v1/metrics/${name}`, OVER_TIME];
}
