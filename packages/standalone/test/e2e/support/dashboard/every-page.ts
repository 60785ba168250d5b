import type { Page } from 'playwright-core';
import { DEAREST_FAILING, EVERY_KIND } from './seed-sessions.ts';

/** A page of the dashboard in one of its states, over `seedSessions`. */
export interface Shown {
  /** As a file name. */
  readonly name: string;
  readonly path: string;
  /** Resolves when there is what it is for. */
  readonly ready: (page: Page) => Promise<unknown>;
}

const kinds = `/sessions/${EVERY_KIND.id}`;
const failing = `/sessions/${DEAREST_FAILING.id}`;

/** Every page and view, with something in it. */
export const EVERY_PAGE: readonly Shown[] = [
  shown('sessions', '/sessions?range=7d', (page) =>
    page
      .getByRole('link', { name: /Invoice batch/ })
      .first()
      .waitFor(),
  ),
  shown('session-tree', kinds, (page) => page.getByText('/plan').first().waitFor()),
  shown('session-error', `${failing}?focus=error`, (page) => page.waitForURL(/request=/)),
  shown('session-timeline', `${kinds}?view=timeline`),
  shown('session-chat', `${kinds}?view=chat`, (page) =>
    page.getByText('Why are there two tides a day?').first().waitFor(),
  ),
  shown('session-paths', `${kinds}?view=paths`),
  shown('compare', '/compare?range=30d'),
  shown('patterns-flow', '/patterns?name=Support+ticket&range=30d'),
  shown('patterns-funnel', '/patterns?name=Support+ticket&range=30d&view=funnel'),
  shown('patterns-paths', '/patterns?name=Support+ticket&range=30d&view=paths'),
  shown('patterns-contrast', '/patterns?name=Support+ticket&range=30d&view=contrast'),
  shown('metrics', '/metrics?range=30d'),
  shown('users', '/users?range=30d', (page) => page.getByText('user-1@example.com').first().waitFor()),
  shown('user', '/users/user-1%40example.com?range=30d', (page) =>
    page.getByText('user-1@example.com').first().waitFor(),
  ),
  shown('system', '/system'),
  shown('keys', '/keys', (page) => page.getByRole('table').first().waitFor()),
];

function shown(name: string, path: string, ready: Shown['ready'] = async () => {}): Shown {
  return {
    name,
    path,
    ready: async (page) => {
      await page.getByRole('main').waitFor();
      await ready(page);
      await settled(page);
    },
  };
}

/** Nothing is being loaded: no skeleton, no table that is busy, no query that is said to run. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(`(() => {
    const isShown = (element) => element.checkVisibility();
    const loading = [...document.querySelectorAll('[role="status"][aria-label="Loading"], [aria-busy="true"]')];
    return document.querySelector('main') !== null && !loading.some(isShown);
  })()`);
  // Charts are fetched and painted after their figures are there.
  await page.waitForLoadState('networkidle').catch(() => {});
}
