import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from '@throughline/local-servers/launch-chromium';
import { type DashboardPage, pageCosts } from './dashboard-page.ts';
import { mainThreadTasks, TRACE_CATEGORIES } from './trace.ts';

export interface Scrolling {
  /** Of the page's main thread, ms. */
  readonly longestTaskMs: number;
  /** The most that one of them had of the processor. */
  readonly longestCpuMs: number;
  readonly tasksAbove50Ms: number;
  /** Between two frames that the page could draw in: what others do on the machine is in it. */
  readonly longestGapMs: number;
  readonly heapBytes: number;
}

/** Wheels of a mouse turn so often. */
const WHEEL_EVERY_MS = 16;

/**
 * Turns the wheel over a place of a page, down and up again.
 *
 * @param selector what is scrolled.
 */
export async function measureScrolling(
  browser: Browser,
  opened: DashboardPage,
  selector: string,
  seconds: number,
): Promise<Scrolling> {
  const { page } = opened;
  const box = await page.locator(selector).first().boundingBox();
  if (!box) throw new Error(`nothing to scroll: ${selector}`);
  await page.mouse.move(box.x + Math.min(box.width / 2, 400), box.y + Math.min(box.height / 2, 300));
  await page.evaluate(GAPS_BEGIN);
  await browser.startTracing(page, { categories: TRACE_CATEGORIES });
  const turns = Math.round((seconds * 1_000) / WHEEL_EVERY_MS);
  for (let turn = 0; turn < turns; turn++) {
    await Promise.all([page.mouse.wheel(0, turn < turns * 0.7 ? 240 : -240), sleep(WHEEL_EVERY_MS)]);
  }
  const trace = (await browser.stopTracing()).toString();
  const tasks = mainThreadTasks(trace);
  const { heapBytes } = await pageCosts(opened);
  return {
    longestTaskMs: Math.max(0, ...tasks.map(({ ms }) => ms)),
    longestCpuMs: Math.max(0, ...tasks.map(({ cpuMs }) => cpuMs)),
    tasksAbove50Ms: tasks.filter(({ ms }) => ms > 50).length,
    longestGapMs: Number(await page.evaluate(GAPS_END)),
    heapBytes,
  };
}

const GAPS_BEGIN = `(() => {
  globalThis.gaps = { longest: 0, last: performance.now(), on: true };
  const frame = (now) => {
    gaps.longest = Math.max(gaps.longest, now - gaps.last);
    gaps.last = now;
    if (gaps.on) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})()`;

const GAPS_END = `(() => { gaps.on = false; return gaps.longest; })()`;
