import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { breakApi } from './support/dashboard/break-api.ts';
import { expectNoAxeProblems } from './support/dashboard/expect-no-axe-problems.ts';
import { sidewaysScroll } from './support/dashboard/page-width.ts';
import { playSessions } from './support/dashboard/play-session.ts';
import type { SeedSession, SeedStep } from './support/dashboard/seed-session.ts';
import { describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

const HOUR_MS = 3_600_000;
const NAME = 'Support agent';

/** Twenty sessions: ten go straight, six search and plan again (dearer, of another version), four stop after planning. */
function supportAgent(nowMs: number): SeedSession[] {
  const classify: SeedStep = { path: '/classify', words: 20 };
  const plan: SeedStep = { path: '/plan', words: 60 };
  const search: SeedStep = { path: '/plan/search', model: 'gpt-4.1', takesMs: 4_000 };
  const answer: SeedStep = { path: '/answer', words: 100 };
  return Array.from({ length: 20 }, (_, at): SeedSession => {
    const kind = at < 10 ? 'straight' : at < 16 ? 'searching' : 'stopped';
    const steps =
      kind === 'straight'
        ? [classify, plan, answer]
        : kind === 'searching'
          ? [classify, plan, { ...search, words: 500 + 100 * at, ...(at < 12 && { status: 500 }) }, plan, answer]
          : [classify, plan];
    return {
      id: `${kind}-${at}`,
      name: NAME,
      properties: { release: kind === 'searching' ? 'r2' : 'r1' },
      atMs: nowMs - (2 + at) * HOUR_MS,
      stages: steps.map((step) => [step]),
    };
  });
}

describeWithChromium('patterns', () => {
  const dashboard = useDashboard(async ({ instance }) => {
    const nowMs = Date.now();
    const other: SeedSession = {
      id: 'report-1',
      name: 'Nightly report',
      atMs: nowMs - 40 * HOUR_MS,
      stages: [[{ path: '/report' }]],
    };
    const pages = [1, 2].map(
      (document): SeedSession => ({
        id: `pages-${document}`,
        name: 'Pages',
        atMs: nowMs - 50 * HOUR_MS,
        stages: [1, 2, 3].map((page) => [{ path: `/document/${document}/page/${page}` }]),
      }),
    );
    await playSessions(instance, [...supportAgent(nowMs), ...pages, other]);
  });

  const path = (view: string, more = '') => `/patterns?name=${encodeURIComponent(NAME)}&range=7d&view=${view}${more}`;

  test('begin with the name that was used last, and with a flow whose marks lead to their sessions', async () => {
    const { page } = await dashboard.openPage({ path: '/patterns?range=7d' });
    await page.waitForURL(/name=Support\+agent/);
    await page.getByText('20 sessions', { exact: true }).waitFor();
    await mark(page, /^Step 2: \/plan\. 20 sessions, 100% of all/).waitFor();
    await mark(page, /^After step 2: \/plan → \/answer\. 10 sessions, 50%/).waitFor();
    await mark(page, /^After step 3: \/plan\/search → \/plan\. 6 sessions.*A loop/).waitFor({ state: 'attached' });

    await mark(page, /^End, after 2 steps\. 4 sessions/).click();
    const dialog = page.getByRole('dialog', { name: 'Sessions behind this' });
    await dialog.getByText('4 sessions').waitFor();
    expect(await sessionsIn(page)).toEqual(['stopped-16', 'stopped-17', 'stopped-18', 'stopped-19']);
    await page.reload();
    await dialog.getByText('4 sessions').waitFor();
    await dialog.getByRole('link', { name: 'Open in the list of sessions' }).click();
    await page.getByRole('button', { name: /^Remove: Sessions that have .*step 2, and it is their last/ }).waitFor();
    await page.getByText('stopped-18').waitFor();
    expect(await page.getByText(/straight-/).count()).toBe(0);
    await page.goBack();
    await dialog.getByRole('link', { name: /stopped-17/ }).click();
    await page.waitForURL(/\/sessions\/stopped-17/);
  });

  test('have a flow that the keyboard walks along, and a table behind it', async () => {
    const { page, press } = await dashboard.openPage({ path: path('flow') });
    await mark(page, /^All\. 20 sessions/).focus();
    await press('ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight');
    const focused = page.locator(':focus');
    expect(await focused.getAttribute('aria-label')).toMatch(/^After step 2: \/plan → \/answer\. 10 sessions/);
    await press('ArrowDown');
    await page.waitForFunction(`document.activeElement.getAttribute('aria-label').includes('6 sessions')`);
    await press('Enter');
    await page.getByRole('dialog').getByText('6 sessions').waitFor();
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await page.getByRole('button', { name: 'Flow as a table' }).click();
    const table = page.getByRole('table').first();
    await table.getByRole('row', { name: /^3 \/plan\/search \/plan ↺ back 6 sessions .*100%/ }).waitFor();
    const loops = page.getByRole('region', { name: 'Loops', exact: true });
    await loops.getByRole('row', { name: /\/plan\/search \/plan 6/ }).waitFor();
    await loops.getByRole('link', { name: 'Show them: sessions that went from /plan/search back to /plan' }).click();
    await page.getByRole('dialog').getByText('6 sessions').waitFor();
  });

  test('show in their flow as many steps, parts of paths and rare paths as one asks for', async () => {
    const { page } = await dashboard.openPage({ path: path('flow') });
    await mark(page, /^Step 5: \/answer/).waitFor();
    await choose(page, 'Steps shown', '4 steps');
    await mark(page, /^Step 5: more steps\. 6 sessions/).waitFor();
    await page.getByText('6 go on after what is shown').waitFor();
    await choose(page, 'Parts of paths', 'First part');
    await mark(page, /^Step 3: \/answer\. 16 sessions/).waitFor();
    await page.waitForURL(/depth=4.*levels=1/);
    await page.reload();
    await mark(page, /^Step 3: \/answer\. 16 sessions/).waitFor();
  });

  test('count in a funnel how many get from step to step, with steps that one chooses, moves and removes', async () => {
    const { page, press, type } = await dashboard.openPage({ path: path('funnel') });
    // Suggested: the way that most take.
    const step = (at: number) =>
      page
        .getByRole('list', { name: 'Steps of the funnel' })
        .getByRole('listitem')
        .nth(at - 1);
    await step(3).getByRole('link', { name: '16 sessions reached step 3, /answer' }).waitFor();
    await step(3).getByRole('link', { name: '−4 sessions (20%): stopped before step 3, /answer' }).click();
    await page.getByRole('dialog').getByText('4 sessions').waitFor();
    expect((await sessionsIn(page)).every((id) => id.startsWith('stopped-'))).toBe(true);
    await press('Escape');

    await page.getByRole('combobox', { name: 'Add a step: none' }).focus();
    await press('Enter');
    await page.getByRole('combobox', { name: 'Search: Add a step' }).waitFor();
    await type('sear');
    await page.getByRole('option', { name: /\/plan\/search/ }).waitFor();
    await press('Enter');
    await step(4).getByText('0 sessions').waitFor();
    await step(4).getByRole('button', { name: 'Move up step 4, /plan/search' }).focus();
    await press('Enter');
    await step(3).getByRole('link', { name: '6 sessions reached step 3, /plan/search' }).waitFor();
    await step(4).getByRole('link', { name: '6 sessions reached step 4, /answer' }).waitFor();
    await page.getByText('6 sessions of 20 took all 4 steps: 30%.').waitFor();
    await page.reload();
    await page.getByText('6 sessions of 20 took all 4 steps: 30%.').waitFor();

    await step(1).getByRole('button', { name: 'Remove step 1, /classify' }).click();
    await step(1).getByRole('link', { name: '20 sessions reached step 1, /plan' }).waitFor();
    await choose(page, 'What counts as step 1', 'or below');
    await page.waitForURL((url) => url.searchParams.get('steps') === '[["/plan"],"/plan/search","/answer"]');
  });

  test('list the dearest and the slowest paths', async () => {
    const { page } = await dashboard.openPage({ path: path('paths') });
    const first = page.getByRole('table').getByRole('row').nth(1);
    await first.and(page.getByRole('row', { name: /^\/plan\/search \S+ 2 \(33%\) 6 sessions .* 6 / })).waitFor();
    await page.getByRole('button', { name: 'Slowest' }).click();
    await page.getByRole('heading', { name: 'Slowest paths' }).waitFor();
    await first.getByText('4.0 s').waitFor();
    await page.getByRole('button', { name: 'Sessions', exact: true }).click();
    await page
      .getByRole('columnheader', { name: 'Sessions', exact: true })
      .and(page.locator('[aria-sort="descending"]'))
      .waitFor();
    await page.getByRole('link', { name: '16 sessions with /answer' }).click();
    await page.getByRole('dialog').getByText('16 sessions').waitFor();
  });

  test('count numbers in paths as one, unless one wants them apart', async () => {
    const { page } = await dashboard.openPage({ path: '/patterns?name=Pages&range=7d&view=paths' });
    const rows = page.getByRole('table').getByRole('row');
    await page.getByRole('link', { name: '2 sessions with /document/{n}/page/{n}' }).waitFor();
    expect(await rows.count()).toBe(2);
    await page.getByRole('button', { name: 'Numbers and ids in paths as one' }).click();
    await page.getByRole('link', { name: '1 session with /document/2/page/3' }).waitFor();
    expect(await rows.count()).toBe(7);
    await page.getByRole('button', { name: 'Flow' }).click();
    await page.getByRole('button', { name: 'Numbers and ids in paths as one', pressed: false }).click();
    await page.waitForURL((url) => !url.searchParams.has('fold'));
    await page.getByText('/document/{n}/page/{n}').first().waitFor();
    await page.getByRole('heading', { name: 'Loops' }).waitFor();
  });

  test('say what the dearest and the failing sessions do differently, and how large that is', async () => {
    const { page, press } = await dashboard.openPage({ path: path('contrast', '&share=0.1') });
    await page.getByRole('link', { name: 'Dearest 10%: 2 sessions', exact: true }).waitFor();
    const table = page.getByRole('region', { name: /^What differs between/ });
    const row = table.getByRole('row', {
      name: /^\/plan\/search .*100% .*22% 4\.5× as often \+78 pp too few sessions/,
    });
    await row.waitFor();
    await row.getByRole('link', { name: /^Dearest 10%: 2 sessions with/ }).click();
    await page.getByRole('dialog').getByText('2 sessions').waitFor();
    expect(await sessionsIn(page)).toEqual(['searching-14', 'searching-15']);
    await press('Escape');

    await page.getByRole('button', { name: 'Failing', exact: true }).click();
    await page.getByRole('link', { name: 'Failing: 2 sessions', exact: true }).waitFor();
    await page.getByRole('button', { name: 'Models' }).click();
    await table.getByRole('row', { name: /Model gpt-4\.1 .*100%/ }).waitFor();
    await page.waitForURL(/against=failing.*kind=model/);
    await page.getByRole('row', { name: /^Errors 1 .*▲ more; too few sessions to say how much/ }).waitFor();
  });

  test('say where there is nothing to show, and whose names there are', async () => {
    const { page, press, type } = await dashboard.openPage({ path: path('flow').replace('7d', '15m') });
    await page.getByRole('heading', { name: 'No sessions here' }).waitFor();
    await page.getByRole('button', { name: 'Look at the last 90 days' }).click();
    await mark(page, /^Step 2: \/plan/).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'No sessions here' }).waitFor();
    await page.getByRole('combobox', { name: `Name of the sessions: ${NAME}` }).focus();
    await press('Enter');
    await page.getByRole('combobox', { name: 'Search: Name of the sessions' }).waitFor();
    await type('night');
    await page.getByRole('option', { name: /Nightly report 1 session/ }).waitFor();
    await press('Enter');
    await page.waitForURL(/name=Nightly\+report/);
  });

  test('say that the API does not answer, and recover', async () => {
    const opened = await dashboard.openPage({ path: path('paths') });
    const { page } = opened;
    await page.getByRole('heading', { name: 'Dearest paths' }).waitFor();
    await page.getByRole('table').waitFor();
    opened.expectProblem(/503/);
    const mend = await breakApi(page, 'failing', /\/v1\/session\/(?:flow|funnel|contrast)/);
    await page.getByRole('button', { name: 'Flow', exact: true }).click();
    await page.getByRole('alert').getByText('The store does not answer. Try again in a moment').waitFor();
    await mend();
    await page.getByRole('button', { name: 'Retry' }).click();
    await mark(page, /^Step 2: \/plan/).waitFor();
  });

  test.each(['light', 'dark'] as const)('have no problems that axe finds, in the %s theme', async (theme) => {
    const { page } = await dashboard.openPage({ path: path('flow'), theme });
    for (const [view, sign] of VIEWS) {
      await page.getByRole('button', { name: view, exact: true }).click();
      await page.getByText(sign).waitFor();
      await expectNoAxeProblems(page);
    }
    await page
      .getByRole('link', { name: /^The rest/ })
      .first()
      .click();
    await page.getByRole('dialog').getByRole('table').waitFor();
    await expectNoAxeProblems(page);
  });

  test.each([390, 2560])('fit into a window of %d px', async (width) => {
    const { page } = await dashboard.openPage({ path: path('flow'), width });
    for (const [view, sign] of VIEWS) {
      await page.getByRole('button', { name: view, exact: true }).click();
      await page.getByText(sign).waitFor();
      expect(await sidewaysScroll(page)).toEqual({ px: 0, because: [] });
    }
  });

  test('compare two groups: values of a property, times, outcomes', async () => {
    const { page } = await dashboard.openPage({ path: '/compare?range=7d' });
    await page
      .getByRole('region', { name: 'Group A' })
      .getByRole('link', { name: 'A: 23 sessions', exact: true })
      .waitFor();
    // Nothing ran in the week before.
    await page.getByRole('heading', { name: 'Group B has no sessions' }).waitFor();
    await page.getByRole('button', { name: 'Presets' }).click();
    await page.getByRole('menuitem', { name: 'release' }).click();
    await page.getByRole('link', { name: 'A: 14 sessions', exact: true }).waitFor();
    await page.getByRole('link', { name: 'B: 6 sessions', exact: true }).waitFor();
    const figures = page.getByRole('region', { name: 'Figures per session', exact: true });
    await figures.getByRole('row', { name: /^Cost .*−\d+% .*▼ cheaper, large effect/ }).waitFor();
    await figures.getByRole('row', { name: /^Errors 0 .*0\.333.*▼/ }).waitFor();
    const paths = page.getByRole('region', { name: 'Paths', exact: true });
    await paths.getByRole('row', { name: /^\/plan\/search 0% .*100%/ }).waitFor();

    await page.getByRole('button', { name: 'Swap A and B' }).click();
    await page.getByRole('link', { name: 'A: 6 sessions', exact: true }).waitFor();
    await figures.getByRole('row', { name: /^Cost .*▲ dearer, large effect/ }).waitFor();
    await page.goBack();
    await page.getByRole('link', { name: 'A: 14 sessions', exact: true }).waitFor();

    await choose(page, 'Outcome of the sessions of B', 'With errors');
    await page.getByRole('link', { name: 'B: 2 sessions', exact: true }).click();
    await page.getByRole('dialog').getByText('2 sessions').waitFor();
    expect(await sessionsIn(page)).toEqual(['searching-10', 'searching-11']);
    await expectNoAxeProblems(page);
  });

  test('compare two sessions: their figures, and their trees', async () => {
    const { page, type, press } = await dashboard.openPage({ path: '/compare?aSession=searching-12', width: 390 });
    await page.getByRole('textbox', { name: 'Id of another session for B' }).focus();
    await type('straight-3');
    await press('Enter');
    await page.waitForURL(/bSession=straight-3/);
    const figures = page.getByRole('region', { name: 'Figures', exact: true });
    await figures.getByRole('row', { name: /^Requests 5 3 \+2 \+67% ▲ more/ }).waitFor();
    const tree = page.getByRole('region', { name: 'Trees by path', exact: true });
    await tree.getByRole('row', { name: /^\/plan\/search 1 – 0 –/ }).waitFor();
    expect(await sidewaysScroll(page)).toEqual({ px: 0, because: [] });
    await expectNoAxeProblems(page);
    await page.getByRole('region', { name: 'Session A' }).getByRole('link', { name: 'searching-12' }).click();
    await page.waitForURL(/\/sessions\/searching-12/);
  });
});

/** Views, and what each says once it is there. */
const VIEWS = [
  ['Flow', 'Columns are steps in their order'],
  ['Funnel', 'took all 3 steps'],
  ['Paths', /^20 sessions, \$/],
  ['What differs', 'With its 95% interval'],
] as const;

/** A mark of the flow, by what it says. */
function mark(page: Page, name: RegExp) {
  return page.getByRole('link', { name });
}

/** Ids of the sessions in the dialog. */
async function sessionsIn(page: Page): Promise<string[]> {
  const links = page.getByRole('dialog').getByRole('row').getByRole('link');
  await links.first().waitFor();
  const texts = await links.allTextContents();
  return texts.map((text) => text.trim().split(/\s/).at(-1)!).sort();
}

/** Chooses one of a list that a button opens. */
async function choose(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: label }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}
