import { includeBodyParameters } from '@throughline/contracts/api/parameters';
import {
  oneRequestAnswer,
  requestCountAnswer,
  requestInputsAnswer,
  requestsAnswer,
} from '@throughline/contracts/api/request-answer';
import {
  REQUEST_SORT_KEYS,
  type RequestQueryBody,
  requestIdsBody,
  requestQueryBody,
} from '@throughline/contracts/api/request-query';
import { ApiError } from '@throughline/contracts/errors';
import type { KeyRecord } from '@throughline/contracts/keys';
import { asksBodies } from '@throughline/filter-tree/filter-sql';
import { grants, requireAccess } from '../auth/access.ts';
import { createBodyLinks } from '../auth/body-link.ts';
import { parseBody, parseBodyFilter } from '../parse-body.ts';
import { countRequests } from '../queries/count-requests.ts';
import { findRequests } from '../queries/find-request.ts';
import { findRequestsById } from '../queries/find-requests-by-id.ts';
import { listRequests, type RequestOrder } from '../queries/list-requests.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import { readYesOrNo } from '../read-parameter.ts';
import { asObject } from '../render/session-answer.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route, RouteAnswer, RouteCall, RouteDoc } from '../route.ts';
import { answerRequests, listedBodyBytesMax } from './answer-requests.ts';

/** Most ids that are looked up at a time: as many as the longest page of a list. */
const IDS_MAX = 1000;

export function requestRoutes(deps: QueryDeps): Route[] {
  const config = queryConfig(deps);
  const answering = { config, links: createBodyLinks(deps) };

  /** Which requests a body asks for: what the list and their number have in common. */
  const readSelected = (key: KeyRecord, body: RequestQueryBody) => {
    const filter = parseBodyFilter(body.filter);
    if (asksBodies(filter)) requireAccess(key, 'read-bodies', config);
    return { tenantId: key.tenantId, filter, isScored: body.isScored, nowMs: deps.clock.now() };
  };

  const query = async ({ key, req, body: given, analytics }: RouteCall): Promise<RouteAnswer> => {
    const body = parseBody(requestQueryBody, given);
    const selection = readSelected(key, body);
    const limit = Math.floor(body.limit ?? 10);
    if (limit < 0 || limit > 1000) throw new ApiError('invalid-limit');
    const offset = Math.floor(body.offset ?? 0);
    if (offset < 0 || !Number.isSafeInteger(offset)) throw new ApiError('invalid-offset');
    const rows = await listRequests(analytics, {
      ...selection,
      order: readOrder(body.sort),
      limit,
      offset,
    });
    const data = await answerRequests({ key, req, analytics }, rows, listedBodyBytesMax(limit), answering);
    return { status: 201, data, from: 'snapshots' };
  };

  return [
    { method: 'post', path: '/v1/request/query-clickhouse', access: 'read', doc: QUERY, handle: query },
    { method: 'post', path: '/v1/request/query', access: 'read', doc: QUERY, handle: query },
    {
      method: 'post',
      path: '/v1/request/count/query',
      access: 'read',
      doc: {
        summary: 'How many requests the same body selects',
        body: requestQueryBody,
        query: null,
        answer: requestCountAnswer,
        errors: ['unsupported-filter'],
      },
      handle: async ({ key, body: given, analytics }) => {
        const selection = readSelected(key, parseBody(requestQueryBody, given));
        return { data: await countRequests(analytics, selection), from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/request/query-ids',
      access: 'read',
      doc: {
        summary: 'The requests with these ids, in this order, without those that are not known',
        body: requestIdsBody,
        query: null,
        answer: requestsAnswer,
        errors: ['too-many-ids'],
      },
      handle: async ({ key, req, body: given, analytics }) => {
        const { requestIds: ids } = parseBody(requestIdsBody, given);
        if (ids.length > IDS_MAX) throw new ApiError('too-many-ids', { count: ids.length, max: IDS_MAX });
        const found = await findRequestsById(analytics, key.tenantId, ids);
        const rows = ids.map((id) => found.get(id)).filter((row) => row !== undefined);
        const data = await answerRequests({ key, req, analytics }, rows, listedBodyBytesMax(rows.length), answering);
        return { data, from: 'snapshots' };
      },
    },
    {
      method: 'get',
      path: '/v1/request/:requestId/inputs',
      access: 'read',
      doc: {
        summary: 'Inputs of a stored prompt, which are not recorded here',
        body: null,
        query: null,
        answer: requestInputsAnswer,
        errors: ['unknown-request'],
      },
      handle: async ({ key, req, analytics }) => {
        const [row] = await findRequests(analytics, key.tenantId, String(req.params.requestId));
        if (!row) throw new ApiError('unknown-request');
        // Inputs belong to stored prompts, which are not kept here.
        return { data: null, from: 'snapshots' };
      },
    },
    {
      method: 'get',
      path: '/v1/request/:requestId',
      access: 'read',
      doc: {
        summary: 'One request, with its bodies if asked',
        body: null,
        query: includeBodyParameters,
        answer: oneRequestAnswer,
        errors: ['unknown-request', 'invalid-parameter'],
      },
      handle: async ({ key, req, analytics }) => {
        const withBody = readYesOrNo(req.query, 'includeBody') ?? false;
        if (withBody) requireAccess(key, 'read-bodies', config);
        const [row, ...others] = await findRequests(analytics, key.tenantId, String(req.params.requestId));
        if (!row) throw new ApiError('unknown-request');
        const bodyBytesMax = withBody ? Number.MAX_SAFE_INTEGER : 0;
        const [answer] = await answerRequests({ key, req, analytics }, [row], bodyBytesMax, answering);
        const maySeeHeaders = grants(key, 'read-bodies', config);
        return {
          data: {
            ...answer,
            request_headers: maySeeHeaders ? asObject(row.request_header_pairs) : null,
            response_headers: maySeeHeaders ? asObject(row.response_header_pairs) : null,
            // A caller may have used the id in other sessions too.
            same_id: others.map((other) => ({
              session_id: other.session_id === '' ? null : other.session_id,
              request_created_at: timestamp(Number(other.request_at_ms)),
            })),
          },
          from: 'snapshots',
        };
      },
    },
  ];
}

const QUERY: RouteDoc = {
  summary: 'Requests that make a filter true, a page at a time, with their bodies where these are small',
  body: requestQueryBody,
  query: null,
  answer: requestsAnswer,
  status: 201,
  errors: ['unsupported-filter', 'invalid-limit', 'invalid-offset'],
};

/** The first key that is recognised wins. */
function readOrder(sort: RequestQueryBody['sort']): RequestOrder {
  if (sort?.random) return { by: 'random' };
  for (const by of REQUEST_SORT_KEYS) {
    const direction = sort?.[by];
    if (direction) return { by, direction };
  }
  const [property] = Object.entries(sort?.properties ?? {});
  if (property) return { by: 'property', key: property[0], direction: property[1] };
  return { by: 'created_at', direction: 'desc' };
}
