import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { waitFor } from '@throughline/testkit/wait-for';
import type { Locator, Page } from 'playwright-core';
import { expectNoAxeProblems } from './support/dashboard/expect-no-axe-problems.ts';
import { sidewaysScroll } from './support/dashboard/page-width.ts';
import { playSession, playSessions } from './support/dashboard/play-session.ts';
import { type Dashboard, describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

const HOUR_MS = 3_600_000;
const RUN = { id: 'trip/1 of 2', name: 'Trip planner', user: 'ada' };
const EARLIER = { id: 'trip-0', name: 'Trip planner' };
const AGENT = { id: 'agent-1', name: 'Agent' };
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

describeWithChromium('the page of a session', () => {
  const dashboard = useDashboard(async (one) => {
    const atMs = Date.now() - HOUR_MS;
    await playSessions(one.instance, [
      { ...EARLIER, atMs: atMs - HOUR_MS, stages: [[{ path: '/plan' }]] },
      {
        ...RUN,
        atMs,
        properties: { environment: 'test' },
        stages: [
          [{ path: '/plan', ask: 'Where to, and with what "budget"?', answer: 'To **Lisbon**.', streamed: true }],
          [
            { path: '/plan/search/1', by: 'tool', model: 'flights', ask: 'LIS', answer: 'TP 123', takesMs: 300 },
            { path: '/plan/search/2', by: 'vector_db', ask: 'hotels in Lisbon', takesMs: 200 },
          ],
          [{ path: '/book/pay', by: 'anthropic', status: 500, answer: 'The card was declined', takesMs: 1_500 }],
          [{ path: '/plan', ask: 'And now?', answer: 'Try again.' }],
        ],
      },
    ]);
    await logAgent(one);
  });
  const open = (id: string, search = '') =>
    dashboard.openPage({ path: `/sessions/${encodeURIComponent(id)}${search}` });
  const panel = (page: Page) => page.getByRole('complementary', { name: 'Request' });

  test('says what the session came to, and leads to the one before it of the same name', async () => {
    const { page, press } = await open(RUN.id);
    await page.getByRole('heading', { name: 'Trip planner' }).waitFor();
    const figures = page.locator('dl').first();
    expect(await readText(figures)).toMatch(/Requests\s+5/);
    expect(await readText(figures)).toMatch(/Errors\s+1\s+80% succeeded/);
    expect(await readText(figures)).toContain('ada');
    await page.getByRole('button', { name: 'Previous session of the same name' }).click({ trial: true });
    await press('[');
    await page.waitForURL(/\/sessions\/trip-0/);
    await page.getByRole('button', { name: 'Next session of the same name' }).click({ trial: true });
    await press(']');
    await page.waitForURL(/trip%2F1/);
  });

  test('its tree has what each path comes to, opens and closes by keys, and finds', async () => {
    const { page, press } = await open(RUN.id);
    const grid = page.getByRole('treegrid', { name: 'Requests by path' });
    const row = (name: string | RegExp) => grid.getByRole('row', { name }).first();
    expect(await readText(row(/^plan /))).toMatch(/^plan\s+\$\S+\s+0\s+2\.1 s\s+4\s/);
    await grid.getByRole('columnheader', { name: 'Latency, sum', exact: true }).waitFor();
    // No request of its own, and shown all the same.
    expect(await readText(row(/^book /))).toMatch(/1\s+–\s+–\s+–\s+0$/);
    expect(await readText(row(/^book /))).toContain('✕ 1');
    await page.getByRole('button', { name: 'Collapse all' }).click();
    expect(await grid.getByRole('row').count()).toBe(3);
    await grid.focus();
    await press('End', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter');
    await panel(page).getByText('The card was declined').first().waitFor();
    await page.waitForURL(/request=/);
    await page.getByRole('button', { name: 'Expand all' }).click();
    await press('/');
    await page.keyboard.type('search/2');
    await expectRows(page, 5);
    await page.waitForURL(/q=search%2F2/);
  });

  test('a link to the failing step opens it, and one selection holds in all views', async () => {
    const { page, press } = await open(RUN.id, '?focus=error');
    await panel(page).getByText('The card was declined').first().waitFor();
    const { search } = new URL(page.url());
    const request = new URLSearchParams(search).get('request')!;
    for (const [key, view] of [
      ['l', 'timeline'],
      ['c', 'chat'],
      ['d', 'paths'],
      ['t', null],
    ] as const) {
      await press(key);
      await waitFor(async () => new URL(page.url()).searchParams.get('view') === view, { what: `the view ${view}` });
      expect(new URL(page.url()).searchParams.get('request')).toBe(request);
      await panel(page).getByText('/book/pay').first().waitFor();
    }
    await press('Escape');
    await panel(page).waitFor({ state: 'detached' });
    await press('k', 'k');
    await panel(page).waitFor();
  });

  test('its timeline moves by keys, zooms by dragging, and is a table as well', async () => {
    const { page, press } = await open(RUN.id, '?view=timeline');
    const field = page.getByRole('application', { name: /^Timeline of 5 requests/ });
    await field.focus();
    await press('ArrowRight', 'ArrowRight');
    await panel(page)
      .getByRole('heading', { name: /\/plan\/search\// })
      .waitFor();
    await page.getByText('Request 2 of 5', { exact: false }).first().waitFor({ state: 'attached' });
    const box = (await field.boundingBox())!;
    await page.mouse.move(box.x + 40, box.y + 90);
    await page.mouse.down();
    await page.mouse.move(box.x + 240, box.y + 90, { steps: 4 });
    await page.mouse.up();
    await page.waitForURL(/zoom=\d+%7E\d+|zoom=\d+~\d+/);
    await page.getByRole('button', { name: 'Show all of it' }).click();
    await page.getByRole('button', { name: 'Timeline as a table' }).click();
    const table = page.getByRole('table', { name: 'Requests' });
    expect(await table.getByRole('row').count()).toBe(6);
    await table.getByRole('row', { name: /\/book\/pay/ }).click();
    await panel(page).getByText('The card was declined').first().waitFor();
  });

  test('its paths have how long each takes, when it runs, what it costs and how much fails', async () => {
    const { page } = await open(RUN.id, '?view=paths');
    const table = page.getByRole('table', { name: 'Distribution by path' });
    await table.getByRole('row', { name: /\/plan\/search\/\{n\}/ }).waitFor();
    expect(await table.getByRole('row').count()).toBe(4);
    await table.getByRole('img', { name: /^\/plan\/search\/\{n\}: from 200 ms to 300 ms/ }).waitFor();
    await table.getByRole('button', { name: '✕ 1, 100%' }).click();
    await panel(page).getByText('The card was declined').first().waitFor();
    await page.getByRole('button', { name: 'Numbers and ids in paths as one' }).click();
    await table.getByRole('row', { name: /\/plan\/search\/2/ }).waitFor();
    await page.getByRole('button', { name: 'Distribution by path as a table' }).click();
    await page.getByRole('columnheader', { name: 'p95' }).waitFor();
  });

  test('its chat tells the conversation once, with calls, their results, images and thoughts', async () => {
    const { page, press } = await open(AGENT.id, '?view=chat');
    const chat = page.getByRole('region', { name: 'Conversation' });
    await chat.getByText('It is sunny in Lisbon').waitFor();
    expect(await chat.getByText('What is the weather in Lisbon?').count()).toBe(1);
    expect(await chat.getByText('3 said before', { exact: false }).count()).toBe(1);
    await chat.getByRole('button', { name: /^System prompt/ }).click();
    await chat.getByText('You are a careful assistant').waitFor();
    await chat.getByRole('button', { name: /Result of look_up/ }).click();
    await chat.getByText('23 degrees').last().waitFor();
    expect(await chat.getByRole('img', { name: 'Of the message' }).count()).toBe(1);
    await chat.getByRole('listitem').filter({ hasText: 'a hat' }).waitFor();
    await press('r');
    await panel(page).getByText('"role": "system"').waitFor();
  });

  test('a key without bodies is told so in the chat, and in a search of bodies', async () => {
    const asked = { api_key_name: 'figures', key_permissions: 'm' };
    const made = await dashboard.instance.api.call<{ apiKey: string }>('POST', '/v1/api-keys', asked);
    const { apiKey: key } = made.body;
    const { page, expectProblem } = await dashboard.openPage({
      path: `/sessions/${AGENT.id}?view=chat`,
      signedIn: key,
    });
    const chat = page.getByRole('region', { name: 'Conversation' });
    await chat.getByText('This key may not read bodies').first().waitFor();
    expect(await chat.getByText('There was none').count()).toBe(0);
    expectProblem(/40[13]/);
    await page.goto(`/sessions/${AGENT.id}?find=Lisbon`);
    await page.getByRole('status').getByText('This key may not read bodies').waitFor();
  });

  test('a request is found in, copied as a command without secrets, and linked to', async () => {
    const { page, press } = await open(RUN.id);
    await page
      .getByRole('treegrid')
      .getByRole('row', { name: /gpt-4o-mini/ })
      .first()
      .click();
    await panel(page).getByText('Lisbon', { exact: true }).waitFor();
    await panel(page).getByRole('textbox', { name: 'Find in the bodies' }).fill('with what "budget"');
    await panel(page).getByText('1 of 1').waitFor();
    expect(await readText(panel(page).locator('mark'))).toBe('with what \\"budget\\"');
    await panel(page).getByRole('textbox', { name: 'Find in the bodies' }).fill('content');
    await panel(page)
      .getByText(/^1 of \d/)
      .waitFor();
    await press('Enter');
    await panel(page)
      .getByText(/^2 of \d/)
      .waitFor();
    await page.waitForURL(/find=content/);
    await panel(page).getByRole('button', { name: 'Copy as curl, without secrets' }).click();
    const command = await page.evaluate('navigator.clipboard.readText()');
    expect(command).toMatch(/^curl '[^']*' \\\n/);
    expect(command).toContain('_API_KEY');
    expect(command).toContain('Where to, and with what');
    await panel(page).getByRole('button', { name: 'Copy a link to this request' }).click();
    const link = (await page.evaluate('navigator.clipboard.readText()')) as string;
    const again = await dashboard.openPage({ path: link.slice(dashboard.url.length) });
    await panel(again.page).locator('mark').first().waitFor();
    await panel(page).getByText('environment').waitFor();
    await panel(page).getByText('Request headers').waitFor();
    await panel(page).getByText('None were stored. Credentials never are.').waitFor();
  });

  test('tags, rates and exports, and deletes only after it has said what goes', async () => {
    const { page } = await open(EARLIER.id);
    await page.getByRole('button', { name: 'Add a tag' }).click();
    await page.getByRole('textbox', { name: 'Tag' }).fill('gold');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('button', { name: 'Tag: gold. Change it' }).waitFor();
    await page.getByRole('button', { name: 'Bad session' }).click();
    await page.locator('[aria-pressed="true"][aria-label="Bad session"]').waitFor();
    await page.getByRole('button', { name: 'Export the requests of this session' }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: 'CSV' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('session-trip-0.csv');
    await page.getByRole('button', { name: 'Delete this session' }).click();
    await page.getByText('Its 1 requests go with their bodies', { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('exports everything that is recorded as a file, and can be cancelled', async () => {
    let isHeld = true;
    const { page } = await dashboard.openPage({
      path: `/sessions/${encodeURIComponent(RUN.id)}`,
      // Not answered until it is let go.
      prepare: (opened) => opened.route(/\/export$/, (route) => (isHeld ? undefined : route.continue())),
    });
    const begin = async () => {
      await page.getByRole('button', { name: 'Export the requests of this session' }).click();
      await page.getByRole('group', { name: 'With bodies' }).getByRole('menuitem', { name: 'JSON lines' }).click();
    };
    const dialog = page.getByRole('dialog', { name: 'Export with bodies' });
    let saved = 0;
    page.on('download', () => saved++);
    await begin();
    await dialog.getByRole('progressbar').waitFor();
    await expectNoAxeProblems(page);
    await dialog.getByRole('button', { name: 'Cancel the export' }).click();
    await dialog.waitFor({ state: 'detached' });

    isHeld = false;
    const downloading = page.waitForEvent('download');
    await begin();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe('session-trip_1_of_2.throughline.jsonl');
    await dialog.getByText(/^Saved, /).waitFor();
    expect(saved).toBe(1);
    const lines = readFileSync((await download.path())!, 'utf8')
      .trimEnd()
      .split('\n');
    const [header, ...requests] = lines.slice(0, -1).map((line) => JSON.parse(line));
    expect(header).toMatchObject({ session_id: RUN.id, totals: { requests: 5 }, masked: true });
    expect(requests).toHaveLength(5);
    expect(JSON.parse(requests[0].request.text).messages).toEqual([
      { role: 'user', content: 'Where to, and with what "budget"?' },
    ]);
    expect(JSON.parse(requests[0].response.text).choices[0].message.content).toBe('To **Lisbon**.');
    expect(requests.map(({ step_kind: kind }: { step_kind: string }) => kind).sort()).toEqual([
      'llm',
      'llm',
      'llm',
      'tool',
      'vector_db',
    ]);
  });

  test('new requests come by themselves, and not while it is paused', async () => {
    const live = { id: 'live-1', name: 'Live' };
    await playSessions(dashboard.instance, [{ ...live, stages: [[{ path: '/first' }]] }]);
    const { page, press } = await open(live.id);
    await page.getByRole('row', { name: /^first / }).waitFor();
    await page.getByRole('button', { name: /^Live: pause/ }).waitFor();
    await playSession(dashboard.instance, { ...live, stages: [[{ path: '/second' }]] });
    await page.getByRole('row', { name: /^second / }).waitFor();
    await press('p');
    await page.getByRole('button', { name: /^Paused/ }).waitFor();
    await playSession(dashboard.instance, { ...live, stages: [[{ path: '/third' }]] });
    await waitFor(
      async () => ((await dashboard.instance.api.session(live.id)) as { total_requests: number }).total_requests === 3,
      { what: 'the third' },
    );
    expect(await page.getByRole('row', { name: /^third / }).count()).toBe(0);
    await press('p');
    await page.getByRole('row', { name: /^third / }).waitFor();
  });

  test('a request that was answered from the cache says so, and as which request', async () => {
    const { instance } = dashboard;
    const ask = async () => {
      const answer = await fetch(`${instance.openaiUrl}/chat/completions`, {
        method: 'POST',
        headers: { ...instance.session('from-cache', '/ask'), 'helicone-cache-enabled': 'true' },
        body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Again?' }] }),
      });
      await answer.bytes();
      return answer.headers.get('helicone-id')!;
    };
    const paid = await ask();
    const free = await ask();
    await instance.storedSession('from-cache', 2);
    const { page } = await open('from-cache', `?request=${free}`);
    await panel(page).getByText('as another request had been, at no cost').waitFor();
    expect(await readText(panel(page))).toContain(paid);
    const other = await open('from-cache', `?request=${paid}`);
    await panel(other.page).getByText('gpt-4o-mini').first().waitFor();
    expect(await readText(panel(other.page))).not.toContain('as another request had been');
  });

  test('texts that would run, lead elsewhere or mislead do nothing and can be read, also where they are of 5 MB', async () => {
    const hostile = [
      '<img src=x onerror="window.hacked=1"><svg onload="window.hacked=1"></svg>',
      '[press me](javascript:window.hacked=1) ![pixel](https://tracker.invalid/pixel.png)',
      '\u001b[31mred\u0007 user\u202egnp.exe',
    ].join('\n\n');
    const large = 'A line that somebody pasted, with a word.\n'.repeat(120_000);
    const session = { id: 'hostile-1', name: 'Hostile' };
    await playSessions(dashboard.instance, [
      {
        ...session,
        atMs: Date.now() - HOUR_MS,
        stages: [
          [{ path: '/<b>x', ask: hostile, answer: hostile }],
          [{ path: '/large', ask: large, answer: `# Title\n\n${large}` }],
        ],
      },
    ]);
    const hosts = new Set<string>();
    const { page } = await dashboard.openPage({
      path: `/sessions/${session.id}?view=chat`,
      prepare: async (one) => void one.on('request', (request) => hosts.add(new URL(request.url()).origin)),
    });
    const chat = page.getByRole('region', { name: 'Conversation' });
    await chat.getByText('␛[31mred␇ user⟦RLO⟧gnp.exe').first().waitFor();
    await chat.getByText('<img src=x onerror=', { exact: false }).first().waitFor();
    expect(await chat.getByRole('link', { name: 'press me' }).count()).toBe(0);
    await chat.getByText('press me').first().click();
    await chat.getByRole('button', { name: /^Request 2/ }).click();
    await panel(page)
      .getByRole('button', { name: /^Show all 5\.\d+ MB/ })
      .first()
      .click();
    await panel(page).getByRole('textbox', { name: 'Find in the bodies' }).fill('Title');
    await panel(page).locator('mark').waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect([...hosts]).toEqual([dashboard.url]);
  });

  test('a session that nobody knows, and a request that is not in it, say so', async () => {
    const unknown = await open('no-such-session');
    unknown.expectProblem(/404/);
    await unknown.page.getByText('There is no session with this id').waitFor();
    const { page } = await open(RUN.id, '?request=none');
    await page.getByText('is not in this session').waitFor();
  });

  test.each(['light', 'dark'] as const)('has no problems that axe finds, in the %s theme', async (theme) => {
    const { page, press } = await dashboard.openPage({
      path: `/sessions/${encodeURIComponent(RUN.id)}?focus=error`,
      theme,
    });
    await panel(page).getByText('The card was declined').first().waitFor();
    for (const { key, shows } of VIEWS) {
      await press(key);
      await shows(page).waitFor();
      await expectNoAxeProblems(page);
    }
  });

  test.each([390, 2_560])('does not have to be scrolled sideways at %i px', async (width) => {
    const opened = await dashboard.openPage({ path: `/sessions/${encodeURIComponent(RUN.id)}`, width });
    for (const { key, shows } of VIEWS) {
      await opened.press(key);
      await shows(opened.page).waitFor();
      expect(await sidewaysScroll(opened.page)).toMatchObject({ px: 0 });
    }
    if (width > 900) return;
    const { page } = await dashboard.openPage({ path: `/sessions/${encodeURIComponent(RUN.id)}?focus=error`, width });
    const sheet = page.getByRole('dialog', { name: 'Request' });
    await sheet.getByText('The card was declined').first().waitFor();
    await sheet.getByRole('button', { name: 'Close' }).click();
    await sheet.waitFor({ state: 'detached' });
  });
});

/** Keys of the views, and what is there when they are. */
const VIEWS: readonly { readonly key: string; readonly shows: (page: Page) => Locator }[] = [
  { key: 't', shows: (page) => page.getByRole('treegrid') },
  { key: 'l', shows: (page) => page.getByRole('application') },
  { key: 'c', shows: (page) => page.getByRole('button', { name: /^Request 4/ }) },
  { key: 'd', shows: (page) => page.getByRole('table', { name: 'Distribution by path' }) },
];

/** As it is on the screen. */
async function readText(locator: Locator): Promise<string> {
  await locator.first().waitFor();
  return (await locator.allInnerTexts()).join('\n');
}

async function expectRows(page: Page, rows: number): Promise<void> {
  const grid = page.getByRole('treegrid', { name: 'Requests by path' });
  await waitFor(async () => (await grid.getByRole('row').count()) === rows, { what: `${rows} rows` });
}

/** Two calls of an agent, of which the second repeats the first, and the tool between them; the answers are streams. */
async function logAgent({ instance }: Dashboard): Promise<void> {
  const { url, key } = instance.throughline;
  const chunk = (delta: object) => `data: ${JSON.stringify({ choices: [{ index: 0, delta }] })}\n\n`;
  const said = [
    { role: 'system', content: 'You are a careful assistant' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is the weather in Lisbon?' },
        { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } },
      ],
    },
  ];
  const call = { id: 'call_1', type: 'function', function: { name: 'look_up', arguments: '{"city":"Lisbon"}' } };
  const calls = [
    {
      path: '/decide',
      json: { model: 'gpt-4o', messages: said },
      textBody: chunk({ tool_calls: [{ index: 0, ...call }] }),
    },
    { path: '/look', json: { _type: 'tool', toolName: 'look_up', input: { city: 'Lisbon' } }, output: '23 degrees' },
    {
      path: '/answer',
      json: {
        model: 'gpt-4o',
        messages: [
          ...said,
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call_1', content: '23 degrees' },
        ],
      },
      textBody: `${chunk({ content: 'It is sunny in Lisbon.\n\n- take ' })}${chunk({ content: 'a hat\n' })}data: [DONE]\n\n`,
    },
  ];
  const atMs = Date.now() - HOUR_MS;
  const time = (ms: number) => ({ seconds: Math.floor(ms / 1_000), milliseconds: ms % 1_000 });
  for (const [index, { path, json, textBody, output }] of calls.entries()) {
    const answer = await fetch(`${url}/custom/v1/log`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        'Helicone-Session-Id': AGENT.id,
        'Helicone-Session-Name': AGENT.name,
        'Helicone-Session-Path': path,
      },
      body: JSON.stringify({
        providerRequest: { url: 'custom-model-nopath', json },
        providerResponse: { json: output === undefined ? {} : { output }, ...(textBody && { textBody }), status: 200 },
        timing: { startTime: time(atMs + index * 1_000), endTime: time(atMs + index * 1_000 + 700) },
      }),
    });
    if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  }
  await waitFor(
    async () =>
      ((await instance.api.session(AGENT.id)) as { total_requests: number } | undefined)?.total_requests === 3,
    { what: 'the agent' },
  );
}
