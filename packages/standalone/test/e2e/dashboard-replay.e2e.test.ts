import { beforeEach, expect, test } from '@jest/globals';
import { receivedHeader } from '@throughline/testkit/fake-provider/exchange';
import { waitFor } from '@throughline/testkit/wait-for';
import type { Locator, Page } from 'playwright-core';
import { settled } from './support/dashboard/every-page.ts';
import { expectNoAxeProblems } from './support/dashboard/expect-no-axe-problems.ts';
import { sidewaysScroll } from './support/dashboard/page-width.ts';
import { playSessions } from './support/dashboard/play-session.ts';
import { describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

const RUN = { id: 'trip 1/2', name: 'Trip planner' };
const IN_PARTS = { id: 'in-parts', name: 'In parts' };
const LONG = { id: 'long', name: 'Long' };
const KEY = 'sk-of-the-dialog-4711';

describeWithChromium('the replay of a session', () => {
  let requests: ReadonlyMap<string, readonly string[]>;
  const dashboard = useDashboard(async ({ instance }) => {
    requests = await playSessions(instance, [
      {
        ...RUN,
        stages: [
          [{ path: '/plan', system: 'You plan trips.', ask: 'Where to?' }],
          [{ path: '/plan/search', by: 'tool', model: 'flights', ask: 'LIS', answer: 'TP 123' }],
          [{ path: '/book', ask: 'Book it.', streamed: true }],
        ],
      },
      { ...IN_PARTS, stages: [[{ path: '/kept' }], [{ path: '/written', by: 'log' }]] },
      { ...LONG, stages: Array.from({ length: 3 }, (_, at) => [{ path: `/step/${at}` }]) },
    ]);
    // Of this one there is no body to send again.
    const headers = { ...instance.session(IN_PARTS.id, '/without'), 'Helicone-Omit-Request': 'true' };
    const body = JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Forget this.' }] });
    await (await fetch(`${instance.openaiUrl}/chat/completions`, { method: 'POST', headers, body })).text();
    await instance.storedSession(IN_PARTS.id, 3);
  });
  beforeEach(() => dashboard.instance.provider.setDefault({}));

  const pathOf = (id: string) => `/sessions/${encodeURIComponent(id)}`;
  const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Replay' });
  const field = (dialog: Locator, label: string) => dialog.getByRole('textbox', { name: label, exact: true });
  const keyField = (dialog: Locator) => dialog.getByLabel('Key of OPENAI');
  const startButton = (dialog: Locator) => dialog.getByRole('button', { name: 'Start' });
  const figure = async (dialog: Locator, name: string) => {
    const plan = dialog.getByRole('region', { name: 'Plan', exact: true });
    return plan.locator('dl > div').filter({ hasText: name }).getByRole('definition').textContent();
  };
  const lastExchange = () => dashboard.instance.provider.exchanges.at(-1)?.id ?? 0;
  const arrivedSince = (from: number) => dashboard.instance.provider.exchanges.filter(({ id }) => id > from);
  const bodiesSince = (from: number) => arrivedSince(from).map((one) => JSON.parse(one.requestBody.toString()));

  /** The dialog over the page of a session, with a plan. */
  async function openDialog(id: string, options: { search?: string; width?: number; theme?: 'dark' } = {}) {
    const { search = '?replay=1', ...look } = options;
    const opened = await dashboard.openPage({ path: pathOf(id) + search, ...look });
    const dialog = dialogOf(opened.page);
    await dialog.getByText('Estimated cost').waitFor();
    return { ...opened, dialog };
  }

  test('says what it would send, copy and cost, as the form changes, and sends nothing', async () => {
    const from = lastExchange();
    const { page, dialog } = await openDialog(RUN.id);
    expect(await figure(dialog, 'Sent')).toBe('2 steps');
    expect(await figure(dialog, 'Copied')).toBe('1');
    const recorded = await figure(dialog, 'Estimated cost');
    expect(recorded).toMatch(/^\$0\.0/);
    expect(await startButton(dialog).isDisabled()).toBe(true);
    await dialog.getByText('There is no key for OPENAI yet.').waitFor();
    await field(dialog, 'Model').fill('gpt-4o');
    await waitFor(async () => (await figure(dialog, 'Estimated cost')) !== recorded, { what: 'the cost of the model' });
    await field(dialog, 'Times').fill('3');
    await dialog.getByText('6 steps, over 3 sessions').waitFor();
    await dialog.getByRole('combobox', { name: 'Add a path' }).click();
    await page.getByRole('option', { name: /\/plan.*and below, 2 steps/ }).click();
    await dialog.getByText('3 steps, over 3 sessions').waitFor();
    await dialog.getByText('Step by step').click();
    await dialog.getByRole('row', { name: /2 \/plan\/search copied/ }).waitFor();
    await dialog.getByRole('row', { name: /1 \/plan gpt-4o http:\/\/127[.0-9:]+ sent/ }).waitFor();
    expect(arrivedSince(from)).toEqual([]);
  });

  test('says what is wrong where it is, in the words of the API or before it is asked', async () => {
    const opened = await openDialog(RUN.id);
    const { dialog } = opened;
    await keyField(dialog).fill(KEY);
    const wrong = async (input: Locator, words: RegExp | string) => {
      await waitFor(async () => (await input.getAttribute('aria-invalid')) === 'true', { what: `${words} at a field` });
      const id = await input.getAttribute('aria-describedby');
      expect(await opened.page.locator(`[id="${id}"]`).textContent()).toMatch(words);
      expect(await startButton(dialog).isDisabled()).toBe(true);
    };
    const members = field(dialog, 'Further keys of the body');
    await members.fill('{"seed": ');
    await wrong(members, /^This is no JSON/);
    await members.fill('{"seed": 7}');
    await field(dialog, 'Temperature').fill('hot');
    await wrong(field(dialog, 'Temperature'), /^A number/);
    await field(dialog, 'Temperature').fill('');
    opened.expectProblem(/status of 40[09]/);
    await field(dialog, 'Id of the new session').fill(LONG.id);
    await wrong(field(dialog, 'Id of the new session'), 'There is a session of the id "long" already');
    await field(dialog, 'Id of the new session').fill('');
    await dialog.getByRole('button', { name: 'Provider' }).click();
    await field(dialog, 'Provider').fill('nobody');
    await wrong(field(dialog, 'Provider'), 'no provider of the name "nobody" can be called');
    await dialog.getByRole('button', { name: 'URL', exact: true }).click();
    await field(dialog, 'URL').fill('ftp://example.com');
    await wrong(field(dialog, 'URL'), 'is not an absolute http(s) URL');
    await dialog.getByRole('group', { name: 'Sent to' }).getByRole('button', { name: 'As recorded' }).click();
    await waitFor(() => startButton(dialog).isEnabled(), { what: 'a plan without problems' });
  });

  test('goes to its end with another model, tells each step, and leads to the new session and back', async () => {
    const from = lastExchange();
    const { page, dialog } = await openDialog(RUN.id);
    await field(dialog, 'Model').fill('gpt-4o');
    await dialog.getByRole('button', { name: 'Replace texts' }).click();
    await field(dialog, 'Find, row 1').fill('trips');
    await field(dialog, 'Replace with, row 1').fill('journeys');
    await field(dialog, 'Further keys of the body').fill('{"max_tokens": 9}');
    await field(dialog, 'At most, in USD').fill('2');
    await field(dialog, 'Id of the new session').fill('trip again');
    await keyField(dialog).fill(KEY);
    await waitFor(() => startButton(dialog).isEnabled(), { what: 'a plan without problems' });
    await startButton(dialog).click();
    await dialog.getByText('Done.', { exact: true }).waitFor();
    await dialog.getByText('3 of 3 steps').waitFor();
    await dialog.getByText('of $2.00 at most').waitFor();
    expect(await dialog.getByRole('region', { name: 'Last steps', exact: true }).getByRole('row').count()).toBe(4);
    await expectNoAxeProblems(page);
    expect(bodiesSince(from).map(({ model, max_tokens: max }) => [model, max])).toEqual([
      ['gpt-4o', 9],
      ['gpt-4o', 9],
    ]);
    expect(bodiesSince(from)[0].messages[0].content).toBe('You plan journeys.');
    expect(receivedHeader(arrivedSince(from)[0]!, 'authorization')).toBe(`Bearer ${KEY}`);
    // Steps are answered before they show; a page that is there first says for a moment that there is none.
    await waitFor(() => dashboard.instance.api.session('trip again'), { what: 'the new session' });
    await dialog.getByRole('link', { name: 'Open the new session' }).click();
    await page.waitForURL(/\/sessions\/trip%20again$/);
    await page.getByRole('row', { name: /^book/ }).waitFor();
    await page.getByRole('main').getByRole('link', { name: 'compare', exact: true }).click();
    await page.waitForURL(/\/sessions\/trip%201%2F2\/diff\/trip%20again$/);
    await page.getByRole('main').getByText('gpt-4o', { exact: false }).first().waitFor();
    await page.goBack();
    await page.getByRole('main').getByText('replay of').getByRole('link', { name: RUN.id }).click();
    await page.waitForURL(/\/sessions\/trip%201%2F2$/);
    await page.getByRole('link', { name: 'Its replays' }).click();
    await page.waitForURL(/\/sessions\?/);
    await page.getByRole('main').getByText('trip again').first().waitFor();
    expect(await page.getByRole('main').getByText(LONG.id, { exact: true }).count()).toBe(0);
  });

  test('tells of errors of the provider as they come, and ends', async () => {
    const { dialog } = await openDialog(LONG.id);
    await keyField(dialog).fill(KEY);
    await waitFor(() => startButton(dialog).isEnabled(), { what: 'a plan without problems' });
    dashboard.instance.provider.enqueue({}, { status: 429 });
    await startButton(dialog).click();
    await dialog.getByText('Done. 1 of 3 steps failed.').waitFor();
    const failed = dialog.getByRole('region', { name: 'Failed', exact: true });
    expect(await failed.getByRole('row', { name: /\/step\/1/ }).textContent()).toContain('✕ 429');
    // Once more, and now not further than that.
    await dialog.getByRole('button', { name: 'Replay again' }).click();
    await dialog.getByLabel('Stop at the first error').check();
    await keyField(dialog).fill(KEY);
    await waitFor(() => startButton(dialog).isEnabled(), { what: 'a plan without problems' });
    dashboard.instance.provider.enqueue({ status: 500 });
    await startButton(dialog).click();
    await dialog.getByText(/^Stopped: step 1 failed/).waitFor();
    await dialog.getByText('1 of 3 steps').waitFor();
  });

  test('goes on when the dialog is closed, is shown again, and is cancelled', async () => {
    dashboard.instance.provider.setDefault({ delayMs: 20_000 });
    const { page, dialog, press } = await openDialog(LONG.id);
    await keyField(dialog).fill(KEY);
    await waitFor(() => startButton(dialog).isEnabled(), { what: 'a plan without problems' });
    const from = lastExchange();
    await startButton(dialog).click();
    await dialog.getByText('0 of 3 steps').waitFor();
    await waitFor(() => arrivedSince(from).length === 1, { what: 'the first step' });
    await dialog.getByRole('button', { name: 'Close, it goes on' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Replaying…' }).waitFor();
    await press('y');
    await dialog.getByText('0 of 3 steps').waitFor();
    await dialog.getByRole('button', { name: 'Cancel the replay' }).click();
    await dialog.getByText(/^Cancelled\./).waitFor();
    await page.getByRole('button', { name: 'Replay…', includeHidden: true }).waitFor();
    expect(arrivedSince(from)).toHaveLength(1);
  });

  test('a stream that breaks off is asked for again, and nothing is told twice', async () => {
    dashboard.instance.provider.setDefault({ delayMs: 300 });
    const opened = await openDialog(LONG.id);
    const { page, dialog } = opened;
    opened.expectProblem(/ERR_|Failed to load/);
    await keyField(dialog).fill(KEY);
    await waitFor(() => startButton(dialog).isEnabled(), { what: 'a plan without problems' });
    // What comes of the first stream is its beginning alone.
    await page.route(/\/replay$/, async (route) => {
      const started = await startedAlone(route.request().postData()!, dashboard);
      await route.fulfill({ status: 200, contentType: 'text/event-stream', body: started });
    });
    await startButton(dialog).click();
    await dialog.getByText('Done.', { exact: true }).waitFor();
    await dialog.getByText('3 of 3 steps').waitFor();
    expect(await dialog.getByRole('region', { name: 'Last steps', exact: true }).getByRole('row').count()).toBe(4);
  });

  test('a run on recorded answers says whose they are', async () => {
    const { instance } = dashboard;
    const answer = await fetch(`${instance.openaiUrl}/chat/completions`, {
      method: 'POST',
      headers: {
        ...instance.session('on-tape', '/step/0'),
        'Throughline-Replay': LONG.id,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'What comes next at /step/0?' }],
      }),
    });
    expect([answer.status, answer.headers.get('throughline-replay')]).toEqual([200, 'HIT']);
    await answer.text();
    await instance.storedSession('on-tape', 1);
    const { page } = await dashboard.openPage({ path: pathOf('on-tape') });
    await page.getByRole('main').getByText('replay of').getByRole('link', { name: LONG.id }).click();
    await page.waitForURL(/\/sessions\/long$/);
  });

  test('names the steps that cannot be sent, each with a link, and begins without them', async () => {
    const { page, dialog } = await openDialog(IN_PARTS.id);
    await dialog.getByText('In the way: 2 steps').waitFor();
    await dialog.getByText('/written: it was logged by hand', { exact: false }).waitFor();
    await dialog.getByText('/without: its request body was not to be stored', { exact: false }).waitFor();
    await keyField(dialog).fill(KEY);
    expect(await startButton(dialog).isDisabled()).toBe(true);
    await dialog.getByRole('link', { name: '/written' }).click();
    await page.waitForURL(/request=/);
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('complementary', { name: 'Request' }).getByRole('heading', { name: '/written' }).waitFor();
    // What was typed is there again, but for the key.
    await page.keyboard.press('y');
    await dialog.getByRole('combobox', { name: 'Add a path' }).click();
    await page.getByRole('option', { name: /^\/kept/ }).click();
    await dialog.getByText('In the way').waitFor({ state: 'detached' });
    expect(await keyField(dialog).inputValue()).toBe('');
    await keyField(dialog).fill(KEY);
    await waitFor(() => startButton(dialog).isEnabled(), { what: 'a plan without problems' });
  });

  test('a step has “Replay from here”, wide and narrow', async () => {
    const [, , book] = requests.get(RUN.id)!;
    for (const width of [1280, 390]) {
      const { page, context } = await dashboard.openPage({ path: `${pathOf(RUN.id)}?request=${book}`, width });
      await page.getByRole('button', { name: 'Replay from here' }).click();
      const dialog = dialogOf(page);
      await dialog.getByRole('combobox', { name: /^From step: 3\s+\/book/ }).waitFor();
      await dialog.getByText('1 step', { exact: true }).waitFor();
      expect(await figure(dialog, 'Copied')).toBe('0');
      const from = lastExchange();
      await keyField(dialog).fill(KEY);
      await waitFor(() => startButton(dialog).isEnabled(), { what: 'a plan without problems' });
      await startButton(dialog).click();
      await dialog.getByText('Done.', { exact: true }).waitFor();
      await dialog.getByText('1 of 1 steps').waitFor();
      expect(bodiesSince(from).map(({ messages }) => messages.at(-1).content)).toEqual(['Book it.']);
      await context.close();
    }
  });

  test('says what is left out and why, and no cost where none is known', async () => {
    const { instance } = dashboard;
    const ask = async (path: string, more: Record<string, string>) => {
      const answer = await fetch(`${instance.openaiUrl}/chat/completions`, {
        method: 'POST',
        headers: { ...instance.session('kept-back', path), ...more },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: `harmful ${path}` }] }),
      });
      await answer.text();
    };
    await ask('/threat', { 'Helicone-LLM-Security-Enabled': 'true' });
    instance.provider.enqueue({ status: 400 });
    await ask('/refused', {});
    await instance.storedSession('kept-back', 2);
    const { dialog } = await openDialog('kept-back');
    expect(await figure(dialog, 'Sent')).toBe('1 step');
    expect(await figure(dialog, 'Left out')).toBe('1');
    expect(await figure(dialog, 'Estimated cost')).toBe('unknown');
    await dialog.getByText('1 call that moderation or a rate limit had kept from the provider is left out.').waitFor();
    await dialog.getByText('Step by step').click();
    await dialog.getByRole('row', { name: /1 \/threat it was judged to be a threat.* left out/ }).waitFor();
    await expectNoAxeProblems(dialog.page());
  });

  test('a key of a provider is in no address, no store of the browser, and no form that is filled by itself', async () => {
    const { page, dialog, context } = await openDialog(RUN.id);
    await keyField(dialog).fill(KEY);
    expect(await keyField(dialog).getAttribute('type')).toBe('password');
    expect(await keyField(dialog).getAttribute('autocomplete')).toBe('off');
    const asked: string[] = [];
    page.on('request', (one) => asked.push(`${one.method()} ${one.url()} ${one.postData() ?? ''}`));
    await field(dialog, 'Model').fill('gpt-4o');
    await waitFor(() => startButton(dialog).isEnabled(), { what: 'a plan without problems' });
    // A plan takes no keys.
    expect(asked.filter((text) => text.includes('dryRun')).length).toBeGreaterThan(0);
    expect(asked.join('\n')).not.toContain(KEY);
    await startButton(dialog).click();
    await dialog.getByText('Done.', { exact: true }).waitFor();
    expect(asked.filter((text) => text.includes(KEY))).toHaveLength(1);
    const kept = await page.evaluate<string>(
      `JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, document.cookie, history.state])`,
    );
    expect(kept).not.toContain(KEY);
    expect(JSON.stringify(await context.storageState({ indexedDB: true }))).not.toContain(KEY);
  });

  test('is done by keyboard alone, from the palette too', async () => {
    const { page, press, type } = await dashboard.openPage({ path: pathOf(RUN.id) });
    await page.getByRole('row', { name: /^book/ }).waitFor();
    await press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').waitFor();
    await type('Replay this');
    await page.getByRole('option', { name: 'Replay this session' }).waitFor();
    await press('Enter');
    const dialog = dialogOf(page);
    await dialog.getByText('Estimated cost').waitFor();
    await press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('');
    await press('y');
    await dialog.getByText('Estimated cost').waitFor();
    await waitFor(() => hasFocus(field(dialog, 'Model')), { what: 'the focus in the first field' });
    await type('gpt-4o');
    await tabTo(page, keyField(dialog));
    await type(KEY);
    await waitFor(() => startButton(dialog).isEnabled(), { what: 'a plan without problems' });
    await tabTo(page, startButton(dialog));
    await press('Enter');
    await dialog.getByText('Done.', { exact: true }).waitFor();
    const opens = dialog.getByRole('link', { name: 'Open the new session' });
    const [made] = /[^/]+$/.exec((await opens.getAttribute('href'))!)!;
    await waitFor(() => dashboard.instance.api.session(decodeURIComponent(made)), { what: 'the new session' });
    await tabTo(page, opens);
    await press('Enter');
    await page.getByRole('main').getByText('replay of').waitFor();
  });

  test('a key that may not replay is told so', async () => {
    const { body } = await dashboard.instance.api.call<{ apiKey: string }>('POST', '/v1/api-keys', {
      api_key_name: 'reads',
      key_permissions: 'r',
    });
    const [plan] = requests.get(RUN.id)!;
    const { page, press } = await dashboard.openPage({
      path: `${pathOf(RUN.id)}?request=${plan}`,
      signedIn: body.apiKey,
    });
    const button = page.getByRole('button', { name: 'Replay…' });
    await waitFor(async () => (await button.getAttribute('aria-disabled')) === 'true', { what: 'the key to be known' });
    expect(await button.getAttribute('title')).toContain('a key that may read and write');
    await page.getByRole('button', { name: /^Replay from here: It takes a key/ }).waitFor();
    await press('y');
    expect(await dialogOf(page).count()).toBe(0);
  });

  test.each([
    ['light', 1280],
    ['dark', 390],
  ] as const)('is fit for all, %s, at %d px', async (theme, width) => {
    const { page, dialog } = await openDialog(IN_PARTS.id, { width, ...(theme === 'dark' && { theme }) });
    await dialog.getByRole('button', { name: 'Replace texts' }).click();
    await dialog.getByRole('button', { name: 'URL', exact: true }).click();
    await dialog.getByText('Give the URL.').waitFor();
    await settled(page);
    await expectNoAxeProblems(page);
    expect(await sidewaysScroll(page)).toEqual({ px: 0, because: [] });
    const inside = 'document.querySelector(\'[role="dialog"]\')';
    expect(await page.evaluate(`${inside}.scrollWidth - ${inside}.clientWidth`)).toBe(0);
  });
});

/** Presses Tab until it is there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  for (let left = 80; left > 0; left--) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target} is not reached by Tab`);
}

function hasFocus(target: Locator): Promise<boolean> {
  return target.evaluate((element) => element === element.ownerDocument.activeElement);
}

/** Begins a replay as the page would have, and hangs up once it is told that it has begun. @returns what was told. */
async function startedAlone(body: string, { url, key }: { url: string; key: string }): Promise<string> {
  const hangUp = new AbortController();
  const answer = await fetch(`${url}/v1/session/${LONG.id}/replay`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, accept: 'text/event-stream', 'content-type': 'application/json' },
    body,
    signal: hangUp.signal,
  });
  const { value } = await answer.body!.getReader().read();
  hangUp.abort();
  return Buffer.from(value!).toString();
}
