import { afterEach, describe, expect, test } from '@jest/globals';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { masksOf } from '@throughline/masking/masking-rules';
import { createLogger } from '@throughline/telemetry/logger';
import { Masking, type MaskingOptions } from './masking.ts';

const logger = createLogger('masking-test', { level: 'silent', pretty: false });
const EMAIL = 'jane@example.com';

let masking: Masking | undefined;
afterEach(() => masking?.close());

function start(options: Partial<MaskingOptions> = {}) {
  const dropped: string[] = [];
  masking = new Masking({
    rules: masksOf({ emails: true }),
    bytesMax: 1024 * 1024,
    queueBytesMax: 1024 * 1024,
    onDropped: (reason) => dropped.push(reason),
    logger,
    ...options,
  });
  return { masking, dropped };
}

function event(request: string, changes: Partial<NewRequestEvent> = {}): NewRequestEvent {
  const body = (text: string) => ({
    bytes: Buffer.from(text),
    size: text.length,
    truncated: false,
    content_type: 'application/json',
    encoding: '',
  });
  return {
    kind: 'request',
    schema_version: 1,
    event_id: 'e',
    tenant_id: 't',
    request_id: 'e',
    request_id_chosen: false,
    session: { id: `of ${EMAIL}`, name: '', path: '', rule: 'helicone-session-id' },
    user_id: EMAIL,
    properties: [],
    provider: 'OPENAI',
    target_url: 'https://api.openai.com/v1/chat/completions',
    method: 'POST',
    path: '/v1/chat/completions',
    request_at: 0,
    first_byte_at: null,
    response_at: 1,
    status: 200,
    abort_reason: '',
    request_headers: [],
    response_headers: [],
    request_body: body(request),
    response_body: body('{}'),
    trace: { traceparent: '', tracestate: '' },
    model_override: '',
    ...changes,
  };
}

const BODY = JSON.stringify({ model: 'gpt-4o', to: EMAIL });
const requestText = ({ request_body }: NewRequestEvent) => Buffer.from(request_body.bytes).toString();
const thread = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
const WITHOUT_BODIES = { request_body: { truncated: true, size: BODY.length }, user_id: '[email]' };

test('many calls at once are each masked, in their own right, and the given bytes are not touched', async () => {
  const { masking, dropped } = start();
  const given = Array.from({ length: 200 }, (_, i) => event(JSON.stringify({ n: i, to: EMAIL })));
  const masked = await Promise.all(given.map((one) => masking.mask(one)));
  expect(masked.map(requestText)).toEqual(given.map((_, i) => `{"n":${i},"to":"[email]"}`));
  expect(given.map(requestText)).toEqual(given.map((_, i) => JSON.stringify({ n: i, to: EMAIL })));
  expect(masked[0]).toMatchObject({ user_id: '[email]', session: { id: `of ${EMAIL}` }, event_id: 'e' });
  expect([dropped, masking.waitingBytes]).toEqual([[], 0]);
});

describe('a body that could not be masked is not stored, and the fields are masked', () => {
  test('when more waits than may', async () => {
    const { masking, dropped } = start({ queueBytesMax: 10 });
    const masked = await masking.mask(event(BODY));
    expect(masked).toMatchObject(WITHOUT_BODIES);
    expect([requestText(masked), dropped]).toEqual(['', ['overloaded']]);
    // What fits is masked.
    expect(requestText(await masking.mask(event('"a@b.de"')))).toBe('"[email]"');
  });

  test.each([
    ['dies', 'process.exit(1)'],
    ['throws', 'throw new Error("x")'],
    [
      'dies with a call',
      'import {parentPort} from "node:worker_threads"; parentPort.on("message", () => process.exit(1))',
    ],
    [
      'says that it failed',
      'import {parentPort} from "node:worker_threads"; parentPort.on("message", ({id}) => parentPort.postMessage({id, failure: "x"}))',
    ],
    [
      'does not come to an end',
      'import {parentPort} from "node:worker_threads"; parentPort.on("message", () => { for(;;); })',
    ],
  ])('when the thread %s', async (_name, code) => {
    const { masking, dropped } = start({ entry: thread(code), stallMs: 200 });
    const masked = await Promise.all([masking.mask(event(BODY)), masking.mask(event(BODY))]);
    for (const one of masked) {
      expect(one).toMatchObject(WITHOUT_BODIES);
      expect(requestText(one)).toBe('');
    }
    expect(dropped).toEqual(['failed', 'failed']);
  });

  test('when it takes too long, and its bytes count until the thread is done with them', async () => {
    const late =
      'parentPort.on("message", ({id}) => setTimeout(() => parentPort.postMessage({id, request: null, response: null, reading: null}), 800))';
    const entry = thread(`import {parentPort} from "node:worker_threads"; ${late}`);
    const { masking, dropped } = start({ entry, waitMs: 100 });
    const masked = await Promise.all([masking.mask(event(BODY)), masking.mask(event(BODY))]);
    expect(masked).toMatchObject([WITHOUT_BODIES, WITHOUT_BODIES]);
    expect(dropped).toEqual(['overloaded', 'overloaded']);
    const deadline = performance.now() + 10_000;
    while (masking.waitingBytes > 0 && performance.now() < deadline) await new Promise((next) => setTimeout(next, 20));
    expect([masking.waitingBytes, dropped.length]).toEqual([0, 2]);
  });

  test('when it is closed', async () => {
    const { masking, dropped } = start();
    const waiting = masking.mask(event(BODY));
    await masking.close();
    expect([await waiting, await masking.mask(event(BODY))]).toMatchObject([WITHOUT_BODIES, WITHOUT_BODIES]);
    expect(dropped).toEqual(['failed', 'failed']);
  });
});
