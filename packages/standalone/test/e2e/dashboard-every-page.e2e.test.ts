import { expect, test } from '@jest/globals';
import { breakApi, mendApi } from './support/dashboard/break-api.ts';
import { EVERY_PAGE, settled } from './support/dashboard/every-page.ts';
import { axeProblems } from './support/dashboard/expect-no-axe-problems.ts';
import { sidewaysScroll } from './support/dashboard/page-width.ts';
import { playSessions } from './support/dashboard/play-session.ts';
import { EVERY_KIND, seedSessions } from './support/dashboard/seed-sessions.ts';
import { describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

const named = EVERY_PAGE.map((shown) => [shown.name, shown] as const);

describeWithChromium('every page', () => {
  const dashboard = useDashboard(({ instance }) => playSessions(instance, seedSessions(Date.now())));

  test.each(named)(
    '%s: fails in words, recovers, and is fit for all, in both themes, at every width',
    async (_, shown) => {
      const opened = await dashboard.openPage({ path: shown.path, prepare: (page) => breakApi(page, 'failing') });
      opened.expectProblem(/503/);
      const { page } = opened;
      const alert = page.getByRole('main').getByRole('alert');
      await alert.first().waitFor();
      expect(await alert.first().textContent()).toContain('The store does not answer');
      const found = (await axeProblems(page)).map((problem) => `failing: ${problem}`);
      await mendApi(page);
      for (let left = 20; left > 0 && (await alert.count()) > 0; left--) {
        await page.getByRole('button', { name: 'Retry' }).first().click();
        await settled(page);
      }
      await shown.ready(page);
      expect(await alert.count()).toBe(0);

      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.locator(`html[data-theme="${colorScheme}"]`).waitFor({ state: 'attached' });
        await settled(page);
        for (const problem of await axeProblems(page)) found.push(`${colorScheme}: ${problem}`);
      }
      for (const [width, height] of WIDTHS) {
        await page.setViewportSize({ width, height });
        await settled(page);
        const { px, because } = await sidewaysScroll(page);
        if (px > 0) found.push(`at ${width} px the page scrolls ${px} px sideways: ${because.join('\n')}`);
      }
      expect(found.join('\n')).toBe('');
    },
  );

  test('whatever answers in its place, or nothing: that is said', async () => {
    for (const breakage of ['unreachable', 'garbage'] as const) {
      for (const path of ['/sessions', `/sessions/${EVERY_KIND.id}`, '/system']) {
        const opened = await dashboard.openPage({ path, prepare: (page) => breakApi(page, breakage) });
        opened.expectProblem(/ERR_CONNECTION_REFUSED/);
        await opened.page.getByRole('main').getByRole('alert').first().waitFor();
        await opened.context.close();
      }
    }
  });
});

/** A phone, and a large screen. */
const WIDTHS = [
  [390, 844],
  [2560, 1440],
] as const;
