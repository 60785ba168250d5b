import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createApiClient } from '@throughline/testkit/api-client';
import { type FakeProvider, startFakeProvider } from '@throughline/testkit/fake-provider/fake-provider';
import { scriptHeader } from '@throughline/testkit/fake-provider/script';
import { runThroughline } from '@throughline/testkit/process/service-process';
import {
  startThroughline,
  type ThroughlineOptions,
  type ThroughlineProcess,
} from '@throughline/testkit/process/throughline-process';
import { rawCall } from '@throughline/testkit/raw-call';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';
import { SETUP_MS_MAX } from './support/instance.ts';

let cleanUp: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of cleanUp.reverse()) await one[Symbol.asyncDispose]();
  cleanUp = [];
}, SETUP_MS_MAX);

async function start(options: ThroughlineOptions): Promise<ThroughlineProcess> {
  const throughline = await startThroughline(options);
  cleanUp.push(throughline);
  return throughline;
}

async function startProvider(): Promise<FakeProvider> {
  const provider = await startFakeProvider();
  cleanUp.push(provider);
  return provider;
}

async function tempDir(): Promise<TempDir> {
  const dir = await createTempDir('lifecycle');
  cleanUp.push(dir);
  return dir;
}

const CHAT = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] };

describe('keys', () => {
  test(
    'a first start prints a key and a curl that makes a session; later starts keep both silent and in force',
    async () => {
      const provider = await startProvider();
      const throughline = await start({ providerOrigin: provider.origin, key: null });
      // Ready is what its port says, and what it prints comes by a pipe: either may be seen first.
      await waitFor(() => throughline.stderr.includes('Sign in'), { what: 'the first steps' });
      const key = /sk-helicone(?:-[a-z0-9]{7}){4}/.exec(throughline.stderr)?.[0];
      expect(key).toBeDefined();
      expect(throughline.stderr).toContain('curl');
      const printed = throughline.stderr.length;
      await rawCall({
        url: `${throughline.url}/v1/gateway/oai/v1/chat/completions`,
        headers: { 'Helicone-Auth': `Bearer ${key}`, 'Helicone-Session-Id': 'first' },
        body: JSON.stringify(CHAT),
      });
      const api = createApiClient(throughline.url, key!);
      await waitFor(() => api.session('first'));

      await throughline.kill('SIGTERM');
      await throughline.start();
      await waitFor(() => throughline.stderr.slice(printed).includes('Sign in'), { what: 'the link' });
      expect(throughline.stderr.slice(printed)).not.toContain('sk-helicone');
      expect(await api.session('first')).toMatchObject({ total_requests: 1 });

      const lost = 'sk-helicone-aaaaaaa-bbbbbbb-ccccccc-1234567';
      await throughline.kill('SIGTERM');
      await throughline.start({ THROUGHLINE_API_KEY: lost });
      const replaced = createApiClient(throughline.url, lost);
      expect(await replaced.session('first')).toMatchObject({ total_requests: 1 });
      expect((await api.call('GET', '/v1/session/first')).status).toBe(401);
    },
    SETUP_MS_MAX,
  );
});

describe('one process per folder and port', () => {
  test(
    'a second process on the same folder says so in one sentence and ends, the first goes on',
    async () => {
      const throughline = await start({});
      const second = await runThroughline(['start'], { THROUGHLINE_DATA_DIR: throughline.dataDir, PORT: '0' });
      expect(second.code).toBe(1);
      expectOneSentence(second.stderr);
      expect(second.stderr).toContain(throughline.dataDir);
      expect((await rawCall({ url: `${throughline.url}/readyz` })).status).toBe(200);
    },
    SETUP_MS_MAX,
  );

  test(
    'a port that is taken is named in one sentence',
    async () => {
      const taken = await startProvider();
      const dir = await tempDir();
      const { port } = new URL(taken.origin);
      const second = await runThroughline(['start'], { THROUGHLINE_DATA_DIR: dir.path, PORT: port });
      expect(second.code).toBe(1);
      expectOneSentence(second.stderr);
      expect(second.stderr).toContain(`127.0.0.1:${port}`);

      // Nothing happened in that folder, and nothing else is said of it.
      const throughline = await start({ dataDir: dir.path, env: { LOG_LEVEL: 'warn' } });
      const audit = await runThroughline(['audit', '--json'], { THROUGHLINE_DATA_DIR: dir.path });
      expect(JSON.parse(audit.stdout)).toMatchObject({ clean: true, partitions: [{ logged: 0, losses: [] }] });
      expect(throughline.stdout).toBe('');
    },
    SETUP_MS_MAX,
  );

  test('a start whose engine cannot be opened ends, though it listens already', async () => {
    const dir = await tempDir();
    await writeFile(join(dir.path, 'clickhouse'), 'no folder');
    const { code, stderr } = await runThroughline(['start'], { THROUGHLINE_DATA_DIR: dir.path, PORT: '0' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('clickhouse')]);
  });

  test.each([
    ['PORT', 'http'],
    ['DURABILITY', 'sometimes'],
    ['PROVIDER_OPENAI_URL', 'nowhere'],
    ['PROVIDER_OPENIA_URL', 'http://127.0.0.1:1'],
    ['OUTBOX_BYTES_MAX', 'much'],
    ['OUTBOX_BYTES_MAX', '0'],
    ['CORS_ORIGINS', 'app.example.com'],
  ])('%s=%s is refused in one sentence that names it', async (name, value) => {
    const dir = await tempDir();
    const { code, stderr } = await runThroughline(['start'], { THROUGHLINE_DATA_DIR: dir.path, [name]: value });
    expect(code).toBe(1);
    expectOneSentence(stderr);
    expect(stderr).toContain(name);
  });
});

describe('commands', () => {
  test('help lists them, config lists every setting, neither needs a running process', async () => {
    const help = await runThroughline(['--help']);
    expect(help.code).toBe(0);
    for (const command of ['start', 'config', 'audit', 'demo']) expect(help.stdout).toContain(command);
    const config = await runThroughline(['config'], {
      PORT: '1234',
      THROUGHLINE_API_KEY: 'sk-helicone-not-to-be-shown',
    });
    expect(config.code).toBe(0);
    for (const name of ['PORT', 'THROUGHLINE_DATA_DIR', 'DURABILITY', 'ALLOWED_TARGETS', 'CAPTURE_BYTES_MAX']) {
      expect(config.stdout).toContain(name);
    }
    expect(config.stdout).toContain('1234');
    expect(config.stdout).not.toContain('not-to-be-shown');
  });

  test.each(['audit', 'demo'])('%s says what to do when nothing runs', async (command) => {
    const dir = await tempDir();
    const { code, stderr } = await runThroughline([command], { THROUGHLINE_DATA_DIR: dir.path });
    expect(code).toBe(1);
    expectOneSentence(stderr);
  });

  test(
    'demo says that it needs the key, where calls do',
    async () => {
      const { dataDir } = await start({ env: { REQUIRE_KEY: 'true' } });
      const { code, stderr } = await runThroughline(['demo'], { THROUGHLINE_DATA_DIR: dataDir });
      expect(code).toBe(1);
      expectOneSentence(stderr);
      expect(stderr).toContain('THROUGHLINE_API_KEY');
    },
    SETUP_MS_MAX,
  );

  test('an argument that means nothing is refused', async () => {
    const { code, stderr } = await runThroughline(['start', '--port', '3']);
    expect(code).toBe(2);
    expect(stderr).toContain('"--port"');
  });

  test('an unknown command is refused with a hint', async () => {
    const { code, stderr } = await runThroughline(['strat']);
    expect(code).toBe(2);
    expect(stderr).toContain('--help');
  });
});

test(
  'SIGTERM lets a stream under way finish, records it, and ends with 0',
  async () => {
    const provider = await startProvider();
    const throughline = await start({ providerOrigin: provider.origin });
    const stopping = Promise.withResolvers<void>();
    const calling = rawCall({
      url: `${throughline.url}/v1/gateway/oai/v1/chat/completions`,
      headers: {
        'Helicone-Auth': `Bearer ${throughline.key}`,
        'Helicone-Session-Id': 'drained',
        ...scriptHeader({ paceMs: 30, chunks: 20, words: 20 }),
      },
      body: JSON.stringify({ ...CHAT, stream: true }),
      onHead: () => stopping.resolve(),
    });
    await stopping.promise;
    const ended = throughline.kill('SIGTERM');
    const answer = await calling;
    expect(answer.end).toBe('complete');
    expect(answer.body.toString()).toContain('data: [DONE]\n\n');
    expect(await ended).toEqual({ code: 0, signal: null });
    await throughline.start();
    const api = createApiClient(throughline.url, throughline.key);
    expect(await waitFor(() => api.session('drained'))).toMatchObject({ total_requests: 1, error_count: 0 });
  },
  SETUP_MS_MAX,
);

test(
  'health, readiness and metrics need no key, and a foreign Host is refused',
  async () => {
    const { url } = await start({});
    for (const path of ['/healthz', '/readyz', '/metrics', '/healthcheck']) {
      expect([path, (await rawCall({ url: url + path })).status]).toEqual([path, 200]);
    }
    const rebound = await rawCall({ url: `${url}/v1/session/x`, headers: { host: 'attacker.example' } });
    expect(rebound.status).toBe(403);
  },
  SETUP_MS_MAX,
);

function expectOneSentence(text: string): void {
  const lines = text.trim().split('\n');
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^throughline: \S.*\S$/);
}
