import { randomUUID } from 'node:crypto';
import type { Browser } from '@throughline/local-servers/launch-chromium';
import type { ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { rawCall } from '@throughline/testkit/raw-call';
import { newDashboardPage, SELECTORS } from './dashboard-page.ts';

/** Ms from the end of a response until its session stands in the list, call by call, without anybody asking for it. */
export async function measureLive(browser: Browser, product: ThroughlineProcess, calls: number): Promise<number[]> {
  await makeCall(product, 'first');
  await using opened = await newDashboardPage(browser, {
    origin: product.url,
    key: product.key,
    selector: SELECTORS.row,
  });
  const { page } = opened;
  await page.goto('/sessions?range=1h');
  await opened.until();
  const ages: number[] = [];
  for (let at = 0; at < calls; at++) {
    const id = `live-${at}-${randomUUID()}`;
    const shown = page.waitForFunction(SHOWN, id, { polling: 'raf' });
    const endedAt = await makeCall(product, id);
    await shown;
    ages.push(performance.now() - endedAt);
  }
  return ages;
}

/** In place of rows that are announced only: what announces them is a line of its own. */
const SHOWN = `(id) => document.querySelector('a[href*="' + id + '"]') !== null`;

/** @returns when its response had ended, by this process's clock. */
async function makeCall({ url, key }: ThroughlineProcess, sessionId: string): Promise<number> {
  const answer = await rawCall({
    url: `${url}/v1/gateway/oai/v1/chat/completions`,
    headers: {
      'content-type': 'application/json',
      'helicone-auth': `Bearer ${key}`,
      'helicone-session-id': sessionId,
      'helicone-session-name': 'live',
    },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] }),
  });
  if (answer.status !== 200) throw new Error(`a call was answered ${answer.status}`);
  return performance.now();
}
