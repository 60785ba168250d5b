import { expect, test } from '@jest/globals';
import type { Request } from 'playwright-core';
import { breakApi } from './support/dashboard/break-api.ts';
import { settled } from './support/dashboard/every-page.ts';
import { playSessions, playStep } from './support/dashboard/play-session.ts';
import { DEAREST_FAILING, EVERY_KIND, seedSessions } from './support/dashboard/seed-sessions.ts';
import { describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

describeWithChromium('what a person sees happen', () => {
  const dashboard = useDashboard(({ instance }) => playSessions(instance, seedSessions(Date.now())));

  test('a newcomer finds the dearest failing session of the day and the step that failed, by eight keys', async () => {
    const opened = await dashboard.openPage({ path: '/' });
    const { page, press } = opened;
    await page.getByRole('table', { name: 'Sessions' }).getByRole('row').nth(1).waitFor();
    await settled(page);
    // The first thing that the filter offers, then the first row.
    await press('f', 'Enter');
    await page.waitForURL(/filter=|errors|sort=/);
    await settled(page);
    await press('j', 'Enter');
    await page.waitForURL(new RegExp(`/sessions/${DEAREST_FAILING.id}\\b`));
    // Which session, and which of its steps, is in words on the page.
    await page.getByRole('heading', { level: 1, name: DEAREST_FAILING.name }).waitFor();
    const panel = page.getByRole('complementary', { name: 'Request' });
    await panel.getByText(DEAREST_FAILING.path).first().waitFor();
    await panel.getByText('500').first().waitFor();
    expect(opened.actions).toBeLessThanOrEqual(8);
  });

  test('a session that begins is announced in the list by itself, and its totals grow where it stands', async () => {
    const { page } = await dashboard.openPage({ path: '/sessions' });
    const rows = page.getByRole('table', { name: 'Sessions' }).getByRole('row');
    await rows.nth(1).waitFor();
    const session = { id: 'begins-now', name: 'Begins now', user: 'ada@example.com' };
    await playStep(dashboard.instance, session, { path: '/first' });
    await page.getByRole('button', { name: '1 new' }).click();
    const row = rows.filter({ hasText: 'Begins now' });
    await row.waitFor();
    await playStep(dashboard.instance, session, { path: '/second', status: 500 });
    await row.getByText('50%').first().waitFor();
  });

  test('a session that begins while the list is on its way is announced all the same', async () => {
    let asked = 0;
    const { page } = await dashboard.openPage({
      path: '/sessions',
      prepare: (opened) =>
        opened.route(/\/v1\/session\/query$/, async (route) => {
          if (!isOfRows(route.request()) || ++asked > 1) return route.continue();
          const response = await route.fetch();
          await playSessions(dashboard.instance, [
            { id: 'meanwhile', name: 'Meanwhile', stages: [[{ path: '/one', by: 'log' }]] },
          ]);
          await route.fulfill({ response });
        }),
    });
    await page.getByRole('button', { name: '1 new' }).click();
    await page.getByRole('table', { name: 'Sessions' }).getByRole('row').filter({ hasText: 'Meanwhile' }).waitFor();
  });

  test('a session that is open shows its new requests', async () => {
    const { page } = await dashboard.openPage({ path: `/sessions/${EVERY_KIND.id}` });
    await page.getByText('vector_db').first().waitFor();
    await playStep(dashboard.instance, EVERY_KIND, { path: '/afterthought' });
    await page.getByText('afterthought').first().waitFor();
  });

  test.each([
    ['the list', '/sessions', 'Invoice batch'],
    ['a session', `/sessions/${EVERY_KIND.id}`, 'vector_db'],
  ])('%s keeps what it shows when the API goes away, says of when it is, and goes on', async (_, path, text) => {
    const opened = await dashboard.openPage({ path });
    const { page } = opened;
    await page.getByText(text).first().waitFor();
    await settled(page);
    opened.expectProblem(/503/);
    const mend = await breakApi(page, 'failing');
    await playStep(dashboard.instance, EVERY_KIND, { path: '/unseen' });
    const alert = page.getByRole('main').getByRole('alert').filter({ hasText: 'The store does not answer' });
    await alert.first().waitFor({ timeout: 20_000 });
    expect(await page.getByText(text).first().isVisible()).toBe(true);
    await mend();
    await alert.first().getByRole('button', { name: 'Retry' }).click();
    await alert.first().waitFor({ state: 'detached' });
  });

  test('an instance that is stopped is said to be away, and is found again when it is back', async () => {
    const opened = await dashboard.openPage({ path: '/sessions' });
    const { page } = opened;
    await page.getByText('Invoice batch').first().waitFor();
    await page.getByRole('main').locator('canvas').first().waitFor();
    await settled(page);
    opened.expectProblem(/ERR_|Failed to (?:load|fetch)|Unable to preload|50\d/);
    await dashboard.instance.throughline.kill('SIGTERM');
    await page.getByRole('button', { name: /^Reconnecting:/ }).waitFor();
    await page
      .getByRole('status')
      .filter({ hasText: /^Shown as of .*: the connection for live updates is lost/ })
      .waitFor();
    expect(await page.getByText('Invoice batch').first().isVisible()).toBe(true);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Users' }).click();
    // Not even the files of that page can be had.
    await page.getByRole('alert').getByText('No answer came from Throughline').first().waitFor();
    await page.getByRole('button', { name: 'Retry' }).first().click();
    await dashboard.instance.throughline.start();
    await page.getByText('ada@example.com').first().waitFor();
    await page.getByRole('button', { name: /^Live:/ }).waitFor({ timeout: 20_000 });
  }, 60_000);
});

/** Rows of the list, and not one session that something else asks for. */
function isOfRows(request: Request): boolean {
  return request.url().endsWith('/v1/session/query') && request.postDataJSON().limit === 200;
}
