import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import type { Page } from 'playwright-core';
import { expectNoAxeProblems } from './support/dashboard/expect-no-axe-problems.ts';
import { sidewaysScroll } from './support/dashboard/page-width.ts';
import { playSession, playSessions, playStep } from './support/dashboard/play-session.ts';
import { DEAREST_FAILING, seedSessions } from './support/dashboard/seed-sessions.ts';
import { describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

const WEEK = '/sessions?range=7d';
const FILL_MS_MAX = 60_000;
/** A filter that can be read and that the API does not take. */
const UNKNOWN_COLUMN = { sessions_request_response_rmt: { model: { equals: 'gpt-4o' } } };

/** Rows of the list as a person finds them. */
const rows = (page: Page) =>
  page
    .getByRole('table', { name: 'Sessions', exact: true })
    .getByRole('row')
    .filter({ has: page.getByRole('rowheader') });
const names = (page: Page) => rows(page).getByRole('link').allTextContents();
const facet = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
/** Of the row that has the focus, px below the top of the list: what stands above the list comes when it comes. */
const PLACE_IN_LIST =
  '((row) => row.getBoundingClientRect().top - row.closest("table").parentElement.getBoundingClientRect().top)(document.activeElement)';
/** Keeps what is announced, however short it is there. */
const WATCH_ANNOUNCEMENTS = `
  window.announced = [];
  new MutationObserver(() => {
    for (const button of document.querySelectorAll('main button')) {
      if (/ new$/.test(button.textContent)) window.announced.push(button.textContent);
    }
  }).observe(document.body, { childList: true, subtree: true });
`;
const eventually = (check: () => Promise<void>) =>
  waitFor(async () => {
    await check();
    return true;
  });

describeWithChromium('the list of sessions', () => {
  const dashboard = useDashboard();

  test('without any session, knows so from what the frame has asked', async () => {
    let asked = 0;
    const { page } = await dashboard.openPage({
      // Nothing but the first call is answered.
      prepare: (opened) =>
        opened.route(/\/v1\/session\/has-session$/, (route) => (++asked > 1 ? undefined : route.continue())),
    });
    await page.getByRole('heading', { name: /No sessions yet/ }).waitFor();
  });

  test('without any session, shows what makes the first one, and its row comes by itself', async () => {
    const { page } = await dashboard.openPage();
    await page.getByRole('heading', { name: /No sessions yet/ }).waitFor();
    const snippet = page.getByRole('region', { name: 'Snippet' });
    for (const language of ['Node.js', 'Python', 'curl']) {
      await page.getByRole('button', { name: language }).click();
      const text = await snippet.textContent();
      expect(text).toContain(dashboard.url);
      expect(text).toContain(dashboard.key);
    }
    await page.getByRole('button', { name: 'Copy the snippet' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('Helicone-Session-Id: my-first-session');
    await expectNoAxeProblems(page);

    const first = { id: 'my-first-session', name: 'hello' };
    const step = { path: '/greeting', ask: 'Say hello.' };
    const row = rows(page).filter({ has: page.getByRole('link', { name: 'hello' }) });
    let isHeld = false;
    await page.route('**/v1/session/query', async (route) => {
      const response = await route.fetch();
      const { data } = (await response.json()) as { data: readonly unknown[] };
      if (!isHeld && data.length > 0) {
        isHeld = true;
        await row.waitFor();
      }
      await route.fulfill({ response });
    });
    await page.evaluate(WATCH_ANNOUNCEMENTS);
    await playSession(dashboard.instance, { ...first, stages: [[step]] });
    await row.waitFor();
    // It is shown, so it is not announced, also where what told of it is read after it.
    await playStep(dashboard.instance, first, step);
    await eventually(async () => expect(await row.getByRole('cell').nth(4).textContent()).toBe('2'));
    expect(await page.evaluate('window.announced')).toEqual([]);
  });

  describe('with the sessions of some days', () => {
    beforeAll(() => playSessions(dashboard.instance, seedSessions(Date.now())), FILL_MS_MAX);

    test('a row says how its session went', async () => {
      const { page } = await dashboard.openPage({ path: WEEK, width: 2560 });
      const row = rows(page).filter({ hasText: DEAREST_FAILING.id });
      await row.waitFor();
      const heads = await page.getByRole('columnheader').allTextContents();
      const cells = await row.getByRole('cell').allTextContents();
      const said = Object.fromEntries(heads.slice(1).map((head, at) => [head, cells[at]]));
      expect(said).toMatchObject({ Requests: '3', Errors: '1', Success: '67%', Failed: '33%', Users: 'finance-bot' });
      expect(said.Cost).toMatch(/^\$0\.0\d+$/);
      expect(said.Models).toContain('+2');
      expect(await row.getByRole('rowheader').textContent()).toContain('live');
      expect(await row.locator('time').first().getAttribute('title')).toMatch(/UTC/);
      await row.getByRole('button', { name: `Copy id ${DEAREST_FAILING.id}` }).click();
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(DEAREST_FAILING.id);
    });

    test('facets say how many there are, and narrow the list together; the address opens the same picture', async () => {
      const { page } = await dashboard.openPage({ path: WEEK });
      await facet(page, 'Tag').getByRole('checkbox', { name: /gold/ }).check();
      await page.getByRole('button', { name: 'Remove: Tag is gold' }).waitFor();
      await page.getByRole('button', { name: 'environment', exact: true }).click();
      await facet(page, 'environment')
        .getByRole('checkbox', { name: /production/ })
        .check();
      await facet(page, 'Name')
        .getByRole('checkbox', { name: /Support ticket/ })
        .check();
      await eventually(async () => expect(new Set(await names(page))).toEqual(new Set(['Support ticket'])));
      const label = await facet(page, 'Name').locator('label', { hasText: 'Support ticket' }).textContent();
      const shown = await names(page);
      expect(label).toBe(`Support ticket${shown.length}`);

      const again = (await dashboard.openPage({ path: page.url().slice(dashboard.url.length) })).page;
      await eventually(async () => expect(await names(again)).toEqual(shown));
      expect(await facet(again, 'Tag').getByRole('checkbox', { name: /gold/ }).isChecked()).toBe(true);
      // A second value of the same facet is one more, not one less.
      await facet(again, 'Name')
        .getByRole('checkbox', { name: /Research agent/ })
        .check();
      await eventually(async () => expect(await names(again)).toContain('Research agent'));
      await again.getByRole('button', { name: 'Clear filter and search' }).first().click();
      await eventually(async () => expect(await names(again)).toContain('Invoice batch'));
    });

    test('those without a name or a tag are as many as the facet says', async () => {
      const { page } = await dashboard.openPage({ path: WEEK });
      for (const name of ['Name', 'Tag']) {
        const none = facet(page, name).locator('label', { hasText: 'none' });
        const [, said] = /none(\d+)$/.exec((await none.textContent())!)!;
        await none.getByRole('checkbox').check();
        await page.getByRole('button', { name: /^Remove: .* is empty$/ }).waitFor();
        await page.getByText(`${said} ${said === '1' ? 'session' : 'sessions'}: that is all`).waitFor();
        await page.getByRole('button', { name: `Clear ${name}` }).click();
      }
    });

    test('ranges narrow by figures, and the highest twentieth is one click', async () => {
      const { page } = await dashboard.openPage({ path: WEEK });
      const requests = facet(page, 'Requests');
      await requests.getByRole('textbox', { name: 'Requests, from' }).fill('6');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Remove: Requests ≥ 6' }).waitFor();
      await eventually(async () =>
        expect(new Set(await names(page))).toEqual(new Set(['Nightly report', 'Research agent'])),
      );
      await requests.getByRole('button', { name: 'Clear Requests' }).click();
      await page.getByRole('button', { name: 'Cost: highest 5%' }).click();
      await eventually(async () => expect((await names(page)).length).toBeLessThan(5));
    });

    test('the filter editor builds nested filters, shows them as JSON, and reads JSON back', async () => {
      const opened = await dashboard.openPage({ path: WEEK });
      const { page } = opened;
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Filter' });
      await dialog.getByRole('button', { name: 'Condition', exact: true }).click();
      await dialog.getByRole('combobox', { name: 'Column' }).selectOption({ label: 'Errors' });
      await dialog.getByRole('textbox', { name: 'Value' }).fill('1');
      await dialog.getByRole('button', { name: 'Group' }).click();
      await dialog.getByRole('combobox', { name: 'Column' }).nth(1).selectOption({ label: 'Property' });
      await dialog.getByRole('textbox', { name: 'Name of the property' }).fill('team');
      await dialog.getByRole('textbox', { name: 'Value' }).nth(1).fill('finance');
      await expectNoAxeProblems(page);
      await dialog.getByRole('button', { name: 'Copy JSON of the filter' }).click();
      const tree = {
        left: { sessions_request_response_rmt: { session_error_count: { gte: 1 } } },
        operator: 'and',
        right: { request_response_rmt: { properties: { team: { equals: 'finance' } } } },
      };
      expect(JSON.parse(String(await page.evaluate('navigator.clipboard.readText()')))).toEqual(tree);
      await dialog.getByRole('button', { name: 'Apply' }).click();
      await eventually(async () => expect(new Set(await names(page))).toEqual(new Set(['Invoice batch'])));

      await page.getByRole('button', { name: 'Filter: 2 conditions' }).click();
      await dialog.getByRole('button', { name: 'JSON', exact: true }).click();
      const json = dialog.getByRole('textbox', { name: 'Filter as JSON' });
      await json.fill('{"sessions_request_response_rmt": {"session_tag": {"sounds-like": "gold"}}}');
      await dialog.getByText(/session_tag takes equals/).waitFor();
      expect(await dialog.getByRole('button', { name: 'Apply' }).isDisabled()).toBe(true);
      // What only the API knows to be wrong is said before it is applied.
      opened.expectProblem(/4\d\d/);
      await json.fill(JSON.stringify(UNKNOWN_COLUMN));
      await dialog.getByRole('button', { name: 'Apply' }).click();
      await dialog.getByRole('alert').getByText(/model/).waitFor();
      await json.fill('{"sessions_request_response_rmt": {"session_tag": {"equals": "gold"}}}');
      expect(await dialog.getByRole('alert').count()).toBe(0);
      await dialog.getByRole('button', { name: 'Apply' }).click();
      await page.getByRole('button', { name: 'Remove: Tag is gold' }).waitFor();

      // An address may have it all the same: then no figure of another selection stands beside the refusal.
      await page.evaluate(
        `history.pushState({}, '', '/sessions?range=7d&filter=' + encodeURIComponent(${JSON.stringify(JSON.stringify(UNKNOWN_COLUMN))}))`,
      );
      await page.evaluate('window.dispatchEvent(new PopStateEvent("popstate"))');
      await page.getByRole('alert').getByText('The sessions could not be read').waitFor();
      await page.getByText('Counted once the sessions can be read.').waitFor();
      expect(await page.getByRole('region', { name: 'Totals of the selection' }).count()).toBe(0);
      expect(await page.getByRole('figure').count()).toBe(0);
      expect(await facet(page, 'Name').count()).toBe(0);
    });

    test('an address whose filter cannot be read says so, and leads on', async () => {
      const { page } = await dashboard.openPage({ path: '/sessions?filter=%7B' });
      await page.getByRole('alert').filter({ hasText: 'no JSON' }).waitFor();
      await page.getByRole('button', { name: 'Show without the filter' }).click();
      await rows(page).first().waitFor();
    });

    test('`/` searches ids and names; bodies when asked, and their hits open with what was found', async () => {
      const opened = await dashboard.openPage({ path: WEEK });
      const { page } = opened;
      await rows(page).first().waitFor();
      await opened.press('/');
      await opened.type('invoice-2026-07');
      await eventually(async () => expect(await names(page)).toEqual(['Invoice batch']));
      expect(page.url()).toContain('search=invoice-2026-07');

      await page.getByRole('combobox', { name: 'Where to search' }).selectOption({ label: 'Bodies (slower)' });
      await page.getByRole('searchbox').fill('tides moon sun');
      await page.keyboard.press('Enter');
      await eventually(async () => expect(await names(page)).toEqual(['Research agent']));
      await rows(page).getByRole('link').click();
      await page.waitForURL(/\/sessions\/research-kinds\?find=tides/);

      await page.getByText(/^1 request contains “tides moon sun”/).waitFor();
      await page.waitForURL(/request=/);
      const panel = page.getByRole('complementary', { name: 'Request' });
      expect(await panel.locator('mark').first().textContent()).toBe('tides moon sun');
      const marked = page
        .getByRole('row')
        .filter({ has: page.getByRole('img', { name: 'Contains what is looked for' }) });
      expect(await marked.getAttribute('aria-selected')).toBe('true');
      await opened.press('Escape');
      await panel.waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Request after it that contains it' }).click();
      await panel.waitFor();
      await page.getByRole('button', { name: 'Look for nothing' }).click();
      await marked.waitFor({ state: 'detached' });
    });

    test('a click on a head sorts, the address says so, and Back undoes it', async () => {
      const { page } = await dashboard.openPage({ path: WEEK });
      await rows(page).first().waitFor();
      const first = await names(page);
      await page.getByRole('button', { name: 'Cost', exact: true }).click();
      await page.waitForURL(/sort=total_cost\.desc/);
      await rows(page).first().filter({ hasText: 'invoice-2026-05' }).waitFor();
      expect(await page.getByRole('columnheader', { name: 'Cost' }).getAttribute('aria-sort')).toBe('descending');
      await page.getByRole('button', { name: 'Cost', exact: true }).click();
      await page.waitForURL(/sort=total_cost\.asc/);
      await page.goBack();
      await page.goBack();
      await eventually(async () => expect(await names(page)).toEqual(first));
    });

    test('totals and charts are of the selection, charts have tables, and dragging over one sets the range', async () => {
      const { page } = await dashboard.openPage({ path: WEEK });
      const totals = page.getByRole('region', { name: 'Totals of the selection' });
      const { body } = await dashboard.instance.api.call('POST', '/v1/session/count', {
        search: '',
        timeFilter: { startTimeUnixMs: Date.now() - 7 * 86_400_000, endTimeUnixMs: Date.now() + 60_000 },
        timezoneDifference: 0,
        filter: 'all',
      });
      const { count } = (body as { data: { count: number } }).data;
      await totals.getByText(String(count), { exact: true }).waitFor();
      await page.getByRole('button', { name: /^Errors .* as a table$/ }).click();
      const table = page.getByRole('region', { name: /^Errors .*, table$/ });
      const errors = await table.getByRole('row').locator('td:last-child').allTextContents();
      expect(errors.map(Number).reduce((sum, value) => sum + value, 0)).toBeGreaterThan(3);

      const chart = page.getByRole('img', { name: /^Sessions per/ });
      const box = (await chart.boundingBox())!;
      const at = (share: number) => [box.x + 60 + (box.width - 70) * share, box.y + 30] as const;
      await page.mouse.move(...at(0.5));
      await page.mouse.down();
      await page.mouse.move(...at(0.7));
      await page.mouse.up();
      await page.waitForURL(/range=\d+(~|%7E)\d+/);
    });

    test('arrow keys go over a chart, select intervals of it, and Enter makes them the range', async () => {
      const { page, press } = await dashboard.openPage({ path: WEEK });
      const chart = page.getByRole('slider', { name: /^Sessions per/ });
      const said = () => chart.getAttribute('aria-valuetext');
      const sessionsThere = async () => Number(/Sessions (\d+)$/.exec((await said())!)![1]);
      await chart.focus();
      const last = Number(await chart.getAttribute('aria-valuemax'));
      const there = await sessionsThere();
      await page
        .getByRole('figure', { name: /^Sessions per/ })
        .getByText(`Sessions ${there}`)
        .waitFor();
      await press('Home');
      expect(await chart.getAttribute('aria-valuenow')).toBe('0');
      await press('End', 'Shift+ArrowLeft', 'Shift+ArrowLeft');
      expect(await said()).toMatch(/^Selected: .* to .*, 3 intervals\. .*Sessions \d+$/);
      await expectNoAxeProblems(page);
      await press('Escape');
      expect(await said()).not.toContain('Selected');
      expect(await chart.getAttribute('aria-valuenow')).toBe(String(last - 2));
      expect(page.url()).toContain('range=7d');

      await press('End');
      const shown = [await sessionsThere()];
      await press('ArrowLeft');
      shown.push(await sessionsThere());
      await press('Shift+ArrowRight', 'Enter');
      await page.waitForURL(/range=\d+(~|%7E)\d+/);
      await page
        .getByRole('status')
        .getByText(/^Range: /)
        .waitFor();
      // Those that take place now, in whichever of the two.
      const sum = shown.reduce((both, one) => both + one);
      expect(sum).toBeGreaterThan(3);
      await eventually(async () => expect(await names(page)).toHaveLength(sum));
      // It is still the chart that has the focus: a second range within the first is a few keys away.
      expect(await chart.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
      await page.goBack();
      await page.waitForURL(/range=7d/);
    });

    test('columns are hidden and moved; the browser and the address remember them', async () => {
      const { page, context } = await dashboard.openPage({ path: WEEK });
      await page.getByRole('button', { name: 'Columns' }).click();
      const picker = page.getByRole('dialog', { name: 'Columns' });
      await picker.getByRole('checkbox', { name: 'Id', exact: true }).uncheck();
      await picker.getByRole('button', { name: 'Move Last activity up' }).click();
      await page.keyboard.press('Escape');
      const heads = async (one: Page) => (await one.getByRole('columnheader').allTextContents()).slice(0, 4);
      const chosen = ['Name', 'Last activity', 'Started', 'Duration'];
      await eventually(async () => expect(await heads(page)).toEqual(chosen));
      expect(page.url()).toContain('cols=name');
      const another = await context.newPage();
      await another.goto('/sessions');
      await eventually(async () => expect(await heads(another)).toEqual(chosen));
      await another.waitForURL(/cols=name/);
    });

    test('two sessions that are selected are compared', async () => {
      const opened = await dashboard.openPage({ path: WEEK });
      const { page } = opened;
      await rows(page).first().waitFor();
      await opened.press('j', 'x', 'j', 'j', 'x');
      await page.getByText('Two selected').waitFor();
      await page.getByRole('button', { name: 'Compare' }).click();
      await page.waitForURL(/\/compare\?aSession=[^&]+&bSession=[^&]+/);
    });

    test('today’s dearest failing session and its failing step are four keys away', async () => {
      const opened = await dashboard.openPage();
      const { page } = opened;
      await rows(page).first().waitFor();
      await opened.press('f');
      // As a person does, who looks at what has the focus.
      await eventually(async () =>
        expect(await page.evaluate('document.activeElement.textContent')).toBe('Failing, dearest first'),
      );
      await opened.press('Enter');
      await rows(page).first().filter({ hasText: DEAREST_FAILING.id }).waitFor();
      await eventually(async () =>
        expect(new Set(await names(page))).toEqual(new Set(['Invoice batch', 'Support ticket'])),
      );
      await opened.press('j');
      await eventually(async () =>
        expect(await page.evaluate('document.activeElement.textContent')).toBe(DEAREST_FAILING.name),
      );
      await opened.press('Enter');
      await page.waitForURL(new RegExp(`/sessions/${DEAREST_FAILING.id}\\?focus=error`));
    });

    test('new sessions are announced and not pushed under the reader; values of shown ones tick in place', async () => {
      const { page } = await dashboard.openPage({ path: WEEK });
      const ticking = { id: 'ticking', name: 'Ticking' };
      const step = { path: '/tick', ask: 'Tick.' };
      await playSessions(dashboard.instance, [{ ...ticking, stages: [[step]] }]);
      await rows(page).first().waitFor();
      await page.getByRole('button', { name: 'Read again' }).click();
      const row = rows(page).filter({ hasText: 'Ticking' });
      await row.waitFor();
      const before = await names(page);
      const cell = row.getByRole('cell').nth(4);
      expect(await cell.textContent()).toBe('1');
      await playStep(dashboard.instance, ticking, step);
      await eventually(async () => expect(await cell.textContent()).toBe('2'));
      await playSessions(dashboard.instance, [{ id: 'newcomer', name: 'Newcomer', stages: [[step]] }]);
      const announced = page.getByRole('button', { name: '1 new' });
      await announced.waitFor();
      expect(await names(page)).toEqual(before);
      await announced.click();
      await eventually(async () => expect((await names(page))[0]).toBe('Newcomer'));
    });

    test('coming back finds the list where one left it', async () => {
      const opened = await dashboard.openPage({ path: WEEK, height: 640 });
      const { page } = opened;
      await rows(page).first().waitFor();
      await opened.press(...Array.from({ length: 25 }, () => 'j'));
      const focused = () => page.evaluate('document.activeElement.getAttribute("href")');
      const place = () => page.evaluate(PLACE_IN_LIST);
      const row = () => page.evaluate('document.activeElement.closest("tr")?.getAttribute("aria-rowindex")');
      await eventually(async () => expect(await row()).toBe('26'));
      const [link, top] = [await focused(), await place()];
      await opened.press('Enter');
      await page.waitForURL(new RegExp(String(link).split('?')[0]!));
      await page.goBack();
      await eventually(async () => expect([await focused(), await place()]).toEqual([link, top]));
    });

    test('Escape leads from a session to the list as one left it; from one that was opened directly, to all', async () => {
      const opened = await dashboard.openPage({ path: `${WEEK}&sort=total_cost.desc`, height: 640 });
      const { page } = opened;
      await rows(page).first().waitFor();
      await opened.press(...Array.from({ length: 25 }, () => 'j'));
      const row = () => page.evaluate('document.activeElement.closest("tr")?.getAttribute("aria-rowindex")');
      const place = () => page.evaluate(PLACE_IN_LIST);
      await eventually(async () => expect(await row()).toBe('26'));
      const [url, top] = [page.url(), await place()];
      await opened.press('Enter');
      await page.waitForURL(/\/sessions\/./);
      const direct = page.url().replace(/\?.*/, '');
      await page.getByRole('treegrid').waitFor();
      await opened.press('l');
      await page.getByRole('application').waitFor();
      if (page.url().includes('request=')) await opened.press('Escape');
      await opened.press('Escape');
      await page.waitForURL(url);
      // What stands above the list may have had another height meanwhile: it is less than a row.
      await eventually(async () => {
        expect(await row()).toBe('26');
        expect(Math.abs(Number(await place()) - Number(top))).toBeLessThan(32);
      });

      await page.goto(direct);
      await page.getByRole('treegrid').waitFor();
      await opened.press('Escape');
      await page.waitForURL(`${dashboard.url}/sessions`);
    });

    test('a session whose id stands for something else in addresses is in the list, without a page, and says why', async () => {
      const stages = [[{ path: '/out' }]];
      await playSessions(dashboard.instance, [
        { id: '..', name: 'Dots', stages },
        { id: 'has-session', name: 'Word', stages },
      ]);
      const { page, press } = await dashboard.openPage({ path: WEEK });
      for (const name of ['Dots', 'Word']) {
        const link = rows(page).getByRole('link', { name });
        expect(await link.getAttribute('title')).toContain('nothing can be asked');
        await link.click({ force: true });
        await press('Enter');
      }
      expect(page.url()).toBe(dashboard.url + WEEK);
      await page.goto('/sessions/has-session');
      await page.getByText('A session with this id cannot be opened').waitFor();
      await press('Escape');
      await page.waitForURL(`${dashboard.url}/sessions`);
    });

    test('the selection is exported with progress, and an export can be cancelled', async () => {
      const { page } = await dashboard.openPage({ path: `${WEEK}&search=ticket`, height: 1600 });
      const shown = await rows(page)
        .first()
        .waitFor()
        .then(() => names(page));
      await page.getByRole('button', { name: 'Export the selection' }).click();
      const dialog = page.getByRole('dialog', { name: 'Export the selection' });
      for (const [format, read] of [
        ['CSV', (text: string) => text.trim().split('\r\n').length - 1],
        [
          'JSON lines',
          (text: string) =>
            text
              .trim()
              .split('\n')
              .map((line) => JSON.parse(line)).length,
        ],
        ['Parquet', (text: string) => (text.startsWith('PAR1') ? shown.length : 0)],
      ] as const) {
        await dialog.getByRole('button', { name: format }).click();
        const saved = page.waitForEvent('download');
        await dialog.getByRole('button', { name: 'Export', exact: true }).click();
        expect(read(readFileSync((await (await saved).path())!, 'latin1'))).toBe(shown.length);
      }
      await dialog.getByText(/^Saved/).waitFor();

      let goOn = () => {};
      const held = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      await page.route('**/v1/session/export', async (route) => {
        await held;
        await route.abort().catch(() => {});
      });
      await dialog.getByRole('button', { name: 'Export', exact: true }).click();
      await dialog.getByRole('progressbar').waitFor();
      await dialog.getByRole('button', { name: 'Cancel the export' }).click();
      await dialog.getByText('All columns, without bodies.').waitFor();
      goOn();
    });

    test('what is shown is kept as a view, which is renamed, opened and deleted', async () => {
      const { page } = await dashboard.openPage({ path: '/sessions?range=7d&sort=total_cost.desc' });
      await rows(page).first().waitFor();
      const views = page.getByRole('button', { name: 'Views' });
      await views.click();
      await page.getByRole('menuitem', { name: 'Save and arrange…' }).click();
      const dialog = page.getByRole('dialog', { name: 'Saved views' });
      await dialog.getByRole('textbox', { name: 'Name of the view' }).fill('Dearest');
      await dialog.getByRole('button', { name: 'Save view' }).click();
      const name = dialog.getByRole('textbox', { name: 'Name of Dearest' });
      await name.fill('Dearest of the week');
      await page.keyboard.press('Enter');
      await dialog.getByRole('button', { name: 'Delete Dearest of the week' }).waitFor();
      await expectNoAxeProblems(page);
      await dialog.getByRole('button', { name: 'Done' }).click();

      const other = (await dashboard.openPage({ path: '/sessions' })).page;
      await other.getByRole('button', { name: 'Views' }).click();
      await other.getByRole('menuitem', { name: 'Dearest of the week' }).click();
      await other.waitForURL(/range=7d&sort=total_cost\.desc/);
      await other.getByRole('button', { name: 'Dearest of the week' }).click();
      await other.getByRole('menuitem', { name: 'Save and arrange…' }).click();
      await other.getByRole('button', { name: 'Delete Dearest of the week' }).click();
      await eventually(async () =>
        expect(await other.getByRole('button', { name: 'Delete Dearest of the week' }).count()).toBe(0),
      );
    });

    test('a query that takes long says so and can be cancelled; one that fails says why, and is tried again', async () => {
      const opened = await dashboard.openPage({
        path: WEEK,
        prepare: (page) => page.route('**/v1/session/query', () => {}),
      });
      const { page } = opened;
      await page.getByText(/Running query, \d s/).waitFor();
      await page.getByRole('button', { name: 'Cancel', exact: true }).click();
      await page.getByRole('heading', { name: 'The query was cancelled' }).waitFor();
      await page.unroute('**/v1/session/query');
      const refusal = { status: 400, json: { data: null, error: 'The engine is at rest' } };
      await page.route('**/v1/session/query', (route) => route.fulfill(refusal));
      opened.expectProblem(/400/);
      await page.getByRole('button', { name: 'Run it again' }).click();
      await page.getByRole('alert').filter({ hasText: 'The engine is at rest' }).waitFor();
      await page.unroute('**/v1/session/query');
      await page.getByRole('button', { name: 'Retry' }).click();
      await rows(page).first().waitFor();
    });

    test('properties stand below the ranges, few of them until more are asked for, and are found by typing', async () => {
      const keys = Array.from({ length: 40 }, (_, at) => `key-${String(at).padStart(2, '0')}`);
      await playSession(dashboard.instance, {
        id: 'many-properties',
        name: 'Many properties',
        properties: Object.fromEntries(keys.map((key) => [key, 'yes'])),
        stages: [[{ path: '/all' }]],
      });
      const { page } = await dashboard.openPage({ path: WEEK });
      const properties = facet(page, 'Properties');
      const shown = properties.getByRole('button', { expanded: false });
      const more = properties.getByRole('button', { name: /^More of \d+/ });
      await more.waitFor();
      expect(await shown.count()).toBe(8);
      const [ranges, below] = [await facet(page, 'Errors').boundingBox(), await properties.boundingBox()];
      expect(ranges!.y).toBeLessThan(below!.y);
      await more.click();
      await eventually(async () => expect(await shown.count()).toBeGreaterThanOrEqual(40));
      await properties.getByRole('textbox', { name: 'Find a property' }).fill('key-3');
      await eventually(async () => expect(await shown.count()).toBe(10));
      await properties.getByRole('button', { name: 'key-37' }).click();
      await facet(page, 'key-37').getByRole('checkbox', { name: /yes/ }).check();
      await eventually(async () => expect(await names(page)).toEqual(['Many properties']));
    });

    test.each([
      [390, 'light'],
      [1280, 'dark'],
      [2560, 'light'],
    ] as const)('at %i px, in the %s theme, it has no problems that axe finds, and fits', async (width, theme) => {
      const { page } = await dashboard.openPage({ path: WEEK, width, theme });
      await rows(page).first().waitFor();
      await page.getByRole('region', { name: 'Totals of the selection' }).getByText(/%$/).first().waitFor();
      await expectNoAxeProblems(page);
      expect(await sidewaysScroll(page)).toMatchObject({ px: 0 });
      if (width > 1100) return;
      await page.getByRole('button', { name: 'Facets' }).click();
      await page.getByRole('dialog', { name: 'Facets' }).getByRole('checkbox', { name: /gold/ }).waitFor();
      await expectNoAxeProblems(page);
    });
  });
});
