import { expect, test } from '@jest/globals';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { expectNoAxeProblems } from './support/dashboard/expect-no-axe-problems.ts';
import { describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

describeWithChromium('signing in', () => {
  const dashboard = useDashboard();

  test('takes a key, leads to where one wanted to go, and is forgotten with the browser session', async () => {
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

  test('with a key that nobody knows says so, and says no more', async () => {
    const opened = await dashboard.openPage({ signedIn: false });
    opened.expectProblem(/401/);
    await opened.page.getByLabel('API key').fill('sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd');
    await opened.press('Enter');
    await opened.page.getByRole('alert').waitFor();
    expect(await opened.page.evaluate(`sessionStorage.getItem('throughline.key')`)).toBeNull();
  });

  test('works once with the link that the command prints', async () => {
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

  test.each(['light', 'dark'] as const)('has no problems that axe finds, in the %s theme', async (theme) => {
    const { page } = await dashboard.openPage({ signedIn: false, theme });
    await page.getByLabel('API key').waitFor();
    await expectNoAxeProblems(page);
  });
});

describeWithChromium('the frame', () => {
  const dashboard = useDashboard();

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
    const made = await dashboard.instance.api.call<{ data: { key: string } }>('POST', '/v1/key', {
      name: 'writer',
      permission: 'w',
    });
    expect(made.status).toBeLessThan(300);
  });
});
