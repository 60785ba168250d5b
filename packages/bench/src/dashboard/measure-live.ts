import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@throughline/local-servers/launch-chromium';
import type { ThroughlineProcess } from '@throughline/testkit/process/throughline-process';
import { rawCall } from '@throughline/testkit/raw-call';
import { newDashboardPage, SELECTORS } from './dashboard-page.ts';

const APART_MS = 2_000;

/** Ms from the end of a response until the list announces its session, call by call, without anybody asking for it. */
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
    // The list reads changes in steps of a second and a half: what is measured is one that comes by itself.
    await sleep(APART_MS);
    const shown = page.getByRole('button', { name: `${at + 1} new` }).waitFor();
    const endedAt = await makeCall(product, id);
    await shown;
    ages.push(performance.now() - endedAt);
  }
  return ages;
}

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
