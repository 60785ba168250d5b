import {
  nothingBody,
  propertyKeyBody,
  propertyOverTimeBody,
  propertySearchBody,
  propertyTopBody,
} from '@throughline/contracts/api/property-query';
import { picoToUsd } from '@throughline/contracts/money';
import { parseBody } from '../parse-body.ts';
import { hideKey, listHiddenKeys, restoreKey, withoutHidden } from '../queries/hidden-properties.ts';
import { listPropertyKeys } from '../queries/property-keys.ts';
import { propertyOverTime } from '../queries/property-over-time.ts';
import { searchPropertyValues, topPropertyValues } from '../queries/property-values.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route, RouteCall } from '../route.ts';
import { readTimeRange } from '../time-range.ts';
import { readOverTime } from './read-figures.ts';

/** What stands for all values of a property beyond the ten highest. */
const OTHER = 'Other';

export function propertyRoutes(deps: QueryDeps): Route[] {
  const figures = { config: queryConfig(deps), clock: deps.clock };

  const topOf = ({ key, req, body: given, analytics }: RouteCall, by: 'cost' | 'requests') => {
    const { timeFilter } = parseBody(propertyTopBody, given);
    const range = readTimeRange(timeFilter, 'exclusive');
    return topPropertyValues(analytics, key.tenantId, String(req.params.propertyKey), range, by);
  };

  return [
    {
      method: 'post',
      path: '/v1/property/query',
      access: 'read',
      handle: async ({ key, body, analytics }) => {
        parseBody(nothingBody, body);
        const [keys, hidden] = await Promise.all([
          listPropertyKeys(analytics, key.tenantId),
          listHiddenKeys(analytics, key.tenantId),
        ]);
        return { data: withoutHidden(keys, hidden).map((property) => ({ property })), from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/property/hidden/query',
      access: 'read',
      handle: async ({ key, body, analytics }) => {
        parseBody(nothingBody, body);
        const hidden = await listHiddenKeys(analytics, key.tenantId);
        return { data: hidden.map((property) => ({ property })), from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/property/hide',
      access: 'write',
      handle: async ({ key, body }) => {
        await hideKey(deps.analytics, key.tenantId, parseBody(propertyKeyBody, body).key, deps.clock.now());
        return { data: { ok: true }, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/property/restore',
      access: 'write',
      handle: async ({ key, body }) => {
        await restoreKey(deps.analytics, key.tenantId, parseBody(propertyKeyBody, body).key, deps.clock.now());
        return { data: { ok: true }, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/property/properties/over-time',
      access: 'read',
      handle: async (call) => {
        const { propertyKey, ...body } = parseBody(propertyOverTimeBody, call.body);
        const { selection, grid } = readOverTime(call, body, figures);
        const points = await propertyOverTime(call.analytics, selection, propertyKey, grid);
        const data = points.map(({ atMs, value, costPico, requests }) => ({
          property: value,
          total_cost: picoToUsd(costPico),
          request_count: requests,
          created_at_trunc: timestamp(atMs),
        }));
        return { data, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/property/:propertyKey/search',
      access: 'read',
      handle: async ({ key, req, body, analytics }) => {
        const { searchTerm } = parseBody(propertySearchBody, body);
        const data = await searchPropertyValues(analytics, key.tenantId, String(req.params.propertyKey), searchTerm);
        return { data, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/property/:propertyKey/top-costs/query',
      access: 'read',
      handle: async (call) => {
        const { top, others } = await topOf(call, 'cost');
        const rows = [...top, ...(others ? [{ value: OTHER, ...others }] : [])];
        return { data: rows.map(({ value, costPico }) => ({ value, cost: picoToUsd(costPico) })), from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/property/:propertyKey/top-requests/query',
      access: 'read',
      handle: async (call) => {
        const { top, others } = await topOf(call, 'requests');
        const rows = [...top, ...(others ? [{ value: OTHER, ...others }] : [])];
        return { data: rows.map(({ value, requests }) => ({ value, count: requests })), from: 'snapshots' };
      },
    },
  ];
}
