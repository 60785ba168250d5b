import { expect, test } from '@jest/globals';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import { maskFields } from './mask-fields.ts';
import { masksOf } from './masking-rules.ts';

const RULES = { emails: true, literals: ['Project Bluebird'] };
const NO_BODY = { bytes: new Uint8Array(), size: 0, truncated: false, content_type: '', encoding: '' };
const EVENT = {
  kind: 'request',
  session: null,
  user_id: '',
  properties: [],
  provider: 'OPENAI',
  target_url: 'https://api.openai.com/v1/chat/completions',
  path: '/v1/chat/completions',
  request_headers: [],
  response_headers: [],
  request_body: NO_BODY,
  response_body: NO_BODY,
  trace: { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', tracestate: '' },
  model_override: '',
} as unknown as NewRequestEvent;

test('an event with nothing to mask is itself', () => {
  expect(maskFields(EVENT, masksOf(RULES))).toBe(EVENT);
});

test.each<[string, Partial<NewRequestEvent>, object]>([
  ['the provider that a log names, in capitals', { provider: 'PROJECT BLUEBIRD' }, { provider: '[masked]' }],
  [
    'what other systems say about a trace',
    { trace: { ...EVENT.trace, tracestate: 'vendor=jane@example.com' } },
    { trace: { traceparent: EVENT.trace.traceparent, tracestate: expect.stringContaining('[email]') } },
  ],
])('%s is masked', (_what, changes, masked) => {
  expect(maskFields({ ...EVENT, ...changes }, masksOf(RULES))).toEqual({ ...EVENT, ...masked });
});
