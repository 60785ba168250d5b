import { gzipSync } from 'node:zlib';
import type { Browser, Request } from '@throughline/local-servers/launch-chromium';
import { newDashboardPage, SELECTORS } from './dashboard-page.ts';

export interface FirstLoad {
  /** From the start of the navigation until the first row is there and a key would be handled. */
  readonly ms: number;
  /** All JavaScript that came before the first row was drawn, gzip at its best level. */
  readonly gzipBytes: number;
  /** The same as it was sent. */
  readonly sentBytes: number;
  readonly scripts: number;
}

/** Opens the list in a browser session that has loaded nothing yet. */
export async function measureFirstLoad(
  browser: Browser,
  target: { readonly origin: string; readonly key: string },
  path: string,
): Promise<FirstLoad> {
  await using opened = await newDashboardPage(browser, { ...target, selector: SELECTORS.row });
  const { page } = opened;
  const loaded: Request[] = [];
  page.on('requestfinished', (request) => {
    if (request.resourceType() === 'script') loaded.push(request);
  });
  await page.goto(path);
  const ms = await opened.until();
  // What came later was not waited for: it is asked for in the same moment as the first rows are drawn.
  const drawnAt = Number(await page.evaluate('performance.timeOrigin + globalThis.drawnAtMs'));
  const scripts = await Promise.all(
    loaded
      .filter((request) => endOf(request) <= drawnAt)
      .map(async (request) => {
        const body = await (await request.response())!.body();
        return { gzip: gzipSync(body, { level: 9 }).byteLength, sent: (await request.sizes()).responseBodySize };
      }),
  );
  return {
    ms,
    gzipBytes: scripts.reduce((sum, { gzip }) => sum + gzip, 0),
    sentBytes: scripts.reduce((sum, { sent }) => sum + sent, 0),
    scripts: scripts.length,
  };
}

/** Epoch ms. */
function endOf(request: Request): number {
  const { startTime, responseEnd } = request.timing();
  return startTime + responseEnd;
}
