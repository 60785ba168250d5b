import { FACET_VALUES_MAX, type SessionFacetsBody, sessionFacetsBody } from '@throughline/contracts/api/session-facets';
import { sessionFacetsAnswer } from '@throughline/contracts/api/session-facets-answer';
import {
  type SessionOverTimeBody,
  sessionOverTimeAnswer,
  sessionOverTimeBody,
} from '@throughline/contracts/api/session-over-time';
import { ApiError } from '@throughline/contracts/errors';
import { picoToUsd } from '@throughline/contracts/money';
import { parseBody } from '../parse-body.ts';
import { listHiddenKeys } from '../queries/hidden-properties.ts';
import { type AskedFacet, countFacets } from '../queries/session-facets.ts';
import { type RangeQuantiles, readSessionRanges } from '../queries/session-ranges.ts';
import { type SessionPoint, sessionsOverTime } from '../queries/sessions-over-time.ts';
import { readWindowEdges } from '../queries/window-edges.ts';
import type { QueryDeps } from '../query-deps.ts';
import { readSelection } from '../read-selection.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route } from '../route.ts';
import { readGridOf, type TimeGrid } from '../time-buckets.ts';

/** What stands beside a list of sessions: what they can be narrowed by, and how they are spread over time. */
export function sessionFacetsRoutes(deps: QueryDeps): Route[] {
  return [
    {
      method: 'post',
      path: '/v1/session/facets/query',
      access: 'read',
      doc: {
        summary:
          'How many of the selected sessions have each name, model, user …, and how their figures are distributed',
        body: sessionFacetsBody,
        query: null,
        answer: sessionFacetsAnswer,
        errors: ['unsupported-filter', 'invalid-timezone', 'invalid-limit'],
      },
      handle: async ({ key, body: given, analytics }) => {
        const body = parseBody(sessionFacetsBody, given);
        const facets = body.facets.map(readFacet);
        const ranges = [...new Set(body.ranges)];
        const selected = readSelection(key, body, deps);
        const selection = { ...selected, edges: await readWindowEdges(analytics, selected) };
        const hidden = facets.some(({ facet }) => facet === 'property_keys')
          ? await listHiddenKeys(analytics, key.tenantId)
          : [];
        const [counted, distributed] = await Promise.all([
          countFacets(analytics, selection, facets, hidden),
          readSessionRanges(analytics, selection, ranges),
        ]);
        return {
          data: {
            sessions: counted.sessions,
            facets: counted.facets.map(({ values, distinct, incomplete }, index) => ({
              facet: facets[index]!.facet,
              property: facets[index]!.property ?? null,
              values,
              distinct,
              incomplete_sessions: incomplete,
            })),
            ranges: Object.fromEntries([...distributed].map(([name, of]) => [name, of ? rangeAnswer(of) : null])),
          },
          from: 'snapshots',
        };
      },
    },
    {
      method: 'post',
      path: '/v1/session/over-time/query',
      access: 'read',
      doc: {
        summary: 'What the selected sessions come to, by the interval in which they began',
        body: sessionOverTimeBody,
        query: null,
        answer: sessionOverTimeAnswer,
        errors: ['unsupported-filter', 'invalid-timezone', 'invalid-time-increment', 'too-many-intervals'],
      },
      handle: async ({ key, body: given, analytics }) => {
        const body = parseBody(sessionOverTimeBody, given);
        const selection = readSelection(key, body, deps);
        const { before, points } = await sessionsOverTime(analytics, selection, readGridOfBody(body));
        return {
          data: {
            before: pointAnswer(before),
            points: points.map((point) => ({
              time: timestamp(point.atMs, body.timezoneDifference),
              ...pointAnswer(point),
            })),
          },
          from: 'snapshots',
        };
      },
    },
  ];
}

const VALUES_DEFAULT = 10;

/** @throws ApiError `invalid-limit` */
function readFacet({ facet, property, limit, contains }: SessionFacetsBody['facets'][number]): AskedFacet {
  const most = Math.floor(limit ?? VALUES_DEFAULT);
  if (most < 1 || most > FACET_VALUES_MAX) throw new ApiError('invalid-limit');
  return { facet, property, limit: most, contains: contains ?? '' };
}

/** @throws ApiError `invalid-time-increment`, `invalid-timezone` */
function readGridOfBody({ dbIncrement, every, timezoneDifference }: SessionOverTimeBody): TimeGrid {
  if (!Number.isInteger(timezoneDifference)) throw new ApiError('invalid-timezone');
  // Local time is ahead by this here, as in the list, and behind by that in a grid.
  return readGridOf(every ?? 1, dbIncrement, 0 - timezoneDifference);
}

function rangeAnswer([min, p5, p25, p50, p75, p95, max]: RangeQuantiles) {
  return { min, p5, p25, p50, p75, p95, max };
}

function pointAnswer(point: SessionPoint) {
  return {
    sessions: point.sessions,
    failing_sessions: point.failing,
    requests: point.requests,
    errors: point.errors,
    cost: picoToUsd(point.costPico),
    prompt_tokens: point.promptTokens,
    completion_tokens: point.completionTokens,
    avg_duration_ms: point.sessions === 0 ? 0 : point.durationMs / point.sessions,
  };
}
