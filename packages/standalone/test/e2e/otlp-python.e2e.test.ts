import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';
import { hasPython, PYTHON_SETUP_MS_MAX, type Python, preparePython } from './support/python.ts';

// CI has Python; there its absence is a failure. On a machine without it these tests cannot say anything.
const mayRun = hasPython || process.env.CI === 'true';

const PACKAGES = [
  'openai==3.52.0',
  'opentelemetry-sdk==1.45.2',
  'opentelemetry-exporter-otlp-proto-http==1.45.2',
  'opentelemetry-instrumentation-openai==0.62.4',
  'openinference-instrumentation-openai==0.1.66',
];

(mayRun ? describe : describe.skip)("Python's OpenTelemetry (needs python3 with pip)", () => {
  let instance: Instance;
  let python: Python;
  beforeAll(async () => {
    python = await preparePython(PACKAGES);
    instance = await startInstance();
  }, SETUP_MS_MAX + PYTHON_SETUP_MS_MAX);
  afterAll(() => instance?.stop(), SETUP_MS_MAX);

  test.each([
    ['openllmetry', '/v1/trace/log-python'],
    ['openinference', '/v1/traces'],
  ])('%s: what is called around the gateway is a session with usage and cost', async (which, path) => {
    const { url, key } = instance.throughline;
    const sessionId = `${which}-${randomUUID()}`;
    const script = fileURLToPath(new URL('./python/otlp_traces.py', import.meta.url));
    const before = instance.provider.exchanges.length;
    await python.run(script, [which], {
      E2E_TRACES_URL: url + path,
      E2E_KEY: key,
      E2E_PROVIDER_URL: `${instance.provider.origin}/v1`,
      E2E_SESSION: sessionId,
      // As Node.js spawns it, without a locale.
      PYTHONUTF8: '1',
    });
    const stored = await instance.storedSession(sessionId, 3);
    const calls = stored.filter(({ step_kind }) => step_kind === 'llm');
    const usages = instance.provider.exchanges.slice(before).map(({ usage }) => usage!.completion_tokens);
    expect(calls.map(({ completion_tokens }) => completion_tokens).sort()).toEqual(usages.sort());
    for (const call of calls) {
      expect(call).toMatchObject({ provider: 'OPENAI', usage_complete: true, cost_source: 'table' });
      expect(call.session_path).toMatch(/^\/outline\/./);
      const { request_body, response_body } = (await instance.api.request(call.request_id))!;
      expect(request_body).toMatchObject({
        model: 'gpt-4o-mini',
        messages: [{ role: 'user', content: 'Which step was slow? Und was kostet er: 5 €?' }],
      });
      expect(JSON.stringify(response_body)).toContain('"role":"assistant"');
    }
    expect(await instance.api.session(sessionId)).toMatchObject({ total_requests: 3, cost_complete: true });
  });
});
