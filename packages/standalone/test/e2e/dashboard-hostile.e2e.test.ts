import { expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { settled } from './support/dashboard/every-page.ts';
import { HOSTILE, HOSTILE_SESSION, hostileSessions, LARGE_SESSION } from './support/dashboard/hostile-sessions.ts';
import { playSessions } from './support/dashboard/play-session.ts';
import { describeWithChromium, useDashboard } from './support/dashboard/use-dashboard.ts';

describeWithChromium('what strangers and models wrote', () => {
  const dashboard = useDashboard(({ instance }) => playSessions(instance, hostileSessions()));
  const session = `/sessions/${encodeURIComponent(HOSTILE_SESSION.id)}`;

  /** Opens a page that must show no more than texts, and ask nobody else. */
  async function openHarmless(path: string): Promise<Page> {
    const hosts = new Set<string>();
    const { page } = await dashboard.openPage({
      path,
      prepare: async (one) => {
        one.on('request', (request) => hosts.add(new URL(request.url()).protocol + new URL(request.url()).host));
        one.on('dialog', (dialog) => hosts.add(`dialog ${dialog.message()}`));
      },
    });
    await page.getByRole('main').waitFor();
    await settled(page);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    const own = new URL(dashboard.url);
    expect([...hosts].filter((host) => host !== own.protocol + own.host && !/^(?:data|blob):/.test(host))).toEqual([]);
    const ran = await page.evaluate(
      `document.querySelectorAll('[onload], [onerror], a[href^="javascript:"], a[href^="data:"], iframe, main script, main style').length`,
    );
    expect(ran).toBe(0);
    return page;
  }

  test('does nothing in lists, and is read as it was written', async () => {
    const page = await openHarmless('/sessions');
    await page.getByText('<svg onload="window.hacked=1">').first().waitFor();
    // Nothing turns the text around it.
    expect(await page.getByRole('main').textContent()).not.toMatch(UNSEEN);
  });

  test.each(['tree', 'timeline', 'chat', 'paths'])('does nothing in the %s of its session', async (view) => {
    const page = await openHarmless(`${session}?view=${view}`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('<svg onload=');
    expect(await page.getByRole('main').textContent()).not.toMatch(UNSEEN);
  });

  test('does nothing beside a request, rendered and raw', async () => {
    const [first] = await dashboard.instance.api.sessionRequests(HOSTILE_SESSION.id);
    const page = await openHarmless(`${session}?request=${first!.request_id}`);
    await page.getByText('onerror="window.hacked=1"').first().waitFor();
    await page.keyboard.press('r');
    await settled(page);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    await page.keyboard.press('c');
    await settled(page);
    const links = page.getByRole('main').getByRole('link');
    for (const link of await links.all()) {
      expect(await link.getAttribute('href')).toMatch(/^(?:https?:|mailto:|\/|#)/);
    }
    expect(await page.evaluate('window.hacked')).toBeUndefined();
  });

  test.each([
    ['users', '/users'],
    ['the page of a user', `/users/${encodeURIComponent(HOSTILE_SESSION.user)}`],
    ['metrics', '/metrics'],
    ['patterns', `/patterns?name=${encodeURIComponent(HOSTILE_SESSION.name)}`],
    ['funnels', `/patterns?name=${encodeURIComponent(HOSTILE_SESSION.name)}&view=funnel`],
    ['contrasts', `/patterns?name=${encodeURIComponent(HOSTILE_SESSION.name)}&view=contrast`],
    ['comparisons', '/compare'],
    ['the system', '/system'],
  ])('does nothing in %s', async (_, path) => {
    await openHarmless(path);
  });

  test('does nothing as the name of a key', async () => {
    await dashboard.instance.api.call('POST', '/v1/api-keys', { api_key_name: HOSTILE.html, key_permissions: 'r' });
    const page = await openHarmless('/keys');
    await page.getByText('<img src="x"').first().waitFor();
  });

  test('does nothing in what is searched for and found', async () => {
    const page = await openHarmless('/sessions');
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('hostile <img');
    await page.getByRole('dialog').getByRole('option').first().waitFor();
    expect(await page.evaluate('window.hacked')).toBeUndefined();
  });

  test('does nothing in the address', async () => {
    const evil = encodeURIComponent(HOSTILE.html);
    for (const path of [
      `/sessions?range=${evil}&filter=${evil}&search=${evil}`,
      `/login?to=javascript:window.hacked=1`,
    ]) {
      const { page } = await dashboard.openPage({ path });
      await page.locator('#page').waitFor();
      expect(await page.evaluate('window.hacked')).toBeUndefined();
    }
  });

  test('stays readable and quick to leave where it is 5 MB long', async () => {
    const [first, second] = await dashboard.instance.api.sessionRequests(LARGE_SESSION.id);
    for (const view of ['tree', 'chat']) {
      for (const request of [first!, second!]) {
        const { page, press, context } = await dashboard.openPage({
          path: `/sessions/${LARGE_SESSION.id}?view=${view}&request=${request.request_id}`,
        });
        await page
          .getByText(request === first ? /A line of a log/ : /xxxxxxxxxx/)
          .first()
          .waitFor();
        // Whatever is drawn of it, the page answers keys.
        await press('?');
        await page.getByRole('dialog').waitFor();
        await context.close();
      }
    }
  });
});

/** What acts on the text around it, or on a terminal that it is pasted into. Lines may end. */
const UNSEEN = /(?![\n\t])[\p{Cc}\u202A-\u202E\u2066-\u2069]/u;
