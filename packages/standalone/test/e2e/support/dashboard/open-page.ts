import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface OpenPageOptions {
  /** Default `/`. */
  readonly path?: string;
  /** Default true: with the instance's key. A text is another key. False: without one. */
  readonly signedIn?: boolean | string;
  /** What the system prefers. Default light. */
  readonly theme?: 'light' | 'dark';
  /** Default 1280. */
  readonly width?: number;
  /** Default 800. */
  readonly height?: number;
  /** Before the page is asked for: routes, listeners. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

export interface OpenedPage {
  readonly page: Page;
  /** The browser session that it is in. */
  readonly context: BrowserContext;
  /** Presses keys one after the other, as `KeyboardEvent.key` gives them (`Enter`, `j`, `Control+k`). */
  press(...keys: readonly string[]): Promise<void>;
  /** Types into what has the focus. Each character is an action. */
  type(text: string): Promise<void>;
  /** Keys pressed so far. */
  readonly actions: number;
  /** Complaints that match are meant to come, however often. */
  expectProblem(pattern: RegExp): void;
  /** What the page complained about, and nobody expected: errors of scripts, of the console, of the content policy. */
  problems(): string[];
}

interface Target {
  readonly browser: Browser;
  readonly url: string;
  readonly key: string;
}

/** Opens a page of the dashboard in a browser session of its own. Times are UTC's. */
export async function openPage(target: Target, options: OpenPageOptions = {}): Promise<OpenedPage> {
  const { path = '/', signedIn = true, theme = 'light', width = 1280, height = 800, prepare } = options;
  const context = await target.browser.newContext({
    baseURL: target.url,
    viewport: { width, height },
    colorScheme: theme,
    // What moves is measured half-way else.
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
    acceptDownloads: true,
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  const key = signedIn === true ? target.key : signedIn;
  if (key !== false) await context.addInitScript(signInOnce, key);
  // A step that does not come is named by its own failure, before the test's end is.
  context.setDefaultTimeout(STEP_MS_MAX);
  const page = await context.newPage();
  const complaints: string[] = [];
  const expected: RegExp[] = [];
  page.on('pageerror', (error) => complaints.push(`page error: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  let actions = 0;
  await prepare?.(page);
  await page.goto(path);
  return {
    page,
    context,
    async press(...keys) {
      for (const one of keys) {
        actions++;
        await page.keyboard.press(one);
      }
    },
    async type(text) {
      actions += [...text].length;
      await page.keyboard.type(text);
    },
    get actions() {
      return actions;
    },
    expectProblem: (pattern) => void expected.push(pattern),
    problems: () => complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint))),
  };
}

/** How long anything a person waits for may take, on a busy machine. */
const STEP_MS_MAX = 10_000;

/** Runs in the page, before it: signed in as after typing the key. Who signs out stays so when the page is loaded again. */
function signInOnce(key: string): void {
  if (sessionStorage.getItem('test.signed-in') !== null) return;
  sessionStorage.setItem('test.signed-in', 'yes');
  sessionStorage.setItem('throughline.key', key);
}
