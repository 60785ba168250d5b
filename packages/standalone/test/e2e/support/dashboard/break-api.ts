import type { Page } from 'playwright-core';

/** How an API can be broken: no answer, a refusal, an answer that is none of its own, an answer that never ends. */
export type Breakage = 'unreachable' | 'failing' | 'garbage' | 'stalled';

/**
 * Answers calls of a page in the place of the API, until the returned function is called.
 *
 * @param path those to break; default all of the API but its live updates.
 */
export async function breakApi(page: Page, breakage: Breakage, path: RegExp = API): Promise<() => Promise<void>> {
  await page.route(path, (route) => {
    switch (breakage) {
      case 'unreachable':
        return route.abort('connectionrefused');
      case 'failing':
        return route.fulfill({
          status: 503,
          json: { data: null, error: 'The store does not answer. Try again in a moment' },
        });
      case 'garbage':
        return route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Welcome to the proxy</h1>' });
      case 'stalled':
        return undefined;
    }
  });
  return () => mendApi(page, path);
}

export async function mendApi(page: Page, path: RegExp = API): Promise<void> {
  await page.unroute(path);
}

const API = /\/v1\/(?!live)/;
