import { changeKeyBody, createKeyBody } from '@throughline/contracts/api/api-keys';
import {
  apiKeyAnswer,
  apiKeysAnswer,
  deletedKeyAnswer,
  madeKeyAnswer,
} from '@throughline/contracts/api/api-keys-answer';
import type { KeyRecord } from '@throughline/contracts/keys';
import { type ApiKey, listApiKeys } from '../keys/api-keys.ts';
import { createKeyManager, type KeyHolder } from '../keys/key-manager.ts';
import { parseBody } from '../parse-body.ts';
import type { QueryDeps } from '../query-deps.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route } from '../route.ts';

/** A caller's own tenant's keys. */
export function keyRoutes(deps: QueryDeps): Route[] {
  const manager = createKeyManager(deps);
  return [
    {
      method: 'get',
      path: '/v1/api-keys',
      access: 'manage-keys',
      doc: {
        summary: 'Keys of the tenant, without the keys themselves',
        body: null,
        query: null,
        answer: apiKeysAnswer,
        errors: [],
      },
      handle: async ({ key, analytics }) => {
        const keys = await listApiKeys(analytics, key.tenantId);
        return { data: keys.map(keyAnswer), from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/api-keys',
      access: 'manage-keys',
      doc: {
        summary: 'Make a key, or the successor of one',
        body: createKeyBody,
        query: null,
        answer: madeKeyAnswer,
        errors: ['unknown-api-key', 'bootstrap-key', 'too-many-keys', 'invalid-expiry'],
      },
      handle: async ({ key, body: given }) => {
        const body = parseBody(createKeyBody, given);
        const made = await manager.create(holderOf(key), {
          name: body.api_key_name,
          permissions: body.key_permissions,
          expiresAtMs: body.expires_at,
          rotates: body.rotates,
          overlapMs: body.overlap_seconds === undefined ? undefined : body.overlap_seconds * 1000,
        });
        const data = { id: made.id, apiKey: made.key, hashedKey: made.hash };
        // Existing clients read the fields from the answer itself.
        return { data, extra: data, headers: { 'Cache-Control': 'no-store' }, from: 'snapshots' };
      },
    },
    {
      method: 'patch',
      path: '/v1/api-keys/:apiKeyId',
      access: 'manage-keys',
      doc: {
        summary: 'Rename a key, or set when it expires',
        body: changeKeyBody,
        query: null,
        answer: apiKeyAnswer,
        errors: ['unknown-api-key', 'bootstrap-key', 'invalid-expiry'],
      },
      handle: async ({ key, req, body: given }) => {
        const { api_key_name: name, expires_at: expiresAtMs } = parseBody(changeKeyBody, given);
        const changed = await manager.change(holderOf(key), String(req.params.apiKeyId), { name, expiresAtMs });
        return { data: keyAnswer(changed), from: 'snapshots' };
      },
    },
    {
      method: 'delete',
      path: '/v1/api-keys/:apiKeyId',
      access: 'manage-keys',
      doc: {
        summary: 'Delete a key: it lets nobody in from now on',
        body: null,
        query: null,
        answer: deletedKeyAnswer,
        errors: ['unknown-api-key', 'bootstrap-key'],
      },
      handle: async ({ key, req }) => {
        await manager.delete(holderOf(key), String(req.params.apiKeyId));
        return { data: null, from: 'snapshots' };
      },
    },
  ];
}

function holderOf({ id, tenantId, permissions }: KeyRecord): KeyHolder {
  return { actor: { tenantId, keyId: id }, tenantId, permissions };
}

function keyAnswer(key: ApiKey) {
  const instant = (ms: number | null) => (ms === null ? null : timestamp(ms));
  return {
    id: key.id,
    api_key_name: key.name,
    key_permissions: key.permissions.join(','),
    hint: key.hint,
    is_bootstrap: key.isBootstrap,
    created_at: timestamp(key.createdAtMs),
    last_used_at: instant(key.lastUsedAtMs),
    expires_at: instant(key.expiresAtMs),
  };
}
