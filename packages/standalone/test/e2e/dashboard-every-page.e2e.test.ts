import { expect, test } from '@jest/globals';
import { breakApi } from './support/dashboard/break-api.ts';
import { EVERY_PAGE, settled } from './support/dashboard/every-page.ts';
import { axeProblems } from './support/dashboard/expect-no-axe-problems.ts';
import { sidewaysScroll } from './support/dashboard/page-width.ts';
import { playSessions } from './support/dashboard/play-session.ts';
import { seedSessions } from './support/dashboard/seed-sessions.ts';
import { describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

const named = EVERY_PAGE.map((shown) => [shown.name, shown] as const);

describeWithChromium('every page', () => {
  const dashboard = useDashboard(({ instance }) => playSessions(instance, seedSessions(Date.now())));

  test.each(named)(
    '%s: nothing that axe finds, in both themes, and no page that scrolls sideways',
    async (_, shown) => {
      const opened = await dashboard.openPage({ path: shown.path });
      const { page } = opened;
      await shown.ready(page);
      const found: string[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const problem of await axeProblems(page)) found.push(`${colorScheme}: ${problem}`);
      }
      for (const [width, height] of [
        [390, 844],
        [2560, 1440],
      ] as const) {
        await page.setViewportSize({ width, height });
        await settled(page);
        const { px, because } = await sidewaysScroll(page);
        if (px > 0) found.push(`at ${width} px the page scrolls ${px} px sideways: ${because.join('\n')}`);
        if (width === 390) for (const problem of await axeProblems(page)) found.push(`at 390 px: ${problem}`);
      }
      expect(found.join('\n')).toBe('');
    },
  );

  test.each(named)('%s: says when the API fails, and recovers by itself or at Retry', async (_, shown) => {
    const opened = await dashboard.openPage({
      path: shown.path,
      prepare: (page) => breakApi(page, 'failing'),
    });
    opened.expectProblem(/503/);
    const { page } = opened;
    const alert = page.getByRole('main').getByRole('alert');
    await alert.first().waitFor();
    expect(await alert.first().textContent()).toContain('The store does not answer');
    await page.unroute(/\/v1\/(?!live)/);
    for (let left = 20; left > 0 && (await alert.count()) > 0; left--) {
      await page.getByRole('button', { name: 'Retry' }).first().click();
      await settled(page);
    }
    await shown.ready(page);
    expect(await alert.count()).toBe(0);
  });

  test.each(named)('%s: says when nothing answers, or something else does', async (_, shown) => {
    for (const breakage of ['unreachable', 'garbage'] as const) {
      const opened = await dashboard.openPage({ path: shown.path, prepare: (page) => breakApi(page, breakage) });
      opened.expectProblem(/ERR_CONNECTION_REFUSED/);
      await opened.page.getByRole('main').getByRole('alert').first().waitFor();
      await opened.context.close();
    }
  });
});
