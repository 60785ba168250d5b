import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openEmbeddedAnalytics } from '@throughline/analytics/embedded/open-embedded-analytics';
import { WITH_TOMBSTONES } from '@throughline/analytics/read-settings';
import { fastClock } from '@throughline/testkit/process/fast-clock';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { waitFor } from '@throughline/testkit/wait-for';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

/** Stands in everything that is to be gone. */
const MARK = 'zq-mark';
/** An hour, for which the log keeps its events, lasts this long. */
const HOUR_MS = 1_200;
const SPEED = 3_600_000 / HOUR_MS;

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance({
    ...fastClock(SPEED),
    LOG_RETENTION_HOURS: '1',
    PURGE_DELAY_SECONDS: '1',
    RETENTION_INTERVAL_SECONDS: '1',
  });
}, SETUP_MS_MAX);
afterAll(() => instance.stop(), SETUP_MS_MAX);

interface Said {
  readonly session?: string;
  readonly name?: string;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One recorded call; its request id. */
async function call({ session, name = '', text = 'nothing', headers = {} }: Said): Promise<string> {
  const answer = await rawCall({
    url: `${instance.openaiUrl}/chat/completions`,
    headers: {
      'Helicone-Auth': `Bearer ${instance.throughline.key}`,
      ...(session !== undefined && { 'Helicone-Session-Id': session }),
      ...(name && { 'Helicone-Session-Name': name }),
      authorization: 'Bearer sk-provider-key',
      ...headers,
    },
    body: JSON.stringify({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: text }] }),
  });
  expect(answer.status).toBe(200);
  return answerHeader(answer, 'Helicone-Id')!;
}

async function ask(method: string, path: string, body?: unknown) {
  const answer = await instance.api.call<Record<string, unknown>>(method, path, body);
  return { status: answer.status, body: answer.body };
}

/** A deletion that a busy machine does not carry out within the time of a call is carried out all the same. */
async function remove(path: string): Promise<unknown> {
  const { status, body } = await ask('DELETE', path);
  if (status !== 503) return { status, body };
  expect(body).toMatchObject({ error: expect.stringContaining('It is recorded') });
  await waitFor(async () => (await ask('DELETE', path)).status === 404, { what: `${path} to be gone` });
  return undefined;
}

async function shown(requestIds: readonly string[]): Promise<void> {
  for (const id of requestIds) await instance.stored(id);
}

const everything = { timeFilter: { startTimeUnixMs: 0, endTimeUnixMs: 4e12 }, search: '', timezoneDifference: 0 };
const NOT_FOUND = { status: 404, body: { data: null, error: 'No request found' } };

describe('what is deleted', () => {
  test('is gone from the next read, and what comes later under its id starts anew', async () => {
    const path = `/v1/session/${encodeURIComponent('to go')}`;
    expect(await ask('DELETE', path)).toEqual(NOT_FOUND);
    const ids = [await call({ session: 'to go' }), await call({ session: 'to go' })];
    const other = await call({ session: 'stays' });
    await shown([...ids, other]);
    expect([undefined, { status: 200, body: { data: { requests: 2 }, error: null } }]).toContainEqual(
      await remove(path),
    );
    expect((await ask('GET', path)).status).toBe(404);
    expect((await ask('GET', `${path}/requests`)).status).toBe(404);
    for (const id of ids) expect((await ask('GET', `/v1/request/${id}`)).status).toBe(404);
    const list = await ask('POST', '/v1/session/query', { ...everything, filter: 'all', limit: 100 });
    const listed = (list.body.data as { session_id: string }[]).map(({ session_id }) => session_id);
    expect(listed).toEqual(['stays']);
    const count = await ask('POST', '/v1/session/count', { ...everything, filter: 'all' });
    expect(count.body.data).toMatchObject({ count: 1 });
    expect((await instance.api.requests()).map(({ request_id }) => request_id)).toEqual([other]);
    expect(await ask('DELETE', path)).toEqual(NOT_FOUND);

    await shown([await call({ session: 'to go' })]);
    expect(await instance.api.session('to go')).toMatchObject({ total_requests: 1 });
  });

  test('of a user leaves the calls of others', async () => {
    const path = '/v1/user/ada%20l/data';
    expect(await ask('DELETE', path)).toEqual(NOT_FOUND);
    const ada = { 'Helicone-User-Id': 'ada l' };
    const hers = [
      await call({ session: 'shared', headers: ada }),
      await call({ session: 'hers', headers: ada }),
      await call({ headers: ada }),
    ];
    await shown([...hers, await call({ session: 'shared', headers: { 'Helicone-User-Id': 'grace' } })]);
    expect([undefined, { status: 200, body: { data: { requests: 3 }, error: null } }]).toContainEqual(
      await remove(path),
    );
    for (const id of hers) expect((await ask('GET', `/v1/request/${id}`)).status).toBe(404);
    expect(await instance.api.session('hers')).toBeUndefined();
    expect(await instance.api.session('shared')).toMatchObject({ total_requests: 1, user_ids: ['grace'] });
    expect(await ask('DELETE', path)).toEqual(NOT_FOUND);
    const log = (await ask('GET', '/v1/system/audit')).body.data as { action: string; details: object }[];
    expect(log[0]).toMatchObject({ action: 'user.delete', details: { requests: '3' } });
    expect(JSON.stringify(log)).not.toContain('ada');
  });

  test('leaves no byte in any store or log once it is purged and the log has forgotten it', async () => {
    const user = { 'Helicone-User-Id': `${MARK}-user` };
    const first = await call({
      session: 'marked',
      name: `${MARK}-name`,
      text: `${MARK}-text`,
      headers: { ...user, 'Helicone-Property-Secret': `${MARK}-value`, 'Helicone-Session-Path': `/${MARK}-path` },
    });
    const second = await call({ session: 'mixed', text: `${MARK}-text`, headers: user });
    await shown([first, second, await call({ session: 'mixed' })]);
    await ask('POST', '/v1/session/marked/tag', { tag: `${MARK}-tag` });
    await ask('PUT', `/v1/request/${second}/property`, { key: 'late', value: `${MARK}-late` });
    await remove('/v1/session/marked');
    await remove(`/v1/user/${MARK}-user/data`);

    // Each of these ends a segment of the log, which goes once it is an hour old.
    const { dataDir } = instance.throughline;
    await waitFor(
      async () => {
        await call({ session: 'later', text: 'x'.repeat(9 * 1024 * 1024) });
        await sleep(HOUR_MS + 100);
        const found = filesWith(join(dataDir, 'log'), MARK);
        if (found.length > 0) throw new Error(found.join(', '));
        return true;
      },
      { what: 'the log without it', timeoutMs: 120_000 },
    );
    await waitFor(
      async () => {
        const { stdout } = await runThroughline(['audit', '--json'], { THROUGHLINE_DATA_DIR: dataDir });
        expect(JSON.parse(stdout)).toMatchObject({ clean: true, settled: true });
        return true;
      },
      { what: 'a clean audit', timeoutMs: 30_000 },
    );
    // The next start writes the totals anew, and lets go of parts that idle connections have read last.
    await sleep(10_000);
    await instance.throughline.kill('SIGTERM');
    await instance.throughline.start();
    expect(await instance.api.session('mixed')).toMatchObject({ total_requests: 1, user_ids: [] });
    // The engine keeps parts for half a minute after it has written them anew.
    await waitFor(
      async () => {
        const found = filesWith(dataDir, MARK);
        if (found.length > 0) throw new Error(found.join(', '));
        return true;
      },
      { what: 'files without it', timeoutMs: 120_000, intervalMs: 1_000 },
    );
    await instance.throughline.kill('SIGTERM');
    expect(await rowsWith(join(dataDir, 'clickhouse'), MARK)).toEqual([]);
    await instance.throughline.start();
  }, 300_000);
});

/** Names of the files below a folder that hold a text. */
function filesWith(dir: string, text: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((name) => {
    const path = join(dir, name);
    return statSync(path, { throwIfNoEntry: false })?.isFile() && readFileSync(path).includes(text);
  });
}

/** Every version of every row of every table that holds a text, tombstones and all: parts are compressed. */
async function rowsWith(dir: string, text: string): Promise<string[]> {
  const analytics = await openEmbeddedAnalytics({ dir });
  try {
    const tables = await analytics.query<{ name: string }>({
      sql: "SELECT name FROM system.tables WHERE database = currentDatabase() AND name NOT LIKE 'schema%'",
    });
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await analytics.query({
        sql: `SELECT * FROM ${name}`,
        settings: WITH_TOMBSTONES,
      });
      for (const row of rows) if (JSON.stringify(row).includes(text)) found.push(`${name}: ${JSON.stringify(row)}`);
    }
    return found;
  } finally {
    await analytics.close();
  }
}
