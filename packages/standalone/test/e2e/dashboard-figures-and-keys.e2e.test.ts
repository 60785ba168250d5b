import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import type { Locator, Page } from 'playwright-core';
import { breakApi } from './support/dashboard/break-api.ts';
import { expectNoAxeProblems } from './support/dashboard/expect-no-axe-problems.ts';
import { sidewaysScroll } from './support/dashboard/page-width.ts';
import { playSessions } from './support/dashboard/play-session.ts';
import type { SeedSession } from './support/dashboard/seed-session.ts';
import { type Dashboard, describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

const DAY_MS = 86_400_000;
/** An id that does what ids can: turn text round, hide in it, need encoding in paths. */
const HOSTILE = 'eve/\u202e\u001b[31m?#%';

/** Two names, two users; one step of nineteen fails. */
function seeds(nowMs: number): SeedSession[] {
  const invoice = (id: string, steps: number, daysAgo: number): SeedSession => ({
    id,
    name: 'Invoice batch',
    user: 'ada@example.com',
    atMs: nowMs - daysAgo * DAY_MS,
    stages: Array.from({ length: steps }, (_, at) => [{ path: `/invoice/${at}`, model: 'gpt-4.1', words: 50 }]),
  });
  const shared = (user: string, path: string): SeedSession => ({
    id: 'shared',
    name: 'Support ticket',
    user,
    stages: [[{ path, by: 'anthropic', model: 'claude-haiku-4-5' }]],
  });
  return [
    invoice('invoice-1', 1, 0.1),
    invoice('invoice-2', 3, 0.2),
    invoice('invoice-3', 3, 2),
    invoice('invoice-4', 8, 4),
    shared('grace@example.com', '/triage'),
    shared('ada@example.com', '/answer'),
    {
      id: 'ticket-1',
      name: 'Support ticket',
      user: 'grace@example.com',
      stages: [[{ path: '/triage' }], [{ path: '/answer', status: 500 }]],
    },
  ];
}

/** A call whose user's id no header could carry. */
async function logHostile({ url, key, instance }: Dashboard): Promise<void> {
  const response = await fetch(`${url}/custom/v1/log`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'Helicone-Session-Id': 'hostile', 'Helicone-Session-Name': 'Odd' },
    body: JSON.stringify({
      providerRequest: { url: 'custom-model-nopath', json: { model: 'x' }, meta: { 'Helicone-User-Id': HOSTILE } },
      providerResponse: { json: {}, status: 200 },
    }),
  });
  expect(response.status).toBe(200);
  await waitFor(async () => (await instance.api.sessions()).some(({ session_id: id }) => id === 'hostile'), {
    what: 'the session of the odd user',
  });
}

/** A key of that kind, made as anybody would. */
async function makeKey({ instance }: Dashboard, permissions: string): Promise<string> {
  const body = { api_key_name: `may ${permissions}`, key_permissions: permissions };
  const { body: answer } = await instance.api.call('POST', '/v1/api-keys', body);
  return (answer as { apiKey: string }).apiKey;
}

/** Key figures of a part of a page by their labels, each with the note below it. */
async function figuresIn(part: Locator): Promise<ReadonlyMap<string, string>> {
  const stats = part.locator('dl').first();
  await stats.waitFor();
  const values = await stats.getByRole('definition').allInnerTexts();
  return new Map(
    (await stats.getByRole('term').allTextContents()).map((name, at) => [name, values[at]!.replace('\n', ', ')]),
  );
}

/** What stands in a row of a table, cell by cell. */
async function cells(page: Page, table: string, row: string | RegExp): Promise<string[]> {
  const found = page.getByRole('region', { name: table }).getByRole('row', { name: row });
  await found.waitFor();
  return (await found.getByRole('cell').allInnerTexts()).map((text) => text.trim());
}

describeWithChromium('figures, the system and keys in the dashboard', () => {
  const dashboard = useDashboard(async (one) => {
    await playSessions(one.instance, seeds(Date.now()));
    await logHostile(one);
  });

  test('metrics add up, and a bar leads to the sessions that it counts', async () => {
    const { page, press } = await dashboard.openPage({ path: '/metrics?range=7d&cut=p99.9' });
    const section = page.getByRole('region', { name: 'Per session' });
    await section.getByText('of requests failed').waitFor();
    const figures = await figuresIn(section);
    expect(figures.get('Sessions')).toBe('7');
    expect(figures.get('Requests')).toMatch(/^20,/);
    expect(figures.get('Success rate')).toBe('95%, 5.0% of requests failed');

    // Without what lies above the quantile: the session of eight steps.
    const byRequests = page.getByRole('figure', { name: 'Sessions by requests' });
    await byRequests.getByRole('link', { name: /^3\s*:\s*2\s+sessions$/ }).waitFor();
    await byRequests.getByRole('button', { name: /as a table/ }).click();
    expect(await byRequests.getByRole('cell').allInnerTexts()).toEqual(['1', '2', '2', '2', '3', '2']);
    await byRequests.getByRole('button', { name: /as a table/ }).click();

    await byRequests.getByRole('link', { name: /^3\s*:\s*2\s+sessions$/ }).focus();
    await press('Enter');
    await page.waitForURL(/\/sessions\?/);
    const search = new URL(page.url()).searchParams;
    expect(search.get('range')).toBe('7d');
    expect(await listed(dashboard, search.get('filter')!)).toEqual(['invoice-2', 'invoice-3']);
  });

  test('an interval of a chart leads to its sessions by keyboard as by a click', async () => {
    const { page, press } = await dashboard.openPage({ path: '/metrics?range=7d' });
    const chart = page.getByRole('slider', { name: /^Requests per/ });
    const cost = page.getByRole('figure', { name: /^Cost per/ });
    await cost.getByRole('button', { name: /as a table/ }).click();
    const third = await cost.getByRole('row').nth(3).getByRole('cell').first().textContent();
    await chart.focus();
    await press('Home', 'ArrowRight', 'ArrowRight');
    expect(await chart.getAttribute('aria-valuetext')).toContain(`${third}, All `);
    await press('Enter');
    await page.waitForURL(/\/sessions\?range=\d+(~|%7E)\d+/);
  });

  test('bars by cost and duration lead to as many sessions as they say', async () => {
    const { page } = await dashboard.openPage({ path: '/metrics?range=7d' });
    for (const title of ['Sessions by cost, USD', 'Sessions by time from the first to the last request']) {
      const bars = page.getByRole('figure', { name: title }).getByRole('link');
      await bars.first().waitFor();
      for (const bar of await bars.all()) {
        const counted = Number(/: (\d+) sessions?$/.exec((await bar.textContent())!)![1]);
        const filter = new URL((await bar.getAttribute('href'))!, dashboard.url).searchParams.get('filter')!;
        expect(await listed(dashboard, filter)).toHaveLength(counted);
      }
    }
  });

  test('a name is chosen by typing some of it, and everything is about its sessions', async () => {
    const { page, press, type } = await dashboard.openPage({ path: '/metrics?range=7d' });
    await page.getByRole('combobox', { name: /^Session name/ }).click();
    await type('invo');
    await page.getByRole('option', { name: /Invoice batch/ }).waitFor();
    await press('Enter');
    await page.waitForURL(/name=Invoice/);
    await page.getByText('0% of requests failed').waitFor();
    const users = page.getByRole('region', { name: 'Users who cost most' }).last();
    await waitFor(async () => (await users.getByRole('row').count()) === 2, { what: 'one user and the head' });
    expect(await users.getByRole('row').last().textContent()).toContain('ada@example.com');
  });

  test('lines are told apart by model, with a table behind each, and lead to the sessions of one', async () => {
    const { page } = await dashboard.openPage({ path: '/metrics?range=7d' });
    await page.getByRole('button', { name: 'By model' }).click();
    await page.waitForURL(/by=model/);
    const lines = page.getByRole('list', { name: /Lines of the charts/ });
    await lines.getByRole('link', { name: 'claude-haiku-4-5' }).waitFor();
    const href = await lines.getByRole('link', { name: 'claude-haiku-4-5' }).getAttribute('href');
    expect(await listed(dashboard, new URL(href!, dashboard.url).searchParams.get('filter')!)).toEqual(['shared']);
    const requests = page.getByRole('figure', { name: /^Requests per/ });
    await requests.getByRole('button', { name: /as a table/ }).click();
    const columns = await requests.getByRole('columnheader').allInnerTexts();
    expect(columns).toEqual(['From', ...(await lines.getByRole('link').allInnerTexts())]);
    const rows = await requests.getByRole('row').allInnerTexts();
    const sums = rows.slice(1).map((row) =>
      row
        .split('\t')
        .slice(1)
        .reduce((sum, cell) => sum + Number(cell), 0),
    );
    expect(sums.reduce((sum, one) => sum + one, 0)).toBe(20);
    await page.getByRole('figure', { name: /^Percentiles of latency/ }).waitFor();
  });

  test('users are sorted by a click on a head, searched, and opened', async () => {
    const { page, press, type } = await dashboard.openPage({ path: '/users' });
    await page.getByRole('link', { name: 'ada@example.com' }).waitFor();
    await page.getByRole('button', { name: 'Errors' }).click();
    await page.waitForURL(/sort=-total_errors/);
    await waitFor(
      async () =>
        (
          await page
            .getByRole('link', { name: /@example\.com/ })
            .first()
            .textContent()
        )?.startsWith('grace') ?? false,
      {
        what: 'who has errors, first',
      },
    );
    expect((await cells(page, 'Users', /grace/)).slice(2, 6)).toEqual(['3', '1', '67%', '2']);
    await press('/');
    await type('ADA');
    await page.waitForURL(/search=ADA/);
    await waitFor(async () => (await page.getByRole('link', { name: /@example\.com/ }).count()) === 1, {
      what: 'ada alone',
    });
    await page.getByRole('link', { name: 'ada@example.com' }).click();
    await page.getByRole('heading', { level: 1, name: 'ada@example.com' }).waitFor();
  });

  test("a user's page says what they did, when, with which models, in which sessions", async () => {
    const { page } = await dashboard.openPage({ path: '/users/ada%40example.com?range=7d' });
    await page.getByText('of 7').waitFor();
    const figures = await figuresIn(page.getByRole('main'));
    expect(figures.get('Sessions')).toBe('5');
    expect(figures.get('Requests')).toMatch(/^16,/);
    expect(figures.get('Errors')).toBe('0, 100% succeeded');
    expect(figures.get('Active days')).toMatch(/^[34], of 7$/);
    await page.getByRole('figure', { name: 'Cost per hour, USD' }).waitFor();
    expect((await cells(page, 'Models', /gpt-4\.1/))[1]).toBe('15');
    const sessions = page.getByRole('region', { name: 'Sessions' }).last();
    await sessions.getByRole('link', { name: 'Invoice batch' }).first().waitFor();
    expect(await sessions.getByRole('link', { name: 'Invoice batch' }).count()).toBe(4);
    const all = page.getByRole('link', { name: 'In the list of sessions' });
    expect(
      await listed(dashboard, new URL((await all.getAttribute('href'))!, dashboard.url).searchParams.get('filter')!),
    ).toHaveLength(5);
  });

  test('an id that acts is shown as signs, and its page is found', async () => {
    const { page } = await dashboard.openPage({ path: '/users' });
    await page.getByRole('link', { name: /^eve/ }).click();
    await page.getByRole('heading', { level: 1, name: /^eve\/⟦RLO⟧␛\[31m\?#%$/ }).waitFor();
    await page.getByRole('region', { name: 'Sessions' }).getByRole('link', { name: 'Odd' }).waitFor();
  });

  test("a user's data goes after its id is typed, and only theirs", async () => {
    const path = '/users/grace%40example.com';
    const reader = await dashboard.openPage({ path, signedIn: await makeKey(dashboard, 'r') });
    await reader.page.getByRole('button', { name: 'Delete their data' }).click();
    await reader.page.getByText('This key may not delete').waitFor();
    await reader.page.getByLabel(/^Id of the user/).fill('grace@example.com');
    expect(await reader.page.getByRole('button', { name: 'Delete for good' }).isDisabled()).toBe(true);

    const opened = await dashboard.openPage({ path });
    // On a busy machine it may be carried out after the call has answered.
    opened.expectProblem(/503/);
    const { page, type } = opened;
    await page.getByRole('button', { name: 'Delete their data' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('3 requests').waitFor();
    await dialog.getByText('2 sessions').waitFor();
    await expectNoAxeProblems(page);
    const confirm = dialog.getByRole('button', { name: 'Delete for good' });
    expect(await confirm.isDisabled()).toBe(true);
    await dialog.getByLabel(/^Id of the user/).focus();
    await type('grace@example.com');
    await confirm.click();
    await page.getByText(/^Deleted: all 3 requests of this user|^It is recorded and will show/).waitFor();
    await page.getByText('No call of this user in this range').waitFor();
    const left = await dashboard.instance.api.sessions();
    expect(left.map(({ session_id: id }) => id)).not.toContain('ticket-1');
    expect(left.find(({ session_id: id }) => id === 'shared')).toMatchObject({ user_ids: ['ada@example.com'] });
  });

  test('the system says to operators that all that was accepted is totalled, and what was done', async () => {
    const { page } = await dashboard.openPage({ path: '/system?minutes=1440' });
    await page.getByText('analytics answers').waitFor();
    const figures = await figuresIn(page.getByRole('region', { name: 'Ledger', exact: true }));
    const [accepted, stored, totalled] = ['Accepted', 'Stored', 'Totalled'].map((name) =>
      Number.parseInt(figures.get(name)!, 10),
    );
    expect(accepted).toBeGreaterThanOrEqual(20);
    expect(totalled).toBe(stored);
    const minutes = page.getByRole('region', { name: 'Minutes of the ledger' });
    expect(await minutes.getByRole('cell', { name: 'none' }).count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Compare everything' }).click();
    await page.getByText('Everything adds up: accepted = logged = stored = totalled').waitFor();
    await page.getByText('Totals and lists show everything that is logged').waitFor();
    await page.getByText('None: every event that was logged could be processed').waitFor();
    await page.getByText('Sizes of tables').click();
    await page.getByRole('cell', { name: 'sessions', exact: true }).waitFor();
    await makeKey(dashboard, 'm');
    await page.reload();
    expect(await cells(page, 'Audit log', /may m/)).toEqual(expect.arrayContaining(['Key made', 'default']));
  });

  test('dead letters are viewed and tried again', async () => {
    const opened = await dashboard.openPage({ path: '/system', prepare: withDeadLetters });
    const { page, press } = opened;
    await page.getByRole('button', { name: 'View 3:1234' }).click();
    await page.waitForURL(/letter=3%3A1234/);
    const dialog = page.getByRole('dialog');
    await dialog.getByText('the event is of version 7').waitFor();
    await dialog.getByText('"session_id": "run-9"').waitFor();
    await dialog.getByText('{"v":7}\\x00\\x1b[31m').waitFor();
    await expectNoAxeProblems(page);
    await press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Try 3:1234 again' }).click();
    await page.getByText('3:1234 is tried again as a new event').waitFor();
    opened.expectProblem(/409/);
    await page.getByRole('button', { name: 'Try 3:99 again' }).click();
    await page.getByText('3:99 could not be tried again: It cannot be read').waitFor();
  });

  test('a key that may not operate or manage keys is told so in place', async () => {
    const opened = await dashboard.openPage({ path: '/system', signedIn: await makeKey(dashboard, 'r') });
    opened.expectProblem(/40[13]/);
    const { page } = opened;
    await page.getByRole('heading', { name: 'This key may not see the system' }).waitFor();
    await page.getByText(/lacks the permission .?operator/).waitFor();
    await page.getByRole('link', { name: 'Keys' }).click();
    await page.getByRole('heading', { name: 'This key may not manage keys' }).waitFor();
    await page.getByText(/lacks the permission .?rw/).waitFor();
    expect(await page.getByRole('button', { name: 'New key' }).count()).toBe(0);
    // What records nothing with this key is not offered.
    await page.getByText('This key records nothing: that takes the permission w or rw').waitFor();
    expect(await page.getByRole('button', { name: 'Copy the snippet' }).count()).toBe(0);
  });

  test('a key is made, shown once, renamed, rotated and revoked', async () => {
    const { page, press, type } = await dashboard.openPage({ path: '/keys' });
    await page.getByText('Signed in with bootstrap, tenant default: read and write, operate').waitFor();
    expect(await cells(page, 'Keys', /bootstrap/)).toContain('the instance’s first key');
    await page.getByRole('button', { name: 'New key' }).click();
    await type('reports');
    await page.getByRole('radio', { name: /^Read r/ }).check();
    await page.getByRole('combobox', { name: 'Valid' }).click();
    await page.getByRole('option', { name: 'For 30 days' }).click();
    await expectNoAxeProblems(page);
    await page.getByRole('button', { name: 'Make the key' }).click();
    const shown = page.getByRole('status', { name: 'The new key' });
    const key = (await shown.textContent())!;
    await page.getByRole('button', { name: 'Copy the key' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(key);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('cell', { name: 'reports', exact: true }).waitFor();
    expect(await page.content()).not.toContain(key);
    expect(await status(dashboard, key)).toBe(200);
    const row = await cells(page, 'Keys', /reports/);
    expect(row.slice(0, 3)).toEqual(['reports', 'Read', `…${key.slice(-4)}`]);
    expect(row[5]).toMatch(/^\d+ Dec|^\d+ \w+$/);

    const act = async (name: string, item: string) => {
      await page.getByRole('button', { name: `Actions for ${name}` }).click();
      await page.getByRole('menuitem', { name: item }).click();
    };
    await act('reports', 'Rename…');
    await press('Control+a');
    await type('finance');
    await press('Enter');
    await page.getByRole('cell', { name: 'finance', exact: true }).waitFor();

    await act('finance', 'Rotate…');
    await page.getByRole('combobox', { name: 'The old key stays valid' }).click();
    await page.getByRole('option', { name: 'For an hour' }).click();
    await page.getByRole('button', { name: 'Make the new key' }).click();
    const next = (await shown.textContent())!;
    await page.getByRole('button', { name: 'I have kept it' }).click();
    expect([await status(dashboard, key), await status(dashboard, next)]).toEqual([200, 200]);
    await waitFor(async () => (await page.getByRole('cell', { name: 'finance', exact: true }).count()) === 2, {
      what: 'both keys',
    });

    await page
      .getByRole('row', { name: new RegExp(`…${key.slice(-4)}`) })
      .getByRole('button')
      .click();
    await page.getByRole('menuitem', { name: 'Revoke…' }).click();
    await page.getByText('is refused from now on').waitFor();
    await page.getByRole('button', { name: 'Revoke it for good' }).click();
    await waitFor(async () => (await page.getByRole('cell', { name: 'finance', exact: true }).count()) === 1, {
      what: 'one key',
    });
    expect([await status(dashboard, key), await status(dashboard, next)]).toEqual([401, 200]);
  });

  test('who rotates their own key goes on with the new one, who revokes it is signed out', async () => {
    const opened = await dashboard.openPage({ path: '/keys', signedIn: await makeKey(dashboard, 'rw') });
    opened.expectProblem(/401/);
    const { page } = opened;
    const own = page.getByRole('row', { name: /signed in/ });
    await own.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Rotate…' }).click();
    await page.getByText('You are signed in with this key').waitFor();
    await page.getByRole('button', { name: 'Make the new key' }).click();
    const next = (await page.getByRole('status', { name: 'The new key' }).textContent())!;
    await page.getByRole('button', { name: 'Use it in this tab' }).click();
    await page.getByRole('row', { name: new RegExp(`signed in.*…${next.slice(-4)}`) }).waitFor();
    await own.getByRole('button').click();
    await page.getByRole('menuitem', { name: 'Revoke…' }).click();
    await page.getByRole('button', { name: 'Revoke it for good' }).click();
    await page.waitForURL(/\/login/);
  });

  test('the snippet without a provider makes a session as it stands there', async () => {
    const { page } = await dashboard.openPage({ path: '/keys' });
    for (const language of ['Node.js', 'Python', 'No provider key']) {
      await page.getByRole('button', { name: language }).click();
      const text = await page.getByRole('region', { name: 'Snippet' }).textContent();
      expect(text).toContain(dashboard.key);
      expect(text).toContain(dashboard.url);
    }
    await page.getByRole('button', { name: 'Copy the snippet' }).click();
    const snippet = (await page.evaluate('navigator.clipboard.readText()')) as string;
    await promisify(execFile)('bash', ['-c', snippet]);
    await waitFor(
      async () => (await dashboard.instance.api.sessions()).some(({ session_id: id }) => id === 'my-first-session'),
      { what: 'the first session' },
    );
  });

  test('what cannot be read says so in place, and comes when it can', async () => {
    const opened = await dashboard.openPage({ path: '/keys' });
    opened.expectProblem(/503/);
    const { page } = opened;
    await page.getByRole('cell', { name: 'bootstrap' }).waitFor();
    const mend = await breakApi(page, 'failing', /\/v1\/(?!live|session\/has|key$)/);
    await page.getByRole('link', { name: 'Metrics' }).click();
    await page.getByRole('alert').getByText('The percentiles could not be computed').waitFor();
    await mend();
    await page.getByRole('button', { name: 'Retry' }).first().click();
    await page.getByRole('figure', { name: 'Sessions by requests' }).waitFor();
  });

  test.each([390, 2560])('pages of %i px show all that is theirs without scrolling sideways', async (width) => {
    const { page } = await dashboard.openPage({ path: '/metrics', width, theme: 'dark' });
    await page.getByRole('region', { name: 'Users who cost most' }).first().waitFor();
    for (const path of ['/metrics?by=user', '/users', '/users/ada%40example.com', '/system', '/keys']) {
      await page.goto(path);
      await page.getByRole('table').first().waitFor();
      expect({ path, ...(await sidewaysScroll(page)) }).toEqual({ path, px: 0, because: [] });
      if (width === 390) await expectNoAxeProblems(page);
    }
  });
});

/** Ids of the sessions of the last week that a filter of a URL selects. */
async function listed({ instance }: Dashboard, filter: string): Promise<string[]> {
  const { body: answer } = await instance.api.call('POST', '/v1/session/query', {
    search: '',
    timeFilter: { startTimeUnixMs: Date.now() - 7 * DAY_MS, endTimeUnixMs: Date.now() + 60_000 },
    timezoneDifference: 0,
    filter: JSON.parse(filter),
  });
  return (answer as { data: { session_id: string }[] }).data.map(({ session_id: id }) => id).sort();
}

/** What the API answers to a key. */
async function status({ url }: Dashboard, key: string): Promise<number> {
  return (await fetch(`${url}/v1/session/has-session`, { headers: { authorization: `Bearer ${key}` } })).status;
}

/** Nothing that a gateway accepts becomes a dead letter, so these are made up; the rest of the API answers itself. */
async function withDeadLetters(page: Page): Promise<void> {
  const letter = (offset: number) => ({
    partition: 3,
    offset,
    step: 'decode',
    reason: 'the event is of version 7',
    seen_at: '2026-11-22T04:00:00.000Z',
    size_bytes: 512,
  });
  await page.route('**/v1/system/dead-letters', (route) =>
    route.fulfill({ json: { data: [letter(1234), letter(99)], error: null } }),
  );
  await page.route('**/v1/system/dead-letters/3/1234', (route) =>
    route.fulfill({
      json: {
        data: { ...letter(1234), event: { session_id: 'run-9' }, text: '{"v":7}\\x00\\x1b[31m', is_whole: true },
        error: null,
      },
    }),
  );
  await page.route('**/v1/system/dead-letters/3/1234/replay', (route) =>
    route.fulfill({ json: { data: { partition: 3 }, error: null } }),
  );
  await page.route('**/v1/system/dead-letters/3/99/replay', (route) =>
    route.fulfill({ status: 409, json: { data: null, error: 'It cannot be read' } }),
  );
}
