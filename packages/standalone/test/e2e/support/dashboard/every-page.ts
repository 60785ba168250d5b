import { waitFor } from '@throughline/testkit/wait-for';
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

const FUNNEL = encodeURIComponent(JSON.stringify(['/triage', ['/answer']]));

/** Every page and view, with something in it. */
export const EVERY_PAGE: readonly Shown[] = [
  shown('sessions', '/sessions?range=7d', (page) =>
    page
      .getByRole('link', { name: /Invoice batch/ })
      .first()
      .waitFor(),
  ),
  shown('session-tree', kinds, (page) => page.getByText('vector_db').first().waitFor()),
  shown('session-error', `${failing}?focus=error`, (page) => page.waitForURL(/request=/)),
  shown('session-timeline', `${kinds}?view=timeline`),
  shown('session-chat', `${kinds}?view=chat`, (page) =>
    page.getByText('Why are there two tides a day?').first().waitFor(),
  ),
  shown('session-paths', `${kinds}?view=paths`),
  shown('diff', `${kinds}/diff/${DEAREST_FAILING.id}`, (page) =>
    page
      .getByText(/only in B/)
      .first()
      .waitFor(),
  ),
  shown('compare', '/compare?range=30d'),
  shown('patterns-flow', '/patterns?name=Support+ticket&range=30d'),
  shown('patterns-funnel', `/patterns?name=Support+ticket&range=30d&view=funnel&steps=${FUNNEL}`),
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

/** Nothing is being loaded: no skeleton, no table that is busy, and nothing moves, for two looks in a row. */
export async function settled(page: Page): Promise<void> {
  let looks = 0;
  await waitFor(
    async () => {
      looks = (await page.evaluate<boolean>(IS_CALM)) ? looks + 1 : 0;
      return looks === 2;
    },
    { what: 'a page at rest', intervalMs: 150 },
  );
}

/** Not by the page's own means to wait, which evaluate texts: its content policy refuses those. */
const IS_CALM = `(() => {
  const loading = document.querySelectorAll('[role="status"][aria-label="Loading"], main [aria-busy="true"]');
  const isMoving = document.getAnimations().some((one) => one instanceof CSSTransition && one.playState === 'running');
  const isLoading = [...loading].some((element) => element.checkVisibility());
  return document.querySelector('main') !== null && !isLoading && !isMoving;
})()`;
