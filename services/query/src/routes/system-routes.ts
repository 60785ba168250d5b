import { auditAnswer } from '@throughline/contracts/api/audit-answer';
import { pageParameters } from '@throughline/contracts/api/parameters';
import { statusAnswer } from '@throughline/contracts/api/system-answer';
import { listActions } from '../audit/audit-log.ts';
import type { QueryDeps } from '../query-deps.ts';
import { readLimit } from '../read-limit.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route } from '../route.ts';
import { describeStatus } from '../system/describe-status.ts';

/** What concerns the installation rather than a tenant. */
export function systemRoutes(deps: QueryDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/system/status',
      access: 'operate',
      doc: {
        summary: 'Versions, sizes, how far everything has come, and what does not answer',
        body: null,
        query: null,
        answer: statusAnswer,
        errors: [],
      },
      handle: async ({ analytics }) => ({ data: await describeStatus(deps, analytics), from: 'totals' }),
    },
    {
      method: 'get',
      path: '/v1/system/audit',
      access: 'operate',
      doc: {
        summary: 'What was done with keys and tenants, newest first',
        body: null,
        query: pageParameters,
        answer: auditAnswer,
        errors: ['invalid-limit', 'limit-too-high', 'invalid-cursor'],
      },
      handle: async ({ req, analytics }) => {
        const { cursor, limit } = req.query;
        const { entries, nextCursor } = await listActions(analytics, {
          limit: readLimit(limit),
          cursor: cursor === undefined || cursor === '' ? undefined : String(cursor),
        });
        const data = entries.map(({ id, atMs, actor, action, tenantId, target, details }) => ({
          id,
          at: timestamp(atMs),
          actor: { tenant_id: actor.tenantId, key_id: actor.keyId },
          action,
          tenant_id: tenantId,
          target,
          details,
        }));
        return { data, extra: { next_cursor: nextCursor }, from: 'snapshots' };
      },
    },
  ];
}
