import { type Browser, chromium } from 'playwright-core';
import { findChromium } from './chromium-program.ts';

export type { Browser, BrowserContext, CDPSession, Page, Request } from 'playwright-core';

/**
 * Starts Chromium without a window, for pages of our own; `close` ends it.
 *
 * @param args further arguments of its command line.
 * @throws ServerUnavailable
 */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  const { executable, env } = await findChromium();
  return chromium.launch({
    executablePath: executable,
    env: { ...process.env, ...env } as Record<string, string>,
    // Its sandbox needs rights that containers do not have; it opens nothing but our own pages.
    chromiumSandbox: false,
    args: [...args],
  });
}
