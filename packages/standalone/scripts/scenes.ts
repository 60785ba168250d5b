import type { Page } from 'playwright-core';
import { breakApi } from '../test/e2e/support/dashboard/break-api.ts';
import { EVERY_PAGE, settled } from '../test/e2e/support/dashboard/every-page.ts';
import type { OpenedPage } from '../test/e2e/support/dashboard/open-page.ts';
import { DEAREST_FAILING, EVERY_KIND } from '../test/e2e/support/dashboard/seed-sessions.ts';
import type { Instance } from '../test/e2e/support/start-instance.ts';

/** What a picture is taken of. */
export interface Scene {
  /** As a file name. */
  readonly name: string;
  readonly path: string;
  /** In an instance that has recorded nothing. */
  readonly isEmpty?: boolean;
  /** Which key one is signed in with; false: none. Default: one that may read and write. */
  readonly key?: (instance: Instance) => Promise<string | false>;
  readonly prepare?: (page: Page) => Promise<unknown>;
  /** Complaints that belong to it. */
  readonly expected?: RegExp;
  readonly ready: (opened: OpenedPage) => Promise<unknown>;
}

const PATHS = ['sessions', 'patterns', 'metrics', 'users', 'system', 'keys'] as const;

/** Every page full, empty, failing and loading; every dialog and panel. */
export const SCENES: readonly Scene[] = [
  ...EVERY_PAGE.map(({ name, path, ready }): Scene => ({ name, path, ready: ({ page }) => ready(page) })),
  ...PATHS.map((name): Scene => ({ name: `${name}-empty`, path: `/${name}`, isEmpty: true, ready: calm })),
  ...[...PATHS, `sessions/${EVERY_KIND.id}`].map(
    (name): Scene => ({
      name: `${name.includes('/') ? 'session' : name}-failing`,
      path: `/${name}`,
      prepare: (page) => breakApi(page, 'failing'),
      expected: /503/,
      ready: async (opened) => {
        await opened.page.getByRole('alert').first().waitFor();
        await calm(opened);
      },
    }),
  ),
  {
    name: 'sessions-loading',
    path: '/sessions',
    prepare: (page) => breakApi(page, 'stalled', /\/v1\/session\/query/),
    ready: ({ page }) =>
      page
        .getByText(/Running query, \d+ s/)
        .first()
        .waitFor(),
  },
  { name: 'sessions-none-in-range', path: '/sessions?range=1000~2000', ready: calm },
  { name: 'session-unknown', path: '/sessions/nobody-has-this-id', expected: /404/, ready: calm },
  { name: 'no-such-page', path: '/users/a/b/c', ready: ({ page }) => page.getByText('no such page').waitFor() },
  { name: 'login', path: '/login', key: async () => false, ready: ({ page }) => page.getByLabel('API key').waitFor() },
  {
    name: 'not-allowed',
    path: '/sessions',
    key: keyThatMay('w'),
    expected: /40[13]/,
    ready: ({ page }) => page.getByRole('heading', { name: 'This key may not read' }).waitFor(),
  },
  { name: 'system-not-allowed', path: '/system', key: keyThatMay('r'), expected: /40[13]/, ready: calm },
  { name: 'palette', path: '/sessions', ready: dialogAt('Control+k') },
  { name: 'help', path: '/sessions', ready: dialogAt('?') },
  {
    name: 'session-replay',
    path: `/sessions/${EVERY_KIND.id}?replay=1`,
    ready: ({ page }) => page.getByText('In the way: 1 step').waitFor(),
  },
  ...(['tree', 'timeline', 'chat', 'paths'] as const).map(
    (view): Scene => ({
      name: `session-${view}-request`,
      path: `/sessions/${DEAREST_FAILING.id}?view=${view}&focus=error`,
      ready: async (opened) => {
        await opened.page.waitForURL(/request=/);
        await calm(opened);
      },
    }),
  ),
];

async function calm({ page }: OpenedPage): Promise<void> {
  await page.locator('#page').waitFor();
  await settled(page);
}

function dialogAt(key: string): Scene['ready'] {
  return async (opened) => {
    await calm(opened);
    await opened.press(key);
    await opened.page.getByRole('dialog').waitFor();
  };
}

function keyThatMay(permissions: string): (instance: Instance) => Promise<string> {
  return async ({ api }) => {
    const { body } = await api.call<{ apiKey: string }>('POST', '/v1/api-keys', {
      api_key_name: `may ${permissions}`,
      key_permissions: permissions,
    });
    return body.apiKey;
  };
}
