import { REQUEST_SORT_KEYS, type RequestQueryBody, requestQueryBody } from '@throughline/contracts/api/request-query';
import { ApiError } from '@throughline/contracts/errors';
import { asksBodies } from '@throughline/filter-tree/filter-sql';
import { grants, requireAccess } from '../auth/access.ts';
import { parseBody, parseBodyFilter } from '../parse-body.ts';
import { findRequests } from '../queries/find-request.ts';
import { listRequests, type RequestOrder } from '../queries/list-requests.ts';
import { positionOf, readBodies } from '../queries/read-bodies.ts';
import { QUERY_DEFAULTS, type QueryDeps } from '../query-deps.ts';
import { bodyAnswer } from '../render/body-answer.ts';
import { requestAnswer } from '../render/request-answer.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route, RouteAnswer, RouteCall } from '../route.ts';

/** Bodies beyond this are not put into lists: a page of a thousand agent calls would be a hundred megabytes. */
const LISTED_BODY_BYTES_MAX = 256 * 1024;
/** Pages longer than this list no bodies above a sixteenth of that. */
const LONG_PAGE = 100;

export function requestRoutes(deps: QueryDeps): Route[] {
  const config = { ...QUERY_DEFAULTS, ...deps.config };

  const query = async ({ key, body: given, analytics }: RouteCall): Promise<RouteAnswer> => {
    const body = parseBody(requestQueryBody, given);
    const filter = parseBodyFilter(body.filter);
    if (asksBodies(filter)) requireAccess(key, 'read-bodies', config);
    const limit = Math.floor(body.limit ?? 10);
    if (limit < 0 || limit > 1000) throw new ApiError('invalid-limit');
    const offset = Math.floor(body.offset ?? 0);
    if (offset < 0 || !Number.isSafeInteger(offset)) throw new ApiError('invalid-offset');
    const rows = await listRequests(analytics, {
      tenantId: key.tenantId,
      filter,
      order: readOrder(body.sort),
      limit,
      offset,
      isScored: body.isScored,
      nowMs: deps.clock.now(),
    });
    const mayReadBodies = grants(key, 'read-bodies', config);
    const bytesMax = limit > LONG_PAGE ? LISTED_BODY_BYTES_MAX / 16 : LISTED_BODY_BYTES_MAX;
    const bodies = await readBodies(analytics, key.tenantId, mayReadBodies ? rows : [], bytesMax);
    const data = rows.map((row) => {
      const stored = bodies.get(positionOf(row));
      return requestAnswer(row, {
        request: bodyAnswer(stored?.request, row.request_id),
        response: bodyAnswer(stored?.response, row.request_id),
      });
    });
    return { status: 201, data, from: 'snapshots' };
  };

  return [
    { method: 'post', path: '/v1/request/query-clickhouse', access: 'read', handle: query },
    { method: 'post', path: '/v1/request/query', access: 'read', handle: query },
    {
      method: 'get',
      path: '/v1/request/:requestId',
      access: 'read',
      handle: async ({ key, req, analytics }) => {
        const withBody = req.query.includeBody === 'true';
        if (withBody) requireAccess(key, 'read-bodies', config);
        const [row, ...others] = await findRequests(analytics, key.tenantId, String(req.params.requestId));
        if (!row) throw new ApiError('unknown-request');
        const stored = withBody
          ? (await readBodies(analytics, key.tenantId, [row], Number.MAX_SAFE_INTEGER)).get(positionOf(row))
          : undefined;
        const answer = requestAnswer(row, {
          request: bodyAnswer(stored?.request, row.request_id),
          response: bodyAnswer(stored?.response, row.request_id),
        });
        return {
          data: {
            ...answer,
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
