import {
  costAnswer,
  costSeriesAnswer,
  countAnswer,
  countriesAnswer,
  countSeriesAnswer,
  firstTokenSeriesAnswer,
  latencySeriesAnswer,
  meanAnswer,
  modelSumsAnswer,
  quantileSeriesAnswer,
  scoreSeriesAnswer,
  statusSeriesAnswer,
  tokenMeansAnswer,
  tokenSeriesAnswer,
} from '@throughline/contracts/api/metrics-answer';
import {
  metricBody,
  metricListBody,
  overTimeBody,
  QUANTILE_METRICS,
  quantilesBody,
  requestCountBody,
} from '@throughline/contracts/api/metrics-query';
import { ApiError, type ErrorCode } from '@throughline/contracts/errors';
import { picoToUsd } from '@throughline/contracts/money';
import { parseBody } from '../parse-body.ts';
import { sumByModel } from '../queries/model-sums.ts';
import { type Sum, type Sums, sumRequests } from '../queries/request-sums.ts';
import { quantilesOverTime, statusesOverTime, sumsOverTime } from '../queries/requests-over-time.ts';
import { scoresOverTime } from '../queries/scores-over-time.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route, RouteAnswer, RouteCall, RouteDoc } from '../route.ts';
import { readFilter, readOverTime, readPageOf, readRequestSelection } from './read-figures.ts';

/** Figures over the requests of a range: one number each, lists, and series over time. */
export function metricsRoutes(deps: QueryDeps): Route[] {
  const figures = { config: queryConfig(deps), clock: deps.clock };
  const metric = (name: string, doc: MetricDoc, handle: (call: RouteCall) => Promise<unknown>): Route => ({
    method: 'post',
    path: `/v1/metrics/${name}`,
    access: 'read',
    doc: { query: null, ...doc },
    handle: async (call): Promise<RouteAnswer> => ({ data: await handle(call), from: 'snapshots' }),
  });

  const figure = <S extends Sum>(
    name: string,
    doc: Described,
    sums: readonly S[],
    answer: (sums: Sums<S>) => unknown,
  ) =>
    metric(name, { ...doc, body: metricBody, errors: RANGE_ERRORS }, async (call) => {
      const selection = readRequestSelection(call, parseBody(metricBody, call.body), figures);
      return answer(await sumRequests(call.analytics, selection, sums));
    });

  /** @param point figures of an interval; where nothing happened, all of them are 0. */
  const series = <S extends Sum>(
    name: string,
    doc: Described,
    sums: readonly S[],
    point: (sums: Sums<S>) => object,
  ) => {
    const nothing = { ...Object.fromEntries(sums.map((sum) => [sum, 0])), costPico: 0n } as Sums<S>;
    return metric(name, { ...doc, body: overTimeBody, errors: OVER_TIME_ERRORS }, async (call) => {
      const { selection, grid } = readOverTime(call, parseBody(overTimeBody, call.body), figures);
      const points = await sumsOverTime(call.analytics, selection, grid, sums);
      return points.map(({ atMs, of }) => ({ time: timestamp(atMs), ...point(of ?? nothing) }));
    });
  };

  return [
    figure(
      'totalRequests',
      { summary: 'How many requests', answer: countAnswer },
      ['requests'],
      ({ requests }) => requests,
    ),
    figure(
      'totalCost',
      { summary: 'USD of all requests whose cost is known', answer: costAnswer },
      [],
      ({ costPico }) => picoToUsd(costPico),
    ),
    figure(
      'averageLatency',
      { summary: 'Mean latency, ms', answer: meanAnswer },
      ['latencyMs', 'requests'],
      ({ latencyMs, requests }) => mean(latencyMs, requests),
    ),
    figure(
      'averageTimeToFirstToken',
      { summary: 'Mean time to the first token, ms, where it is known', answer: meanAnswer },
      ['firstTokenMs', 'firstTokenKnown'],
      ({ firstTokenMs, firstTokenKnown }) => mean(firstTokenMs, firstTokenKnown),
    ),
    figure(
      'activeUsers',
      { summary: 'How many different users', answer: countAnswer },
      ['users'],
      ({ users }) => users,
    ),
    figure(
      'averageTokensPerRequest',
      { summary: 'Mean tokens of a request, where they are known', answer: tokenMeansAnswer },
      ['promptTokens', 'promptKnown', 'completionTokens', 'completionKnown', 'totalKnown'],
      (sums) => ({
        average_prompt_tokens_per_response: mean(sums.promptTokens, sums.promptKnown),
        average_completion_tokens_per_response: mean(sums.completionTokens, sums.completionKnown),
        average_total_tokens_per_response: mean(sums.promptTokens + sums.completionTokens, sums.totalKnown),
      }),
    ),
    figure(
      'totalThreats',
      { summary: 'How many requests were blocked as threats', answer: countAnswer },
      ['threats'],
      ({ threats }) => threats,
    ),
    // What is not recorded is still asked for properly: the answer to a wrong question must not be empty.
    metric(
      'country',
      {
        summary: 'Always empty: countries are not looked up',
        body: metricListBody,
        answer: countriesAnswer,
        errors: LIST_ERRORS,
      },
      async (call) => {
        const body = parseBody(metricListBody, call.body);
        readRequestSelection(call, body, figures);
        readPageOf(body);
        return [];
      },
    ),
    series(
      'threatsOverTime',
      { summary: 'Requests that were blocked as threats', answer: countSeriesAnswer },
      ['threats'],
      ({ threats }) => ({ count: threats }),
    ),

    metric(
      'models',
      {
        summary: 'What the requests of each model come to, most requests first',
        body: metricListBody,
        answer: modelSumsAnswer,
        errors: LIST_ERRORS,
      },
      async (call) => {
        const body = parseBody(metricListBody, call.body);
        const selection = readRequestSelection(call, body, figures);
        const models = await sumByModel(call.analytics, selection, readPageOf(body));
        return models.map(({ model, requests, promptTokens, completionTokens, costPico }) => ({
          model,
          total_requests: requests,
          total_completion_tokens: completionTokens,
          total_prompt_token: promptTokens,
          total_tokens: promptTokens + completionTokens,
          cost: picoToUsd(costPico),
        }));
      },
    ),
    metric(
      'requestCount',
      {
        summary: 'How many different request ids, whenever they were',
        body: requestCountBody,
        answer: countAnswer,
        errors: ['unsupported-filter'],
      },
      async (call) => {
        const { filter, isCached } = parseBody(requestCountBody, call.body);
        const parsed = readFilter(call, filter, figures.config);
        // No answer comes from a cache here.
        if (isCached) return 0;
        const selection = { tenantId: call.key.tenantId, filter: parsed, nowMs: deps.clock.now() };
        return (await sumRequests(call.analytics, selection, ['distinctIds'])).distinctIds;
      },
    ),

    series(
      'requestOverTime',
      { summary: 'Requests over time', answer: countSeriesAnswer },
      ['requests'],
      ({ requests }) => ({ count: requests }),
    ),
    series(
      'errorOverTime',
      { summary: 'Failed requests over time', answer: countSeriesAnswer },
      ['errors'],
      ({ errors }) => ({ count: errors }),
    ),
    series(
      'usersOverTime',
      { summary: 'Different users over time', answer: countSeriesAnswer },
      ['users'],
      ({ users }) => ({ count: users }),
    ),
    series('costOverTime', { summary: 'USD over time', answer: costSeriesAnswer }, [], ({ costPico }) => ({
      cost: picoToUsd(costPico),
    })),
    series(
      'tokensOverTime',
      { summary: 'Tokens over time', answer: tokenSeriesAnswer },
      ['promptTokens', 'completionTokens'],
      ({ promptTokens, completionTokens }) => ({
        prompt_tokens: promptTokens,
        completion_tokens: completionTokens,
      }),
    ),
    series(
      'latencyOverTime',
      { summary: 'Mean latency over time', answer: latencySeriesAnswer },
      ['latencyMs', 'requests'],
      (sums) => ({ duration: mean(sums.latencyMs, sums.requests) }),
    ),
    series(
      'timeToFirstToken',
      { summary: 'Mean time to the first token, over time', answer: firstTokenSeriesAnswer },
      ['firstTokenMs', 'firstTokenKnown'],
      (sums) => ({
        ttft: mean(sums.firstTokenMs, sums.firstTokenKnown),
      }),
    ),
    metric(
      'requestStatusOverTime',
      {
        summary: 'Requests by status, over time',
        body: overTimeBody,
        answer: statusSeriesAnswer,
        errors: OVER_TIME_ERRORS,
      },
      async (call) => {
        const { selection, grid } = readOverTime(call, parseBody(overTimeBody, call.body), figures);
        const points = await statusesOverTime(call.analytics, selection, grid);
        return points.map(({ atMs, status, requests }) => ({ time: timestamp(atMs), status, count: requests }));
      },
    ),
    metric(
      'quantiles',
      {
        summary: 'Quantiles of a figure over time',
        body: quantilesBody,
        answer: quantileSeriesAnswer,
        errors: [...OVER_TIME_ERRORS, 'invalid-metric'],
      },
      async (call) => {
        const { metric: name, ...body } = parseBody(quantilesBody, call.body);
        const { selection, grid } = readOverTime(call, body, figures);
        const known = QUANTILE_METRICS.find((one) => one === name);
        if (known === undefined) throw new ApiError('invalid-metric', { metrics: QUANTILE_METRICS.join(', ') });
        const points = await quantilesOverTime(call.analytics, selection, grid, known);
        return points.map(({ atMs, of = [0, 0, 0, 0] }) => {
          const [p75, p90, p95, p99] = of;
          return { time: timestamp(atMs), p75, p90, p95, p99 };
        });
      },
    ),

    {
      ...metric(
        'scores',
        {
          summary: 'Sums of scores over time',
          body: overTimeBody,
          answer: scoreSeriesAnswer,
          errors: OVER_TIME_ERRORS,
        },
        async (call) => {
          const { selection, grid } = readOverTime(call, parseBody(overTimeBody, call.body), figures);
          const scores = await scoresOverTime(call.analytics, selection, grid);
          return scores.map(({ atMs, name, sum }) => ({
            score_key: name,
            score_sum: sum,
            created_at_trunc: timestamp(atMs),
          }));
        },
      ),
      path: '/v1/dashboard/scores/query',
    },
  ];
}

/** What differs from metric to metric in what is said of them. */
type Described = Pick<RouteDoc, 'summary' | 'answer'>;
type MetricDoc = Omit<RouteDoc, 'query'>;

const RANGE_ERRORS: readonly ErrorCode[] = ['unsupported-filter', 'invalid-time-filter'];
const LIST_ERRORS: readonly ErrorCode[] = [...RANGE_ERRORS, 'invalid-limit', 'invalid-offset'];
const OVER_TIME_ERRORS: readonly ErrorCode[] = [
  ...RANGE_ERRORS,
  'invalid-time-increment',
  'invalid-time-zone',
  'too-many-intervals',
];

/** Of nothing, 0. */
function mean(sum: number, count: number): number {
  return count === 0 ? 0 : sum / count;
}
