import { sessionNameQueryBody } from '@throughline/contracts/api/session-summary';
import { parseBody } from '../parse-body.ts';
import { listSessionNames } from '../queries/list-session-names.ts';
import type { QueryDeps } from '../query-deps.ts';
import { readPageBounds, readSelection } from '../read-selection.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route } from '../route.ts';

/** What selected sessions have in common: their names. */
export function sessionSummaryRoutes(deps: QueryDeps): Route[] {
  return [
    {
      method: 'post',
      path: '/v1/session/name/query',
      access: 'read',
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
  ];
}
