import type { Browser, CDPSession, Page } from '@throughline/local-servers/launch-chromium';
import { waitFor } from '@throughline/testkit/wait-for';

/** What a person waits for, as the pages mark it for screen readers. */
export const SELECTORS = {
  /** A session in the list. */
  row: 'table[aria-label="Sessions"] a[href^="/sessions/"]',
  list: 'table[aria-label="Sessions"]',
  /** A row of the requests of a session. */
  tree: 'table[role="treegrid"] tbody tr',
  timeline: '[role="application"][aria-label^="Timeline"]',
} as const;

export interface DashboardPage extends AsyncDisposable {
  readonly page: Page;
  readonly session: CDPSession;
  /** Ms from the start of the last navigation until what was waited for was there and a key would have been handled. */
  until(): Promise<number>;
}

interface PageOptions {
  readonly origin: string;
  readonly key: string;
  /** What is waited for on every page that is opened. */
  readonly selector: string;
}

/** A browser session that has loaded nothing yet, signed in. */
export async function newDashboardPage(
  browser: Browser,
  { origin, key, selector }: PageOptions,
): Promise<DashboardPage> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width: 1440, height: 900 },
    timezoneId: 'UTC',
  });
  context.setDefaultTimeout(60_000);
  await context.addInitScript(noteWhen, { key, selector });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable');
  return {
    page,
    session,
    // Not by the driver's own means to wait, which evaluate texts in the page: its content policy refuses those.
    until: () =>
      waitFor(() => page.evaluate<number | undefined>('globalThis.thereAtMs'), { what: selector, timeoutMs: 60_000 }),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** Runs in the page, before it. */
function noteWhen({ key, selector }: { readonly key: string; readonly selector: string }): void {
  sessionStorage.setItem('throughline.key', key);
  const page = globalThis as unknown as {
    readonly document: { querySelector(selector: string): object | null };
    readonly MutationObserver: new (
      run: () => void,
    ) => { observe(node: object, options: object): void; disconnect(): void };
    readonly requestAnimationFrame: (run: () => void) => void;
    drawnAtMs?: number;
    thereAtMs?: number;
  };
  const observer = new page.MutationObserver(() => {
    if (page.document.querySelector(selector) === null) return;
    observer.disconnect();
    page.drawnAtMs = performance.now();
    // Painted, and the thread is free for a key.
    page.requestAnimationFrame(() =>
      setTimeout(() => {
        page.thereAtMs = performance.now();
      }),
    );
  });
  observer.observe(page.document, { subtree: true, childList: true });
}

/** What the page has taken since it was opened. */
export interface PageCosts {
  readonly scriptMs: number;
  readonly taskMs: number;
  readonly heapBytes: number;
}

export async function pageCosts({ session }: DashboardPage): Promise<PageCosts> {
  const { metrics } = await session.send('Performance.getMetrics');
  const value = (name: string) => metrics.find((metric) => metric.name === name)?.value ?? Number.NaN;
  return {
    scriptMs: value('ScriptDuration') * 1_000,
    taskMs: value('TaskDuration') * 1_000,
    heapBytes: value('JSHeapUsedSize'),
  };
}
