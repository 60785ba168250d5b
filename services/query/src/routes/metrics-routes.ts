import {
  metricBody,
  metricListBody,
  overTimeBody,
  QUANTILE_METRICS,
  quantilesBody,
  requestCountBody,
} from '@throughline/contracts/api/metrics-query';
import { ApiError } from '@throughline/contracts/errors';
import { picoToUsd } from '@throughline/contracts/money';
import { parseBody } from '../parse-body.ts';
import { sumByModel } from '../queries/model-sums.ts';
import { type Sum, type Sums, sumRequests } from '../queries/request-sums.ts';
import { quantilesOverTime, statusesOverTime, sumsOverTime } from '../queries/requests-over-time.ts';
import { scoresOverTime } from '../queries/scores-over-time.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route, RouteAnswer, RouteCall } from '../route.ts';
import { bucketStarts } from '../time-buckets.ts';
import { readFilter, readOverTime, readPageOf, readRequestSelection } from './read-figures.ts';

/** Figures over the requests of a range: one number each, lists, and series over time. */
export function metricsRoutes(deps: QueryDeps): Route[] {
  const figures = { config: queryConfig(deps), clock: deps.clock };
  const metric = (name: string, handle: (call: RouteCall) => Promise<unknown>): Route => ({
    method: 'post',
    path: `/v1/metrics/${name}`,
    access: 'read',
    handle: async (call): Promise<RouteAnswer> => ({ data: await handle(call), from: 'snapshots' }),
  });

  const figure = <S extends Sum>(name: string, sums: readonly S[], answer: (sums: Sums<S>) => unknown) =>
    metric(name, async (call) => {
      const selection = readRequestSelection(call, parseBody(metricBody, call.body), figures);
      return answer(await sumRequests(call.analytics, selection, sums));
    });

  /** @param point figures of an interval; where nothing happened, all of them are 0. */
  const series = <S extends Sum>(name: string, sums: readonly S[], point: (sums: Sums<S>) => object) => {
    const nothing = { ...Object.fromEntries(sums.map((sum) => [sum, 0])), costPico: 0n } as Sums<S>;
    return metric(name, async (call) => {
      const { selection, grid } = readOverTime(call, parseBody(overTimeBody, call.body), figures);
      const points = await sumsOverTime(call.analytics, selection, grid, sums);
      return points.map(({ atMs, of }) => ({ time: timestamp(atMs), ...point(of ?? nothing) }));
    });
  };

  return [
    figure('totalRequests', ['requests'], ({ requests }) => requests),
    figure('totalCost', [], ({ costPico }) => picoToUsd(costPico)),
    figure('averageLatency', ['latencyMs', 'requests'], ({ latencyMs, requests }) => mean(latencyMs, requests)),
    figure('averageTimeToFirstToken', ['firstTokenMs', 'firstTokenKnown'], ({ firstTokenMs, firstTokenKnown }) =>
      mean(firstTokenMs, firstTokenKnown),
    ),
    figure('activeUsers', ['users'], ({ users }) => users),
    figure(
      'averageTokensPerRequest',
      ['promptTokens', 'promptKnown', 'completionTokens', 'completionKnown', 'totalKnown'],
      (sums) => ({
        average_prompt_tokens_per_response: mean(sums.promptTokens, sums.promptKnown),
        average_completion_tokens_per_response: mean(sums.completionTokens, sums.completionKnown),
        average_total_tokens_per_response: mean(sums.promptTokens + sums.completionTokens, sums.totalKnown),
      }),
    ),
    // What is not recorded is still asked for properly: the answer to a wrong question must not be 0.
    metric('totalThreats', async (call) => {
      readRequestSelection(call, parseBody(metricBody, call.body), figures);
      return 0;
    }),
    metric('country', async (call) => {
      const body = parseBody(metricListBody, call.body);
      readRequestSelection(call, body, figures);
      readPageOf(body);
      return [];
    }),
    metric('threatsOverTime', async (call) => {
      const { selection, grid } = readOverTime(call, parseBody(overTimeBody, call.body), figures);
      return bucketStarts(selection.range, grid).map((atMs) => ({ time: timestamp(atMs), count: 0 }));
    }),

    metric('models', async (call) => {
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
    }),
    metric('requestCount', async (call) => {
      const { filter, isCached } = parseBody(requestCountBody, call.body);
      const parsed = readFilter(call, filter, figures.config);
      // No answer comes from a cache here.
      if (isCached) return 0;
      const selection = { tenantId: call.key.tenantId, filter: parsed, nowMs: deps.clock.now() };
      return (await sumRequests(call.analytics, selection, ['distinctIds'])).distinctIds;
    }),

    series('requestOverTime', ['requests'], ({ requests }) => ({ count: requests })),
    series('errorOverTime', ['errors'], ({ errors }) => ({ count: errors })),
    series('usersOverTime', ['users'], ({ users }) => ({ count: users })),
    series('costOverTime', [], ({ costPico }) => ({ cost: picoToUsd(costPico) })),
    series('tokensOverTime', ['promptTokens', 'completionTokens'], ({ promptTokens, completionTokens }) => ({
      prompt_tokens: promptTokens,
      completion_tokens: completionTokens,
    })),
    series('latencyOverTime', ['latencyMs', 'requests'], (sums) => ({ duration: mean(sums.latencyMs, sums.requests) })),
    series('timeToFirstToken', ['firstTokenMs', 'firstTokenKnown'], (sums) => ({
      ttft: mean(sums.firstTokenMs, sums.firstTokenKnown),
    })),
    metric('requestStatusOverTime', async (call) => {
      const { selection, grid } = readOverTime(call, parseBody(overTimeBody, call.body), figures);
      const points = await statusesOverTime(call.analytics, selection, grid);
      return points.map(({ atMs, status, requests }) => ({ time: timestamp(atMs), status, count: requests }));
    }),
    metric('quantiles', async (call) => {
      const { metric: name, ...body } = parseBody(quantilesBody, call.body);
      const { selection, grid } = readOverTime(call, body, figures);
      const known = QUANTILE_METRICS.find((one) => one === name);
      if (known === undefined) throw new ApiError('invalid-metric', { metrics: QUANTILE_METRICS.join(', ') });
      const points = await quantilesOverTime(call.analytics, selection, grid, known);
      return points.map(({ atMs, of = [0, 0, 0, 0] }) => {
        const [p75, p90, p95, p99] = of;
        return { time: timestamp(atMs), p75, p90, p95, p99 };
      });
    }),

    {
      ...metric('scores', async (call) => {
        const { selection, grid } = readOverTime(call, parseBody(overTimeBody, call.body), figures);
        const scores = await scoresOverTime(call.analytics, selection, grid);
        return scores.map(({ atMs, name, sum }) => ({
          score_key: name,
          score_sum: sum,
          created_at_trunc: timestamp(atMs),
        }));
      }),
      path: '/v1/dashboard/scores/query',
    },
  ];
}

/** Of nothing, 0. */
function mean(sum: number, count: number): number {
  return count === 0 ? 0 : sum / count;
}
