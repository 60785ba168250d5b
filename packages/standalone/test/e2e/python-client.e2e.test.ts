import { createHash, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sentBody } from '@throughline/testkit/fake-provider/exchange';
import { type Instance, leaksOf, SETUP_MS_MAX, startInstance } from './support/instance.ts';
import { hasPython, PYTHON_SETUP_MS_MAX, type Python, preparePython } from './support/python.ts';

// CI has Python; there its absence is a failure. On a machine without it these tests cannot say anything.
const mayRun = hasPython || process.env.CI === 'true';

(mayRun ? describe : describe.skip)("Python's openai (needs python3 with pip)", () => {
  let instance: Instance;
  let python: Python;
  const sessionId = `python-${randomUUID()}`;
  let calls: Record<string, { exchange?: string; request_id?: string; sha256?: string }>;
  beforeAll(async () => {
    python = await preparePython();
    instance = await startInstance();
    const script = fileURLToPath(new URL('./python/calls.py', import.meta.url));
    const stdout = await python.run(script, [], {
      E2E_BASE_URL: instance.openaiUrl,
      E2E_DEFAULT_HEADERS: JSON.stringify(instance.session(sessionId, '/default')),
    });
    const lines = stdout.trim().split('\n');
    calls = Object.fromEntries(lines.map((line) => JSON.parse(line)).map((call) => [call.name, call]));
  }, SETUP_MS_MAX + PYTHON_SETUP_MS_MAX);
  afterAll(() => instance?.stop(), SETUP_MS_MAX);

  test.each(['default headers', 'extra headers', 'stream'])('gets the bytes that were sent: %s', (name) => {
    const { exchange, sha256 } = calls[name]!;
    const sent = sentBody(instance.provider.exchange(exchange!));
    expect(sha256).toBe(createHash('sha256').update(sent).digest('hex'));
  });

  test('puts its calls into the session by default_headers, with paths by extra_headers', async () => {
    const stored = await instance.storedSession(sessionId, 7);
    expect(stored.map(({ session_path }) => session_path).sort()).toEqual([
      '/default',
      '/default',
      '/default',
      '/extra/headers',
      '/parallel/0',
      '/parallel/1',
      '/parallel/2',
    ]);
    expect(stored.map(({ request_id }) => request_id)).toContain(calls['extra headers']!.request_id);
    expect(stored.every(({ response_status }) => response_status === 200)).toBe(true);
  });

  test('shows the provider no header of ours', () => {
    const { provider, throughline } = instance;
    expect(provider.exchanges).toHaveLength(7);
    expect(provider.exchanges.flatMap((exchange) => leaksOf(exchange, throughline.key))).toEqual([]);
  });

  test('runs the example of a course outline', async () => {
    const script = fileURLToPath(new URL('../../../../examples/python/course_outline.py', import.meta.url));
    const { url, key } = instance.throughline;
    const stdout = await python.run(script, ['Knots'], {
      THROUGHLINE_URL: url,
      THROUGHLINE_API_KEY: key,
      OPENAI_API_KEY: 'sk-provider-python',
    });
    const outline = /Session (\S+)/.exec(stdout)?.[1];
    const stored = await instance.storedSession(outline!, 8);
    expect(new Set(stored.map(({ session_path }) => session_path))).toContain('/outline/chapter-2/section-1');
  });
});
