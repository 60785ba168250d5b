import { randomUUID } from 'node:crypto';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { ApiError } from '@throughline/contracts/errors';
import { createTenantTurns } from '../tenant-turns.ts';
import { listViews, storeViews, type View } from './views.ts';

/**
 * Making, changing and deleting views, for one tenant one after the other in this process. Of two processes that make one of
 * the same name at the same instant, the view of the later one is kept.
 */
export interface ViewManager {
  /** @throws ApiError `view-name-taken`, `too-many-views`. */
  create(tenantId: string, view: Named): Promise<View>;
  /** @throws ApiError `unknown-view`, `view-name-taken`. */
  replace(tenantId: string, id: string, view: Named): Promise<View>;
  /** @throws ApiError `unknown-view`. */
  delete(tenantId: string, id: string): Promise<void>;
}

interface Named {
  readonly name: string;
  readonly url: string;
}

/** More than anyone finds something in; the list is one answer. */
export const VIEWS_PER_TENANT_MAX = 500;

/** One change of a tenant's views after the other: each reads what the one before it has stored. */
const TURNS = { runningMax: 1, waitingMax: 32, waitMsMax: 10_000 };

export function createViewManager({
  analytics,
  clock,
}: {
  readonly analytics: Pick<AnalyticsStore, 'query' | 'insert'>;
  readonly clock: { now(): number };
}): ViewManager {
  const turns = createTenantTurns(TURNS);
  return {
    create: (tenantId, { name, url }) =>
      turns.run(tenantId, async () => {
        const views = await listViews(analytics, tenantId);
        requireFreeName(views, name);
        if (views.length >= VIEWS_PER_TENANT_MAX) throw new ApiError('too-many-views', { max: VIEWS_PER_TENANT_MAX });
        const now = clock.now();
        const view = { id: randomUUID(), name, url, createdAtMs: now, updatedAtMs: now };
        await storeViews(analytics, tenantId, { kept: [view], removed: [] });
        return view;
      }),

    replace: (tenantId, id, { name, url }) =>
      turns.run(tenantId, async () => {
        const views = await listViews(analytics, tenantId);
        const former = viewOf(views, id);
        requireFreeName(
          views.filter((view) => view !== former),
          name,
        );
        const view = { ...former, name, url, updatedAtMs: clock.now() };
        await storeViews(analytics, tenantId, { kept: [view], removed: name === former.name ? [] : [former] });
        return view;
      }),

    delete: (tenantId, id) =>
      turns.run(tenantId, async () => {
        const view = viewOf(await listViews(analytics, tenantId), id);
        await storeViews(analytics, tenantId, { kept: [], removed: [view] });
      }),
  };
}

function requireFreeName(views: readonly View[], name: string): void {
  if (views.some((view) => view.name === name)) throw new ApiError('view-name-taken');
}

function viewOf(views: readonly View[], id: string): View {
  const view = views.find((one) => one.id === id);
  if (!view) throw new ApiError('unknown-view');
  return view;
}
