import { expect, test } from '@jest/globals';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { expectNoAxeProblems } from './support/dashboard/expect-no-axe-problems.ts';
import { describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

describeWithChromium('the frame of the dashboard', () => {
  const dashboard = useDashboard();

  test('signing in takes a key, leads to where one wanted to go, and is forgotten with the browser session', async () => {
    const { page, context } = await dashboard.openPage({ path: '/metrics?range=7d', signedIn: false });
    await page.getByRole('heading', { name: 'Sign in to Throughline' }).waitFor();
    await page.getByLabel('API key').fill(dashboard.key);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL(/\/metrics\?range=7d$/);
    await page.reload();
    await page.getByRole('link', { name: 'Metrics' }).waitFor();

    const another = await context.newPage();
    await another.goto('/metrics');
    await another.getByLabel('API key').waitFor();
    expect(await context.cookies()).toEqual([]);
    expect(JSON.stringify(await context.storageState())).not.toContain(dashboard.key);
  });

  test('signing in with a key that nobody knows says so, and says no more', async () => {
    const opened = await dashboard.openPage({ signedIn: false });
    opened.expectProblem(/401/);
    await opened.page.getByLabel('API key').fill('sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd');
    await opened.press('Enter');
    await opened.page.getByRole('alert').waitFor();
    expect(await opened.page.evaluate(`sessionStorage.getItem('throughline.key')`)).toBeNull();
  });

  test('signing in works once with the link that the command prints', async () => {
    const { dataDir } = dashboard.instance.throughline;
    const { stdout } = await runThroughline(['login'], { THROUGHLINE_DATA_DIR: dataDir });
    const link = /http\S+#token=\S+/.exec(stdout)![0];
    const path = link.slice(new URL(link).origin.length);
    const first = await dashboard.openPage({ path, signedIn: false });
    await first.page.waitForURL(/\/sessions$/);
    await first.page.getByRole('link', { name: 'Sessions' }).waitFor();
    expect(await first.page.evaluate('history.length')).toBeLessThan(4);

    const second = await dashboard.openPage({ path, signedIn: false });
    second.expectProblem(/40\d/);
    await second.page.getByRole('alert').waitFor();
    expect(new URL(second.page.url()).hash).toBe('');
  });

  test.each(['light', 'dark'] as const)('signing in has no problems that axe finds, in the %s theme', async (theme) => {
    const { page } = await dashboard.openPage({ signedIn: false, theme });
    await page.getByLabel('API key').waitFor();
    await expectNoAxeProblems(page);
  });

  test('lets nothing run or style a page but its own files, and talks to nobody else', async () => {
    const hosts = new Set<string>();
    const { page } = await dashboard.openPage({
      path: '/sessions',
      prepare: async (one) => void one.on('request', (request) => hosts.add(new URL(request.url()).origin)),
    });
    await page.getByRole('main').waitFor();
    expect([...hosts]).toEqual([dashboard.url]);
    for (const path of ['/', '/sessions/some-id', '/login', '/system']) {
      const policy = (await fetch(dashboard.url + path)).headers.get('content-security-policy');
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
    }
  });

  test('says of a key that may not read what it lacks, and offers another', async () => {
    const made = await dashboard.instance.api.call<{ apiKey: string }>('POST', '/v1/api-keys', {
      api_key_name: 'writer',
      key_permissions: 'w',
    });
    const opened = await dashboard.openPage({ signedIn: made.body.apiKey });
    opened.expectProblem(/40[13]/);
    const { page } = opened;
    await page.getByRole('heading', { name: 'This key may not read' }).waitFor();
    await expectNoAxeProblems(page);
    await page.getByRole('button', { name: 'Sign in with another key' }).click();
    await page.getByLabel('API key').fill(dashboard.key);
    await opened.press('Enter');
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'System' }).click();
    await page.waitForURL(/\/system/);
  });

  test('the palette leads to a page by its first letters, and gives the focus back', async () => {
    const { page, press, type } = await dashboard.openPage({ path: '/sessions' });
    await page.getByRole('main').waitFor();
    await press('Control+k');
    await page.getByRole('dialog', { name: 'Search everything' }).waitFor();
    await expectNoAxeProblems(page);
    await type('syst');
    await press('Enter');
    await page.waitForURL(/\/system/);
    await press('?');
    await page.getByRole('dialog').getByText('Pause live updates').waitFor();
    await expectNoAxeProblems(page);
    await press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('a part whose files cannot be had is waited for, and the page loaded anew once there is an answer', async () => {
    const opened = await dashboard.openPage({ path: '/keys' });
    const { page, press } = opened;
    await page.getByRole('main').getByRole('heading').first().waitFor();
    opened.expectProblem(/ERR_FAILED|Failed to (?:load|fetch)/);
    await page.route('**/*', (route) => route.abort());
    const asked = page.waitForEvent('requestfailed', (request) => /help-dialog/.test(request.url()));
    await press('?');
    await asked;
    expect(await page.getByRole('navigation', { name: 'Pages' }).isVisible()).toBe(true);
    const loadedAnew = page.waitForEvent('load');
    await page.unroute('**/*');
    await loadedAnew;
    await page.getByRole('main').getByRole('heading').first().waitFor();
    await press('?');
    await page.getByRole('dialog').getByText('Pause live updates').waitFor();
  });

  test('the theme follows the system until one is chosen, which is remembered', async () => {
    const { page, press } = await dashboard.openPage({ path: '/keys', theme: 'dark' });
    const shown = () => page.locator('html').getAttribute('data-theme');
    await page.getByRole('button', { name: 'Theme' }).waitFor();
    expect(await shown()).toBe('dark');
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitem', { name: 'Light' }).click();
    expect(await shown()).toBe('light');
    // By keyboard alone, from a menu that is loaded by now and from one that is not.
    await page.getByRole('button', { name: 'Theme' }).press('Enter');
    await page.getByRole('menuitem', { name: 'As the system' }).waitFor();
    await press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Key', exact: true }).press('Enter');
    await page.getByRole('menuitem', { name: 'API keys' }).waitFor();
    await page.getByRole('menu').locator(':focus').or(page.locator('[role="menu"]:focus')).waitFor();
    await press('Escape');
    await page.getByRole('button', { name: 'Key', exact: true }).and(page.locator(':focus')).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Theme' }).waitFor();
    expect(await shown()).toBe('light');
  });

  test('live updates are paused and go on at one key, and are found again after the instance was away', async () => {
    const opened = await dashboard.openPage({ path: '/sessions' });
    const { page, press } = opened;
    const state = (name: RegExp) => page.getByRole('button', { name }).waitFor({ timeout: 30_000 });
    await state(/^Live:/);
    await press('p');
    await state(/^Paused:/);
    await press('p');
    await state(/^Live:/);
    opened.expectProblem(/ERR_|Failed to (?:load|fetch)|503/);
    await dashboard.instance.throughline.kill('SIGTERM');
    await state(/^Reconnecting:/);
    await dashboard.instance.throughline.start();
    await state(/^Live:/);
  });
});
