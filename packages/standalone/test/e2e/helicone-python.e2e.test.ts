import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';
import { hasPython, PYTHON_SETUP_MS_MAX, type Python, preparePython } from './support/python.ts';

// CI has Python; there its absence is a failure. On a machine without it these tests cannot say anything.
const mayRun = hasPython || process.env.CI === 'true';

(mayRun ? describe : describe.skip)("Python's helicone_helpers (needs python3 with pip)", () => {
  let instance: Instance;
  let python: Python;
  beforeAll(async () => {
    python = await preparePython(['helicone-helpers==1.2.1']);
    instance = await startInstance();
  }, SETUP_MS_MAX + PYTHON_SETUP_MS_MAX);
  afterAll(() => instance?.stop(), SETUP_MS_MAX);

  test.each([
    ['', 'CUSTOM'],
    ['/v1/trace', 'CUSTOM'],
  ])('logs calls, tools and streams at %j', async (endpoint, custom) => {
    const { url, key } = instance.throughline;
    const sessionId = `python-${randomUUID()}`;
    const script = fileURLToPath(new URL('./python/helicone_logs.py', import.meta.url));
    await python.run(script, [], {
      E2E_URL: url + endpoint,
      E2E_KEY: key,
      E2E_HEADERS: JSON.stringify({ 'Helicone-Session-Id': sessionId, 'Helicone-Session-Name': 'Python' }),
    });
    const stored = await instance.storedSession(sessionId, 6);
    const steps = stored.map(({ session_path, provider, model, cost, usage_complete, step_kind }) => ({
      session_path,
      provider,
      model,
      isPriced: cost !== null && cost > 0,
      usage_complete,
      step_kind,
    }));
    steps.sort((a, b) => a.session_path!.localeCompare(b.session_path!));
    const llm = { model: 'gpt-4o-mini', isPriced: true, usage_complete: true, step_kind: 'llm' };
    expect(steps).toEqual([
      { session_path: '/1-custom', provider: custom, ...llm },
      { session_path: '/2-openai', provider: 'OPENAI', ...llm },
      // It has no price for this model, of a provider that does not have it.
      { session_path: '/3-anthropic', provider: 'ANTHROPIC', ...llm, isPriced: false },
      { session_path: '/4-text', provider: custom, ...llm },
      {
        session_path: '/5-tool',
        provider: custom,
        model: 'tool:search',
        isPriced: false,
        usage_complete: true,
        step_kind: 'tool',
      },
      { session_path: '/6-stream', provider: custom, ...llm },
    ]);
  });
});
