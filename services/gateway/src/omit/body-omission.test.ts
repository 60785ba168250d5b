import { afterEach, expect, test } from '@jest/globals';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import { type BodyOmission, createBodyOmission } from './body-omission.ts';

const logger = createLogger('omission-test', { level: 'silent', pretty: false });
let omission: BodyOmission | undefined;
afterEach(() => omission?.close());

const body = (text: string) => ({
  bytes: Buffer.from(text),
  size: text.length,
  truncated: false,
  content_type: 'application/json',
  encoding: '',
});
const event = {
  request_id: 'r',
  provider: 'OPENAI',
  method: 'POST',
  target_url: 'https://api.openai.com/v1/chat/completions',
  path: '/v1/chat/completions',
  status: 200,
  abort_reason: '',
  request_body: body('{"model":"gpt-4o"}'),
  response_body: body('{"usage":{"prompt_tokens":1,"completion_tokens":2}}'),
  model_override: '',
  request_at: 0,
  response_headers: [],
} as unknown as NewRequestEvent;

test('what cannot be read is left out all the same; the other body stays and tells what it can', async () => {
  const metrics = createMetrics();
  const entry = new URL(`data:text/javascript,${encodeURIComponent('process.exit(1)')}`);
  omission = createBodyOmission({ estimatesTokens: true, entry, metrics, logger });
  const omitted = await omission.omit(event, { request: true, response: false });
  expect(omitted.request_body).toMatchObject({ bytes: new Uint8Array(0), truncated: true, size: 18 });
  expect(omitted.response_body).toBe(event.response_body);
  expect(omitted.reading).toBeUndefined();
  expect(await metrics.registry.metrics()).toContain('omission_dropped_total{reason="failed"} 1');
});

test('many at once are each read in their own right', async () => {
  omission = createBodyOmission({ estimatesTokens: true, metrics: createMetrics(), logger });
  const all = Array.from({ length: 100 }, (_, i) => ({
    ...event,
    response_body: body(`{"usage":{"prompt_tokens":${i},"completion_tokens":2}}`),
  }));
  const omitted = await Promise.all(all.map((one) => omission!.omit(one, { request: false, response: true })));
  expect(omitted.map(({ reading }) => reading?.tokens.prompt_tokens)).toEqual(all.map((_, i) => i));
  expect(all.map(({ response_body }) => response_body.bytes.length > 0)).not.toContain(false);
});
