import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { lstat, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { scriptHeader } from '@throughline/testkit/fake-provider/script';
import { runThroughline } from '@throughline/testkit/process/service-process';
import { THROUGHLINE } from '@throughline/testkit/process/throughline-command';
import { answerHeader, rawCall } from '@throughline/testkit/raw-call';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

const SESSION = 'team/"Ümlaut" 50%';
/** Nobody's, in the forms that are known. */
const PLANTED = {
  header: `sk-proj-${'h3ader'.repeat(6)}`,
  body: `sk-ant-api03-${'b0dy'.repeat(8)}`,
  answer: `ghp_${'answ3r'.repeat(6)}`,
  property: `AKIA${'PR0PERTY'.repeat(2)}`,
  url: `gsk_${'ur1'.repeat(10)}`,
  name: `xoxb-${'nam3'.repeat(6)}`,
};

let here: Instance;
let there: Instance;
let dir: TempDir;

beforeAll(async () => {
  dir = await createTempDir('bundles');
  [here, there] = await Promise.all([startInstance(), startInstance()]);
  await play();
}, SETUP_MS_MAX);
afterAll(async () => {
  await Promise.all([here?.stop(), there?.stop()]);
  await dir?.remove();
}, SETUP_MS_MAX);

/** Calls of many kinds, all in one session, and what is said of them. */
async function play() {
  const call = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const answer = await rawCall({
      url: `${here.openaiUrl}/chat/completions`,
      headers: { ...here.session(SESSION, path), authorization: 'Bearer sk-provider-key', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return answerHeader(answer, 'Helicone-Id')!;
  };
  const chat = (content: string) => ({ model: 'gpt-4o-mini', messages: [{ role: 'user', content }] });
  const first = await call('/plan', chat('Plan it, and say "ü" \u0001'), {
    'Helicone-User-Id': 'ada',
    'Helicone-Property-Env': 'prod',
    'Helicone-Property-Aws': PLANTED.property,
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  });
  await call('/plan/write', { ...chat(`Use ${PLANTED.body}`), stream: true, stream_options: { include_usage: true } });
  await call(`/plan/${PLANTED.name}`, chat('Fail'), scriptHeader({ status: 500 }));
  await call('', '{"model":"nobody-knows","messages":', { 'Helicone-Session-Name': `Renamed ${PLANTED.name}` });
  const log = await rawCall({
    url: `${here.throughline.url}/custom/v1/log`,
    headers: { ...here.session(SESSION, '/tools'), authorization: `Bearer ${here.throughline.key}` },
    body: JSON.stringify({
      providerRequest: {
        url: 'custom-model-nopath',
        json: { _type: 'tool', toolName: 'search', input: { q: 'x' } },
        meta: {},
      },
      providerResponse: { json: { _type: 'tool', result: PLANTED.answer }, status: 200, headers: {} },
      timing: {
        startTime: { seconds: 1_790_000_000, milliseconds: 5 },
        endTime: { seconds: 1_790_000_001, milliseconds: 7 },
      },
    }),
  });
  expect([log.status, log.body.toString()]).toEqual([200, 'ok']);
  await here.storedSession(SESSION, 5);
  const about = `/v1/session/${encodeURIComponent(SESSION)}`;
  for (const [method, path, body] of [
    ['PUT', `/v1/request/${first}/property`, { key: 'Env', value: 'test' }],
    ['PUT', `/v1/request/${first}/property`, { key: 'Reviewed', value: 'yes' }],
    ['POST', `/v1/request/${first}/score`, { scores: { depth: 3, good: true } }],
    ['POST', `/v1/request/${first}/feedback`, { rating: true }],
    ['POST', `${about}/tag`, { tag: 'gold' }],
    ['POST', `${about}/feedback`, { rating: false }],
    ['POST', `${about}/score`, { scores: { depth: 0.25, b: 1 } }],
  ] as const) {
    expect((await here.api.call(method, path, body)).status).toBeLessThan(300);
  }
}

interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly json: T;
}

async function ask<T = { data: ImportedData }>(
  instance: Instance,
  path: string,
  body?: Buffer | string,
): Promise<Answer<T>> {
  const answer = await fetch(`${instance.throughline.url}${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${instance.throughline.key}` },
    body: typeof body === 'string' ? body : body && new Uint8Array(body),
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const isJson = /^application\/json(;|$)/.test(answer.headers.get('content-type') ?? '');
  return {
    status: answer.status,
    headers: answer.headers,
    bytes,
    json: isJson ? JSON.parse(bytes.toString()) : undefined,
  };
}

interface ImportedData {
  readonly imported: number;
  readonly requests: number;
  readonly differences: readonly unknown[];
}

const exportPath = (session: string, query = '') => `/v1/session/${encodeURIComponent(session)}/export${query}`;
const exported = async (instance: Instance, session: string, query = '') =>
  (await ask(instance, exportPath(session, query))).bytes;

// biome-ignore lint/suspicious/noExplicitAny: whatever is in a line
type Line = any;
const linesOf = (bytes: Buffer): Line[] =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** A file of these lines, whose last says of them what is so. */
function resealed(lines: readonly Line[]): Buffer {
  const requests = lines.filter(({ kind }) => kind === 'request').length;
  const before = lines.flatMap((line) => {
    if (line.kind === 'end') return [];
    return [JSON.stringify(line.kind === 'session' ? { ...line, totals: { ...line.totals, requests } } : line)];
  });
  const text = `${before.join('\n')}\n`;
  const sha256 = createHash('sha256').update(text).digest('hex');
  return Buffer.from(`${text}${JSON.stringify({ kind: 'end', requests, sha256 })}\n`);
}

/** Everything of a file but when it was written, and ids that are of the instance. */
function contentOf(bytes: Buffer): Line[] {
  return linesOf(bytes).map((line) => {
    if (line.kind === 'end') return { requests: line.requests };
    const { exported_at: _, event_id: __, ...rest } = line;
    return rest.session ? { ...rest, session: { ...rest.session, live: null } } : rest;
  });
}

/** All that the API answers about a session, its requests with their bodies. */
async function everythingOf(instance: Instance, session: string) {
  const { data: totals } = (await ask<{ data: object }>(instance, `/v1/session/${encodeURIComponent(session)}`)).json;
  const { data: requests } = (
    await ask<{ data: { request_id: string }[] }>(
      instance,
      `/v1/session/${encodeURIComponent(session)}/requests?limit=100`,
    )
  ).json;
  const whole = await Promise.all(
    requests.map(
      async ({ request_id }) =>
        (await ask<{ data: object }>(instance, `/v1/request/${request_id}?includeBody=true`)).json.data,
    ),
  );
  return { totals: { ...totals, live: null }, whole: whole.map(withoutPlace) };
}

/** Links are signed by an instance; when it recorded a request, and by which event, is its own. */
function withoutPlace(request: object) {
  const { signed_body_url: _, response_id: __, updated_at: ___, ...rest } = request as Record<string, unknown>;
  return rest;
}

test('a session taken to another instance is there what it was here, to the last byte and picodollar', async () => {
  const file = await exported(here, SESSION, '?mask=false');
  const { status, json } = await ask(there, '/v1/session/import', file);
  expect([status, json]).toMatchObject([200, { data: { requests: 5, imported: 5, shortened: 0, differences: [] } }]);
  expect(contentOf(await exported(there, SESSION, '?mask=false'))).toEqual(contentOf(file));
  expect(await everythingOf(there, SESSION)).toEqual(await everythingOf(here, SESSION));
  const [header] = linesOf(file);
  expect(header).toMatchObject({
    format: 'throughline-session',
    totals: { requests: 5, errors: 2 },
    annotations: { tag: 'gold', feedback: false },
  });
  const { stdout } = await runThroughline(['audit', '--json'], { THROUGHLINE_DATA_DIR: there.throughline.dataDir });
  expect(JSON.parse(stdout)).toMatchObject({ clean: true });
});

test('a file that is imported again changes nothing, and says under which name it would', async () => {
  const file = await exported(here, SESSION);
  const again = await ask<{ error: string }>(here, '/v1/session/import', file);
  expect([again.status, again.json.error]).toEqual([
    409,
    expect.stringContaining('with everything that is in the file'),
  ]);
  const copied = await ask(here, '/v1/session/import?as=copy', file);
  expect(copied.json.data).toMatchObject({ session_id: 'copy', imported: 5, differences: [] });
  expect((await ask(here, '/v1/session/import?as=copy', file)).status).toBe(409);
  const [original, copy] = [linesOf(await exported(here, SESSION)), linesOf(await exported(here, 'copy'))];
  expect(copy[0].totals).toEqual(original[0].totals);
  const ids = new Set([...original, ...copy].flatMap(({ request_id: id }) => (id ? [id] : [])));
  expect(ids.size).toBe(10);
});

test('what is left of an import that was cut off follows when the file is sent again', async () => {
  const file = await exported(here, SESSION);
  const part = resealed(linesOf(file).filter(({ kind, path }, at) => kind !== 'request' || (at < 3 && path)));
  expect((await ask(there, '/v1/session/import?as=resumed', part)).json).toMatchObject({ data: { imported: 2 } });
  const rest = await ask(there, '/v1/session/import?as=resumed', file);
  expect(rest.json).toMatchObject({ data: { requests: 5, imported: 3, differences: [] } });
  expect((await ask(there, '/v1/session/import?as=resumed', part)).status).toBe(409);
});

test('no key that was planted is in a file, unless it is asked for as it is stored', async () => {
  const [masked, plain] = [await exported(here, SESSION), await exported(here, SESSION, '?mask=false')];
  const planted = Object.values(PLANTED).filter((key) => plain.includes(key));
  expect(planted.length).toBeGreaterThanOrEqual(4);
  expect(Object.values(PLANTED).filter((key) => masked.includes(key))).toEqual([]);
  const { status, json } = await ask(there, '/v1/session/import?as=masked', masked);
  expect([status, json]).toMatchObject([200, { data: { imported: 5, differences: [] } }]);
});

test('another tenant of the same instance has a session of its own, and its own ids', async () => {
  const env = { THROUGHLINE_DATA_DIR: here.throughline.dataDir };
  await runThroughline(['tenant', 'create', 'others'], env);
  const { stdout } = await runThroughline(['key', 'create', 'others', 'theirs', 'rw', '--json'], env);
  const { key } = JSON.parse(stdout) as { key: string };
  const theirs = { ...here, throughline: { ...here.throughline, url: here.throughline.url, key } } as Instance;
  expect((await ask(theirs, exportPath(SESSION))).status).toBe(404);
  const file = await exported(here, SESSION, '?mask=false');
  expect((await ask(theirs, '/v1/session/import', file)).json).toMatchObject({
    data: { imported: 5, differences: [] },
  });
  expect(contentOf(await exported(theirs, SESSION, '?mask=false'))).toEqual(contentOf(file));
  const eventIds = [file, await exported(theirs, SESSION)]
    .flatMap(linesOf)
    .flatMap(({ event_id: id }) => (id ? [id] : []));
  expect(new Set(eventIds).size).toBe(10);
});

test('commands take a session along', async () => {
  const path = join(dir.path, 'session.jsonl.gz');
  const env = (instance: Instance) => ({ THROUGHLINE_API_KEY: instance.throughline.key });
  const out = await runThroughline(['export', SESSION, '-o', path, '--gzip', '--url', here.throughline.url], env(here));
  expect([out.code, out.stderr]).toEqual([0, '']);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  expect(linesOf(gunzipSync(await readFile(path)))).toHaveLength(7);
  const take = ['import', path, '--as', 'by-command', '--url', there.throughline.url];
  expect(await runThroughline(take, env(there))).toMatchObject({
    code: 0,
    stdout: 'session by-command: 5 of 5 requests recorded\nits totals are those of the file\n',
  });
  const again = await runThroughline(take, env(there));
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('There is a session by-command already')]);
  const nobody = await runThroughline(['export', 'nobody', '--url', here.throughline.url], env(here));
  expect([nobody.code, nobody.stderr]).toEqual([1, expect.stringContaining('Session not found')]);
});

test('commands write where they are told to, and say in a sentence what they cannot read or write', async () => {
  const env = { THROUGHLINE_API_KEY: here.throughline.key };
  const at = ['--url', here.throughline.url];
  const whole = await runThroughline(['export', SESSION, ...at], env);
  const toStdout = await runThroughline(['export', SESSION, '-o', '-', ...at], env);
  expect(linesOf(Buffer.from(toStdout.stdout)).slice(1, -1)).toEqual(linesOf(Buffer.from(whole.stdout)).slice(1, -1));
  const [real, link] = [join(dir.path, 'real.jsonl'), join(dir.path, 'link.jsonl')];
  await writeFile(real, 'before');
  await symlink(real, link);
  expect(await runThroughline(['export', SESSION, '-o', link, ...at], env)).toMatchObject({ code: 0, stderr: '' });
  expect([(await lstat(link)).isSymbolicLink(), linesOf(await readFile(real)).length]).toEqual([true, 7]);
  const pipe = join(dir.path, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  const [read] = await Promise.all([readFile(pipe), runThroughline(['export', SESSION, '-o', pipe, ...at], env)]);
  expect([linesOf(read).length, (await stat(pipe)).isFIFO()]).toEqual([7, true]);
  const bad: [readonly string[], number, string][] = [
    [['export', SESSION, '-o', dir.path], 1, `${dir.path} cannot be written (EISDIR)`],
    [['export', SESSION, '-o', `${dir.path}/none/a`], 1, `${dir.path}/none/a cannot be written (ENOENT)`],
    [['export', ''], 2, 'it takes the id of one session'],
    [['import', dir.path], 1, `${dir.path} cannot be read (EISDIR)`],
    [['import', `${dir.path}/none`], 1, `${dir.path}/none cannot be read (ENOENT)`],
  ];
  for (const [args, code, said] of bad) {
    expect(await runThroughline([...args, ...at], env)).toMatchObject({ code, stderr: expect.stringContaining(said) });
  }
});

test('an export whose reader wants no more ends without a word', async () => {
  const child = spawn(process.execPath, [...THROUGHLINE, 'export', SESSION, '--url', here.throughline.url], {
    env: { ...process.env, THROUGHLINE_API_KEY: here.throughline.key },
  });
  child.stdout.destroy();
  let said = '';
  child.stderr.on('data', (chunk) => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  expect([code, said]).toEqual([1, '']);
});

test('ids of sessions do nothing to the terminal that they are printed on', async () => {
  const path = join(dir.path, 'shown.jsonl');
  await writeFile(path, await exported(here, SESSION));
  const take = ['import', path, '--as', 'clear\u001b[2J', '--url', there.throughline.url];
  const env = { THROUGHLINE_API_KEY: there.throughline.key };
  const [first, second] = [await runThroughline(take, env), await runThroughline(take, env)];
  expect(first.stdout).toContain('session clear\\x1b[2J: 5 of 5 requests recorded');
  expect(second.stderr).toContain('There is a session clear\\x1b[2J already');
});

test('names of files are names, whatever a session is called', async () => {
  const { headers } = await ask(here, exportPath(SESSION, '?gzip=true'));
  expect(headers.get('content-disposition')).toBe('attachment; filename="session-team-mlaut-50-.throughline.jsonl.gz"');
  expect(headers.get('content-type')).toBe('application/gzip');
});

test('what is no file of a session, or not as it was written, is refused with the line, and nothing of it is recorded', async () => {
  const file = await exported(here, SESSION);
  const lines = linesOf(file);
  const text = file.toString();
  const changed = (line: number, change: object) => resealed(lines.with(line, { ...lines[line], ...change }));
  const bad: [string, Buffer | string, string][] = [
    ['nothing', '', 'line 1 is missing: the file is empty'],
    ['another file', '{"a":1}\n', 'line 1 does not begin the file of a session'],
    ['no JSON', 'PK\x03\x04', 'line 1 is no JSON'],
    ['cut within a line', text.slice(0, -100), 'line 7 is no JSON'],
    [
      'cut behind a line',
      text.slice(0, text.lastIndexOf('{"kind":"end"')),
      'line 7 is missing: the file ends before its end',
    ],
    ['edited', text.replace('gpt-4o-mini', 'gpt-4o-nano'), 'line 7 says another sum'],
    ['a line more', `${text}{}\n`, 'line 8 comes behind the last one'],
    ['one request less', text.split('\n').toSpliced(2, 1).join('\n'), 'line 6 says another sum'],
    ['of a later version', changed(0, { version: 2 }), 'line 1 says version 2, and this reads files up to version 1'],
    ['a cost that is none', changed(1, { cost_pico: '1e9' }), 'line 2 is not as it must be: cost_pico: is no amount'],
    ['a field that there is none of', changed(2, { __proto__x: 1 }), 'line 3 is not as it must be'],
    [
      'tokens below zero',
      changed(2, { tokens: { ...lines[2].tokens, prompt_tokens: -1 } }),
      'line 3 is not as it must be: tokens.prompt_tokens',
    ],
    [
      'a body twice',
      changed(3, { request: { ...lines[3].request, base64: '', text: '' } }),
      'has either text or base64',
    ],
    ['compressed and cut', gzipSync(file).subarray(0, -20), 'is in a compressed file that is damaged, or not whole'],
    ['a bomb', gzipSync(Buffer.alloc(400 * 1024 * 1024), { level: 1 }), 'line 1 is longer than 335544320 bytes'],
  ];
  for (const [what, sent, reason] of bad) {
    const { status, json } = await ask<{ error: string }>(there, '/v1/session/import?as=hostile', Buffer.from(sent));
    expect([what, status, json.error]).toEqual([what, 400, expect.stringContaining(reason)]);
  }
  expect((await ask(there, '/v1/session/hostile')).status).toBe(404);
});

test('figures that are not what the requests come to are named', async () => {
  const [header, ...rest] = linesOf(await exported(here, SESSION));
  const file = resealed([{ ...header, totals: { ...header.totals, cost_pico: '7' } }, ...rest]);
  const { json } = await ask(there, '/v1/session/import?as=other-figures', file);
  expect(json.data.differences).toEqual([
    { what: 'cost_pico', file: '"7"', here: JSON.stringify(header.totals.cost_pico) },
  ]);
});
