import { doneAnswer } from '@throughline/contracts/api/answer-parts';
import {
  propertyCostsAnswer,
  propertyKeysAnswer,
  propertyRequestsAnswer,
  propertySeriesAnswer,
  propertyValuesAnswer,
} from '@throughline/contracts/api/property-answer';
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
      doc: {
        summary: 'Keys of properties, without the hidden ones',
        body: nothingBody,
        query: null,
        answer: propertyKeysAnswer,
        errors: [],
      },
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
      doc: {
        summary: 'Keys of properties that are hidden',
        body: nothingBody,
        query: null,
        answer: propertyKeysAnswer,
        errors: [],
      },
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
      doc: {
        summary: 'Leave a key out of the list of properties',
        body: propertyKeyBody,
        query: null,
        answer: doneAnswer,
        errors: [],
      },
      handle: async ({ key, body }) => {
        await hideKey(deps.analytics, key.tenantId, parseBody(propertyKeyBody, body).key, deps.clock.now());
        return { data: { ok: true }, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/property/restore',
      access: 'write',
      doc: {
        summary: 'List a hidden key again',
        body: propertyKeyBody,
        query: null,
        answer: doneAnswer,
        errors: [],
      },
      handle: async ({ key, body }) => {
        await restoreKey(deps.analytics, key.tenantId, parseBody(propertyKeyBody, body).key, deps.clock.now());
        return { data: { ok: true }, from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/property/properties/over-time',
      access: 'read',
      doc: {
        summary: 'Cost and requests by the value of a property, over time',
        body: propertyOverTimeBody,
        query: null,
        answer: propertySeriesAnswer,
        errors: [
          'unsupported-filter',
          'invalid-time-filter',
          'invalid-time-increment',
          'invalid-time-zone',
          'too-many-intervals',
        ],
      },
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
      doc: {
        summary: 'Values of a property that contain a text, 25 at most',
        body: propertySearchBody,
        query: null,
        answer: propertyValuesAnswer,
        errors: [],
      },
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
      doc: {
        summary: 'The ten values of a property that cost most, and all others together',
        body: propertyTopBody,
        query: null,
        answer: propertyCostsAnswer,
        errors: ['invalid-time-filter'],
      },
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
      doc: {
        summary: 'The ten values of a property with most requests, and all others together',
        body: propertyTopBody,
        query: null,
        answer: propertyRequestsAnswer,
        errors: ['invalid-time-filter'],
      },
      handle: async (call) => {
        const { top, others } = await topOf(call, 'requests');
        const rows = [...top, ...(others ? [{ value: OTHER, ...others }] : [])];
        return { data: rows.map(({ value, requests }) => ({ value, count: requests })), from: 'snapshots' };
      },
    },
  ];
}
