import { usedKeyAnswer } from '@throughline/contracts/api/key-answer';
import { bootstrapKeyId } from '@throughline/contracts/keys';
import { listApiKeys } from '../keys/api-keys.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route } from '../route.ts';

/** Whose key a call carries: what a page asks before it shows what the key may see. */
export function usedKeyRoutes(): Route[] {
  return [
    {
      method: 'get',
      path: '/v1/key',
      access: 'any-key',
      doc: {
        summary: 'The key that the call is made with, and what it may do',
        body: null,
        query: null,
        answer: usedKeyAnswer,
        errors: [],
      },
      handle: async ({ key, analytics }) => {
        // Its row comes a moment after the first start of all.
        const [stored] = await listApiKeys(analytics, key.tenantId, key.id);
        const expiresAtMs = key.expiresAtMs ?? null;
        const data = {
          id: key.id,
          name: stored?.name ?? '',
          permissions: key.permissions,
          tenant_id: key.tenantId,
          is_bootstrap: stored?.isBootstrap ?? key.id === bootstrapKeyId(key.hash),
          expires_at: expiresAtMs === null ? null : timestamp(expiresAtMs),
        };
        return { data, headers: { 'Cache-Control': 'no-store' }, from: 'snapshots' };
      },
    },
  ];
}
