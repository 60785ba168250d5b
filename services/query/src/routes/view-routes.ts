import { deletedViewAnswer, viewAnswer, viewBody, viewsAnswer } from '@throughline/contracts/api/views';
import { parseBody } from '../parse-body.ts';
import type { QueryDeps } from '../query-deps.ts';
import { timestamp } from '../render/timestamp.ts';
import type { Route } from '../route.ts';
import { createViewManager } from '../views/view-manager.ts';
import { listViews, type View } from '../views/views.ts';

/** Named places of the dashboard, which all keys of a tenant share. */
export function viewRoutes(deps: QueryDeps): Route[] {
  const manager = createViewManager(deps);
  return [
    {
      method: 'get',
      path: '/v1/views',
      access: 'read',
      doc: { summary: 'Saved views, by name', body: null, query: null, answer: viewsAnswer, errors: [] },
      handle: async ({ key, analytics }) => {
        const views = await listViews(analytics, key.tenantId);
        return { data: views.map(answer), from: 'snapshots' };
      },
    },
    {
      method: 'post',
      path: '/v1/views',
      access: 'write',
      doc: {
        summary: 'Save a view under a name of its own',
        body: viewBody,
        query: null,
        answer: viewAnswer,
        errors: ['view-name-taken', 'too-many-views'],
      },
      handle: async ({ key, body }) => ({
        data: answer(await manager.create(key.tenantId, wellFormed(parseBody(viewBody, body)))),
        from: 'snapshots',
      }),
    },
    {
      method: 'put',
      path: '/v1/views/:viewId',
      access: 'write',
      doc: {
        summary: 'Give a view another name, another place, or both',
        body: viewBody,
        query: null,
        answer: viewAnswer,
        errors: ['unknown-view', 'view-name-taken'],
      },
      handle: async ({ key, req, body }) => {
        const view = wellFormed(parseBody(viewBody, body));
        return {
          data: answer(await manager.replace(key.tenantId, String(req.params.viewId), view)),
          from: 'snapshots',
        };
      },
    },
    {
      method: 'delete',
      path: '/v1/views/:viewId',
      access: 'write',
      doc: { summary: 'Delete a view', body: null, query: null, answer: deletedViewAnswer, errors: ['unknown-view'] },
      handle: async ({ key, req }) => {
        await manager.delete(key.tenantId, String(req.params.viewId));
        return { data: null, from: 'snapshots' };
      },
    },
  ];
}

/** As the store keeps text: it has no halves of surrogate pairs, and names are compared. */
function wellFormed({ name, url }: { readonly name: string; readonly url: string }) {
  return { name: name.toWellFormed(), url: url.toWellFormed() };
}

function answer({ id, name, url, createdAtMs, updatedAtMs }: View) {
  return { id, name, url, created_at: timestamp(createdAtMs), updated_at: timestamp(updatedAtMs) };
}
