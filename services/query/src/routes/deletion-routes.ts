import { deletionAnswer } from '@throughline/contracts/api/deletion-answer';
import { ApiError } from '@throughline/contracts/errors';
import { newEventId } from '@throughline/contracts/ids';
import type { KeyRecord } from '@throughline/contracts/keys';
import { findTarget } from '../annotate/find-target.ts';
import { type Action, recordAction } from '../audit/audit-log.ts';
import { appendDeletion, deletionOfSession, deletionOfUser, type NewDeletion } from '../delete/append-deletion.ts';
import { countUserRequests } from '../queries/count-user-requests.ts';
import { findSession } from '../queries/find-session.ts';
import { type QueryDeps, queryConfig } from '../query-deps.ts';
import type { Route } from '../route.ts';

/** What deletes recorded calls. Each answers when no read shows them any more; their bytes go within the purge's delay. */
export function deletionRoutes(deps: QueryDeps): Route[] {
  const { annotations: ports, clock, freshness } = deps;
  const { annotationWaitMs } = queryConfig(deps);

  const remove = async (
    key: KeyRecord,
    action: Action,
    requests: number,
    deletion: (id: string, partitions: number) => NewDeletion,
    untilMs: number,
  ) => {
    const now = clock.now();
    const id = newEventId(0, now);
    // Who has deleted what is kept, and nothing of what it was: neither the session nor the user is named.
    await recordAction(deps.analytics, {
      actor: { tenantId: key.tenantId, keyId: key.id },
      atMs: now,
      action,
      tenantId: key.tenantId,
      target: id,
      details: { requests: String(requests) },
    });
    const waitMs = untilMs - performance.now();
    await appendDeletion(ports, deletion(id, ports.appender.partitions), { now, waitMs });
    return { data: { requests }, from: 'totals' } as const;
  };

  return [
    {
      method: 'delete',
      path: '/v1/session/:sessionId',
      access: 'write',
      doc: {
        summary: 'Delete a session: its requests, bodies and totals',
        body: null,
        query: null,
        answer: deletionAnswer,
        errors: ['no-request-found', 'annotation-refused', 'not-shown-yet'],
      },
      handle: async ({ key, req, analytics }) => {
        const untilMs = performance.now() + annotationWaitMs;
        const { tenantId } = key;
        const sessionId = String(req.params.sessionId);
        const look = () => findSession({ totals: deps.totals, analytics }, tenantId, sessionId);
        const state = await findTarget(look, freshness.totalsAsOf, { clock, untilMs });
        if (state === undefined) throw new ApiError('no-request-found');
        const make = (id: string, partitions: number) => deletionOfSession(tenantId, sessionId, id, partitions);
        return await remove(key, 'session.delete', state.requests, make, untilMs);
      },
    },
    {
      method: 'delete',
      path: '/v1/user/:userId/data',
      access: 'write',
      doc: {
        summary: 'Delete all requests of a user',
        body: null,
        query: null,
        answer: deletionAnswer,
        errors: ['no-request-found', 'annotation-refused', 'deletion-incomplete', 'not-shown-yet'],
      },
      handle: async ({ key, req, analytics }) => {
        const untilMs = performance.now() + annotationWaitMs;
        const { tenantId } = key;
        const userId = String(req.params.userId);
        const look = async () => (await countUserRequests(analytics, tenantId, userId)) || undefined;
        const requests = await findTarget(look, freshness.snapshotsAsOf, { clock, untilMs });
        if (requests === undefined) throw new ApiError('no-request-found');
        const make = (id: string, partitions: number) => deletionOfUser(tenantId, userId, id, partitions);
        return await remove(key, 'user.delete', requests, make, untilMs);
      },
    },
  ];
}
