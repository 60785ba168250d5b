import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { ensureBuilt } from '@throughline/dashboard/ensure-built';
import { type Browser, launchChromium } from '@throughline/local-servers/launch-chromium';
import { startFakeProvider } from '@throughline/testkit/fake-provider/fake-provider';
import { createTempDir } from '@throughline/testkit/temp-dir';
import { startProduct } from '../contestants/product.ts';
import { newDashboardPage, type PageCosts, pageCosts, SELECTORS } from '../dashboard/dashboard-page.ts';
import { type FirstLoad, measureFirstLoad } from '../dashboard/measure-first-load.ts';
import { measureLive } from '../dashboard/measure-live.ts';
import { measureScrolling, type Scrolling } from '../dashboard/measure-scrolling.ts';
import { median, quantile } from '../measure/statistics.ts';
import { openEngineSession } from '../query/engine-session.ts';
import { makeData } from '../query/made-data.ts';
import { startQueryService } from '../query/query-service.ts';
import { DAY_MS, ENDS_AT, MARKED, sizeOf } from '../query/size.ts';
import { findSubjects } from '../query/subjects.ts';
import { number } from '../report/format.ts';
import type { Bench, Figure, Scenario } from '../scenario.ts';

/** Ten for each of a million sessions. */
const REQUESTS = 10_000_000;
const LIVE_CALLS = 15;

const REACH = {
  firstLoadBytes: 200_000,
  listMs: 1_000,
  taskMs: 50,
  heapBytes: 300e6,
  scriptMs: 1_000,
  liveMs: 1_000,
} as const;

interface OverData {
  /** The last day of a million sessions, and all of them. */
  readonly day: FirstLoad[];
  readonly all: FirstLoad[];
  readonly opened: (PageCosts & { readonly ms: number })[];
  readonly list: Scrolling;
  readonly tree: Scrolling;
  readonly timeline: Scrolling;
}

export const dashboard: Scenario = {
  name: 'dashboard',
  about: 'the dashboard in Chromium: first load, a list of a million sessions, a session of 10,000 requests, live',
  async run(bench) {
    await ensureBuilt();
    const browser = await launchChromium();
    try {
      const over = await measureOverData(bench, browser);
      bench.progress('a new request until it is on the screen');
      const live = await measureLiveOnProduct(bench, browser);
      return {
        columns: ['', 'median', 'worst', 'unit'],
        rows: rowsOf(over, live),
        figures: figuresOf(over, live),
        notes: NOTES,
        samples: { over, live },
      };
    } finally {
      await browser.close();
    }
  },
};

async function measureOverData(bench: Bench, browser: Browser): Promise<OverData> {
  await using dir = await createTempDir('bench-dashboard');
  const analytics = await openEmbeddedAnalytics({ dir: dir.path });
  const engine = await openEngineSession(dir.path);
  try {
    const size = sizeOf(REQUESTS);
    await makeData(engine, size, { bodies: false, progress: bench.progress });
    await using service = await startQueryService(analytics, {}, { dashboard: ensureBuilt() });
    const { longSession } = await findSubjects({ analytics, engine, service }, size, false);
    const target = { origin: service.origin, key: service.authorization.replace('Bearer ', '') };
    const day: FirstLoad[] = [];
    const all: FirstLoad[] = [];
    for (let round = 0; round < bench.rounds; round++) {
      bench.progress(`the list from a cold load, ${round + 1} of ${bench.rounds}`);
      day.push(await measureFirstLoad(browser, target, listOf(1)));
      all.push(await measureFirstLoad(browser, target, listOf(size.days)));
    }
    bench.progress('scrolling the list');
    await using listPage = await newDashboardPage(browser, { ...target, selector: SELECTORS.row });
    await listPage.page.goto(listOf(size.days));
    await listPage.until();
    const list = await measureScrolling(browser, listPage, SELECTORS.list, bench.seconds);
    const opened: OverData['opened'] = [];
    for (let round = 0; round < bench.rounds; round++) {
      bench.progress(`a session of ${MARKED.long.calls} requests, ${round + 1} of ${bench.rounds}`);
      await using page = await newDashboardPage(browser, { ...target, selector: SELECTORS.tree });
      await page.page.goto(`/sessions/${encodeURIComponent(longSession)}?view=tree`);
      const ms = await page.until();
      opened.push({ ms, ...(await pageCosts(page)) });
    }
    const scroll = async (view: 'tree' | 'timeline') => {
      bench.progress(`scrolling the ${view}`);
      await using page = await newDashboardPage(browser, { ...target, selector: SELECTORS[view] });
      await page.page.goto(`/sessions/${encodeURIComponent(longSession)}?view=${view}`);
      await page.until();
      return await measureScrolling(browser, page, SELECTORS[view], bench.seconds);
    };
    return { day, all, list, opened, tree: await scroll('tree'), timeline: await scroll('timeline') };
  } finally {
    engine.close();
    await analytics.close();
  }
}

/** The data ends before today: what is looked at is exact. */
function listOf(days: number): string {
  return `/sessions?range=${ENDS_AT - days * DAY_MS}~${ENDS_AT}`;
}

async function measureLiveOnProduct(bench: Bench, browser: Browser): Promise<number[]> {
  await using provider = await startFakeProvider();
  await using product = await startProduct(bench, provider.origin);
  return await measureLive(browser, product, LIVE_CALLS);
}

function rowsOf({ day, all, opened, list, tree, timeline }: OverData, live: readonly number[]): string[][] {
  const of = (name: string, values: readonly number[], unit: string) => [
    name,
    number(median(values)),
    number(Math.max(...values)),
    unit,
  ];
  const kB = (bytes: readonly number[]) => bytes.map((one) => one / 1_000);
  return [
    of('first load: JavaScript, gzip', kB(all.map(({ gzipBytes }) => gzipBytes)), 'kB'),
    of('first load: the same as it was sent', kB(all.map(({ sentBytes }) => sentBytes)), 'kB'),
    of(
      'cold load → list of the last day',
      day.map(({ ms }) => ms),
      'ms',
    ),
    of(
      'cold load → list of a million sessions',
      all.map(({ ms }) => ms),
      'ms',
    ),
    of(
      'session of 10,000 requests: scripting',
      opened.map(({ scriptMs }) => scriptMs),
      'ms',
    ),
    of(
      'session of 10,000 requests: all of the main thread',
      opened.map(({ taskMs }) => taskMs),
      'ms',
    ),
    of(
      'session of 10,000 requests: cold load → its steps',
      opened.map(({ ms }) => ms),
      'ms',
    ),
    ...Object.entries({ list, tree, timeline }).flatMap(
      ([name, { longestTaskMs, longestCpuMs, longestGapMs, heapBytes }]) => [
        of(`scrolling the ${name}: longest task, CPU`, [longestCpuMs], 'ms'),
        of(`scrolling the ${name}: longest task`, [longestTaskMs], 'ms'),
        of(`scrolling the ${name}: longest gap between frames`, [longestGapMs], 'ms'),
        of(`scrolling the ${name}: heap`, [heapBytes / 1e6], 'MB'),
      ],
    ),
    of('response end → on the screen, live', live, 'ms'),
  ];
}

function figuresOf({ all, opened, list, tree, timeline }: OverData, live: readonly number[]): Figure[] {
  const scrolled = [list, tree, timeline];
  const figure = (name: string, value: number, unit: string, atMost: number) => ({ name, value, unit, atMost });
  return [
    figure(
      'first load, JavaScript, gzip',
      median(all.map(({ gzipBytes }) => gzipBytes)) / 1_000,
      'kB',
      REACH.firstLoadBytes / 1_000,
    ),
    figure('list from a cold load, 1M sessions', median(all.map(({ ms }) => ms)), 'ms', REACH.listMs),
    figure(
      'longest task while scrolling, CPU',
      Math.max(...scrolled.map(({ longestCpuMs }) => longestCpuMs)),
      'ms',
      REACH.taskMs,
    ),
    figure(
      'heap while scrolling',
      Math.max(...scrolled.map(({ heapBytes }) => heapBytes)) / 1e6,
      'MB',
      REACH.heapBytes / 1e6,
    ),
    figure('session of 10,000 opened, scripting', median(opened.map(({ scriptMs }) => scriptMs)), 'ms', REACH.scriptMs),
    figure('new request on screen, live, p95', quantile(live, 0.95), 'ms', REACH.liveMs),
  ];
}

const NOTES = [
  'A cold load is a browser session of its own: nothing is cached, nothing compiled. It ends when the first row is painted and a key would be handled. Browser, service and engine share the machine.',
  'The longest task is of the page’s main thread, from a trace: no frame can be drawn meanwhile. Judged is its CPU, because browser, service and engine share two cores. The longest gap between frames has what everything else on the machine does in it; Chromium draws without a GPU here.',
];
