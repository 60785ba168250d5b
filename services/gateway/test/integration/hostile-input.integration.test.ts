import net from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeEvent, encodeEvent } from '@throughline/contracts/event-codec';
import type { NewRequestEvent, RequestEvent } from '@throughline/contracts/request-event';
import fc from 'fast-check';
import { buildRequestRow } from '../../../session-aggregator/src/steps/build-request-row.ts';
import {
  type FakeUpstream,
  type Harness,
  KEY,
  request,
  startGateway,
  startUpstream,
} from '../support/gateway-harness.ts';
import { otlpValue } from '../support/otlp-spans.ts';

// Every field that a caller fills, with what breaks products of this kind. Whatever comes, nothing is our fault (no 500),
// what is taken is stored as the data that it is, and nothing else changes.

let upstream: FakeUpstream;
let gateways: Harness[] = [];
beforeAll(async () => {
  upstream = await startUpstream((req, res) => {
    req.resume();
    res.setHeader('content-type', 'application/json');
    res.end(
      '{"model":"__proto__","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"__proto__":{"polluted":1}}}',
    );
  });
  const providerOrigins = { OPENAI: upstream.origin };
  gateways = [
    await startGateway({ providerOrigins }),
    await startGateway({ providerOrigins, masking: { emails: true, cards: true, keys: true, paths: ['..__proto__'] } }),
  ];
});
afterAll(async () => {
  for (const gateway of gateways) await gateway.close();
  await upstream.close();
});

const ATTACKS = [
  "' OR 1=1; DROP TABLE requests; --",
  "'); SELECT * FROM system.tables FORMAT JSON --",
  '{x:String}',
  '{{7*7}} <%= 7 %> #{7*7}',
  '../../../../etc/passwd',
  '%00%2e%2e%2f',
  '__proto__',
  'constructor.prototype.polluted',
  '__proto__[polluted]',
  'toString',
  'hasOwnProperty',
  '<img src=x onerror=alert(1)>',
  '\u202e\u0000\u0001\u001b[31m',
  '\ud800',
  '\udfff\ud800',
  '=1+1',
  'x'.repeat(20_000),
  '"}],"polluted":[{"',
  '\\u0000\\ud800',
];
const hostile = fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: 'binary' }), fc.string());
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
  'valueOf',
  'then',
];

const INTRINSICS = [Object, Array, Function, String, Number, Map, Set, Promise, Buffer].map(
  ({ prototype }) => prototype as object,
);
const shapeOf = () => INTRINSICS.map((one) => Object.entries(Object.getOwnPropertyDescriptors(one)));
const before = shapeOf();
function expectUnharmed(): void {
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  const now = shapeOf();
  now.forEach((entries, at) => {
    expect(entries.length).toBe(before[at]!.length);
    entries.forEach(([name, { value }], i) => {
      expect(name).toBe(before[at]![i]![0]);
      if (value !== before[at]![i]![1].value) throw new Error(`${name} was changed`);
    });
  });
}

/** What becomes of an event: through the log and into rows. */
function rowOf(event: NewRequestEvent) {
  const stamped: RequestEvent = { ...event, producer: { id: 'p', seq: 0 }, partition: 0, received_at: 1 };
  const decoded = decodeEvent(encodeEvent(stamped));
  if (decoded.outcome !== 'event') throw new Error(`the log takes it for ${JSON.stringify(decoded)}`);
  return buildRequestRow(decoded.event as RequestEvent, 0, 0).row;
}

async function post(gateway: Harness, path: string, body: string, headers: Record<string, string> = {}) {
  const seen = gateway.appender.requests.length;
  const answer = await request(gateway.origin + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', ...headers },
    body,
  });
  expect(answer.status).not.toBe(500);
  const rows = gateway.appender.requests.slice(seen).map(rowOf);
  expectUnharmed();
  return { status: answer.status, rows };
}

/** As it comes back from the log: halves of characters have no UTF-8. */
const stored = (text: string) => text.toWellFormed();

describe('in headers, paths and queries', () => {
  /** Bytes, as anybody may write them. */
  const raw = (gateway: Harness, head: string) =>
    new Promise<string>((resolve) => {
      const socket = net.connect(gateway.port, '127.0.0.1');
      let said = '';
      socket
        .on('data', (chunk) => {
          said += chunk.toString('latin1');
        })
        .on('error', () => {})
        .on('close', () => resolve(said));
      socket.write(Buffer.from(head, 'utf8'));
    });
  const HEADERS = [
    'Helicone-Auth',
    'Authorization',
    'x-api-key',
    'Helicone-Session-Id',
    'Helicone-Session-Name',
    'Helicone-Session-Path',
    'Helicone-User-Id',
    'Helicone-Request-Id',
    'Helicone-Model-Override',
    'Helicone-Target-URL',
    'Helicone-OpenAI-Api-Base',
    'Helicone-Stream-Usage',
    'Helicone-Property-Note',
    'aws-access-key',
    'traceparent',
    'tracestate',
    'Content-Type',
    'Content-Encoding',
    'Host',
    'Connection',
    ...NAMES.map((name) => `Helicone-Property-${name}`),
  ];
  const PATHS = [
    '/v1/gateway/oai/v1/',
    '/v1/gateway/gateway/',
    '/v1/gateway/',
    '/v1/traces',
    '/custom/v1/log',
    '/',
    '/v1/trace/',
  ];

  test('anything is answered, and by no 500', async () => {
    const line = fc.tuple(fc.constantFrom(...HEADERS), hostile).map(([name, value]) => `${name}: ${value}`);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('GET', 'POST', 'DELETE', 'PATCH'),
        fc.constantFrom(...PATHS),
        hostile,
        fc.array(line, { maxLength: 6 }),
        fc.boolean(),
        async (method, path, rest, lines, isEncoded) => {
          const target = path + (isEncoded ? encodeURIComponent(stored(rest)) : rest);
          for (const gateway of gateways) {
            const seen = gateway.appender.requests.length;
            const said = await raw(
              gateway,
              [`${method} ${target} HTTP/1.1`, 'Host: x', ...lines, 'Connection: close', '', ''].join('\r\n'),
            );
            expect(said).not.toMatch(/^HTTP\/1\.1 500/);
            for (const event of gateway.appender.requests.slice(seen)) rowOf(event);
          }
          expectUnharmed();
        },
      ),
      { numRuns: 150 },
    );
  });

  test.each(NAMES)('a property called %s is one', async (name) => {
    for (const gateway of gateways) {
      const { rows } = await post(gateway, '/v1/gateway/oai/v1/x', '{}', {
        [`Helicone-Property-${name}`]: 'data',
        'Helicone-Session-Id': name,
        'Helicone-Session-Path': `/${name}`,
      });
      expect(rows[0]).toMatchObject({ session_id: name, session_path: `/${name}` });
      expect(rows[0]!.properties).toContainEqual([name.toLowerCase(), 'data']);
    }
  });
});

describe('in bodies', () => {
  /** JSON as anybody may write it: names twice, names of every object's, as deep as one likes. */
  const name = fc.oneof(fc.constantFrom(...NAMES, 'model', 'user', 'usage', 'messages', 'error', 'metadata'), hostile);
  const { json } = fc.letrec<{ json: string; object: string; list: string }>((tie) => ({
    json: fc.oneof(
      { maxDepth: 4 },
      hostile.map((text) => JSON.stringify(text)),
      fc.constantFrom('null', 'true', '1e999', '-0', '123456789012345678901234567890', '"\\ud800"'),
      tie('object'),
      tie('list'),
    ),
    object: fc
      .array(fc.tuple(name, tie('json')), { maxLength: 5 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`),
    list: fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
  }));

  test('of calls: anything is passed on and stored', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(json, hostile), async (body) => {
        for (const gateway of gateways) {
          const { status, rows } = await post(gateway, '/v1/gateway/oai/v1/chat/completions', body);
          expect([status, rows.length]).toEqual([200, 1]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('of log calls: what is one is stored, what is none is refused', async () => {
    const meta = fc.dictionary(
      fc.oneof(
        fc.constantFrom('Helicone-Session-Id', 'Helicone-User-Id', 'Helicone-Property-__proto__', ...NAMES),
        hostile.map((text) => `Helicone-Property-${text.slice(0, 50)}`),
      ),
      hostile.map((text) => text.slice(0, 2_000)),
      { maxKeys: 5 },
    );
    await fc.assert(
      fc.asyncProperty(json, json, meta, hostile, fc.boolean(), async (sent, answered, said, url, isWhole) => {
        const timing =
          '{"startTime":{"seconds":1790000000,"milliseconds":0},"endTime":{"seconds":1790000000,"milliseconds":0}}';
        const whole = `{"providerRequest":{"url":${JSON.stringify(url)},"json":${sent},"meta":${JSON.stringify(said)}},"providerResponse":{"json":${answered},"status":200,"headers":{}},"timing":${timing}}`;
        for (const gateway of gateways) {
          for (const path of ['/custom/v1/log', '/v1/trace/custom/v1/log', '/v1/trace/custom/log/typed']) {
            const { status, rows } = await post(gateway, path, isWhole ? whole : sent);
            expect([200, 400, 401, 413, 422, 431]).toContain(status);
            expect(rows).toHaveLength(status === 200 ? 1 : 0);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  test('of exports: attributes of any name and value are data', async () => {
    const key = fc.oneof(
      fc.constantFrom(
        ...NAMES,
        'session.id',
        'user.id',
        'metadata',
        'gen_ai.input.messages',
        'llm.input_messages.0.message.content',
      ),
      fc.constantFrom(...NAMES).map((text) => `llm.input_messages.${text}.message.${text}`),
      hostile,
    );
    const value = fc.oneof(
      hostile.map(otlpValue),
      json.map((text) => ({ stringValue: text })),
      fc.jsonValue().map((one) => one as object),
    );
    const attributes = fc.array(fc.record({ key, value }), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(attributes, hostile, async (list, spanName) => {
        const span = {
          traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
          spanId: '00f067aa0ba902b7',
          name: spanName,
          startTimeUnixNano: '1790000000000000000',
          endTimeUnixNano: '1790000001000000000',
          attributes: [...list, { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } }],
        };
        const body = JSON.stringify({
          resourceSpans: [{ resource: { attributes: list }, scopeSpans: [{ spans: [span] }] }],
        });
        for (const gateway of gateways) {
          const { status, rows } = await post(gateway, '/v1/traces', body);
          expect([status, rows.length]).toEqual([200, 1]);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('nested as deep as a body is long', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = `${open.repeat(100_000)}1${close.repeat(100_000)}`;
      const log = `{"providerRequest":{"url":"x","json":${deep},"meta":{}},"providerResponse":{"json":${deep},"status":200,"headers":{}},"timing":{"startTime":{"seconds":1,"milliseconds":0},"endTime":{"seconds":1,"milliseconds":0}}}`;
      for (const gateway of gateways) {
        expect(await post(gateway, '/v1/gateway/oai/v1/chat/completions', deep)).toMatchObject({ status: 200 });
        expect((await post(gateway, '/custom/v1/log', log)).status).toBeLessThan(500);
        expect((await post(gateway, '/v1/traces', `{"resourceSpans":${deep}}`)).status).toBeLessThan(500);
      }
    }
  });
});
