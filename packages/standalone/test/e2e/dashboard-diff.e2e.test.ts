import { expect, test } from '@jest/globals';
import { expectNoAxeProblems } from './support/dashboard/expect-no-axe-problems.ts';
import { HOSTILE } from './support/dashboard/hostile-sessions.ts';
import { sidewaysScroll } from './support/dashboard/page-width.ts';
import { playSessions } from './support/dashboard/play-session.ts';
import type { SeedSession, SeedStep } from './support/dashboard/seed-session.ts';
import { describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

const HOUR_MS = 3_600_000;

describeWithChromium('the diff of two sessions', () => {
  const dashboard = useDashboard(async ({ instance }) => {
    const atMs = Date.now() - 2 * HOUR_MS;
    const session = (id: string, steps: readonly SeedStep[]): SeedSession => ({
      id,
      name: 'Trip planner',
      atMs,
      stages: steps.map((step) => [step]),
    });
    const plan: SeedStep = { path: '/trip/plan', ask: 'Plan a day in Oslo.', answer: 'See the opera first.' };
    await playSessions(instance, [
      session('trip-1', [plan, { path: '/trip/book', ask: 'Book it.', answer: 'Done.' }]),
      session('trip-2', [
        { ...plan, answer: 'See the fjord first.', model: 'gpt-4.1' },
        { path: '/trip/check', ask: 'Is it open?', answer: HOSTILE.html },
        { path: '/trip/book', ask: 'Book it.', answer: 'Done.' },
      ]),
      session('trip-3', [{ ...plan, ask: HOSTILE.html, answer: HOSTILE.html }]),
    ]);
  });

  const PATH = '/sessions/trip-1/diff/trip-2';

  test('has figures first, then the tree of both with what changed, and the words of a step', async () => {
    const { page } = await dashboard.openPage({ path: PATH });
    const figures = page.getByRole('table').first();
    await figures.getByRole('row', { name: /^Requests 2 3 \+1 1\.50×$/ }).waitFor();
    await page.getByText('1 equal, 1 changed, 0 only in A, 1 only in B').waitFor();
    const tree = page.getByRole('table').nth(1);
    await tree.getByRole('row', { name: /only in B/ }).waitFor();
    const changed = tree.getByRole('row', { name: /→ gpt-4\.1/ });
    expect(await changed.textContent()).toContain('model, response');
    await changed.getByRole('button').click();
    const dialog = page.getByRole('dialog', { name: /^\/trip\/plan: model, response/ });
    const words = dialog.getByRole('region', { name: 'Response, word by word' });
    await words.waitFor();
    expect(await words.locator('del').allTextContents()).toEqual(['opera']);
    expect(await words.locator('ins').allTextContents()).toEqual(['fjord']);
    await dialog.getByText('The same.').waitFor();
    await expectNoAxeProblems(page);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'What changed' }).click();
    await page.waitForURL(/show=changed/);
    await tree.getByRole('row', { name: /equal/ }).waitFor({ state: 'detached' });
    await expectNoAxeProblems(page);
    await page.getByRole('button', { name: 'Swap A and B' }).click();
    await page.waitForURL(/trip-2\/diff\/trip-1/);
    await page.getByText('1 only in A, 0 only in B').waitFor();
  });

  test('is a button away in the list, and a link in the comparison', async () => {
    const opened = await dashboard.openPage({ path: '/sessions?range=24h' });
    const { page } = opened;
    await page.getByRole('row', { name: /trip-1/ }).waitFor();
    await opened.press('j', 'x', 'j', 'x');
    await page.getByRole('button', { name: 'Diff' }).click();
    await page.waitForURL(/\/sessions\/trip-\d\/diff\/trip-\d$/);
    await page.goto(`${dashboard.url}/compare?aSession=trip-1&bSession=trip-2`);
    await page.getByRole('link', { name: 'Step by step' }).click();
    await page.getByText('1 equal, 1 changed').waitFor();
  });

  test('says nothing of live updates, as it has none, and has them said where there are', async () => {
    const { page } = await dashboard.openPage({ path: PATH });
    await page.getByText('1 equal, 1 changed').waitFor();
    const state = page.getByRole('button', { name: /live updates$/ });
    expect(await state.count()).toBe(0);
    await page.getByRole('link', { name: /trip-1/ }).click();
    await page.getByRole('button', { name: 'Live: pause live updates' }).waitFor();
    await page.goBack();
    await state.waitFor({ state: 'detached' });
  });

  test('does nothing of what texts say, says what cannot be found, and fits a telephone', async () => {
    const opened = await dashboard.openPage({ path: '/sessions/trip-1/diff/trip-3', width: 390, height: 844 });
    const { page } = opened;
    opened.expectProblem(/404/);
    await page
      .getByRole('row', { name: /request, response/ })
      .getByRole('button')
      .click();
    await page.getByRole('dialog').locator('ins').first().waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    await page.keyboard.press('Escape');
    expect(await sidewaysScroll(page)).toEqual({ px: 0, because: [] });
    for (const name of ['Figures of both sessions', 'Steps of both sessions by path']) {
      const hidden = await page
        .getByRole('region', { name })
        .evaluate((table) => table.scrollWidth - table.clientWidth);
      expect([name, hidden]).toEqual([name, 0]);
    }
    const step = page.getByRole('row', { name: /request, response/ });
    // Of A and of B, each with its cost, tokens, latency and status.
    expect(await step.getByRole('listitem').count()).toBe(8);
    expect(await step.getByRole('listitem', { name: 'Status' }).allTextContents()).toEqual(['200', '200']);
    await expectNoAxeProblems(page);
    await page.goto(`${dashboard.url}/sessions/trip-1/diff/nobodys`);
    await page.getByText('These sessions could not be compared').waitFor();
    await page.getByText('Session not found').waitFor();
  });
});
