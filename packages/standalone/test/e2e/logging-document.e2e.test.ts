import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ingestEndpoint } from '@throughline/gateway/ingest/ingest-endpoint';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { type Instance, SETUP_MS_MAX, startInstance } from './support/instance.ts';

interface Operation {
  readonly tags: readonly string[];
  readonly responses: Readonly<
    Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

let instance: Instance;
let paths: Record<string, { readonly post?: Operation }>;
const ajv = new Ajv2020({ strict: false, validateFormats: false });

beforeAll(async () => {
  instance = await startInstance();
  const document = (await (await fetch(`${instance.throughline.url}/openapi.json`)).json()) as { paths: typeof paths };
  ({ paths } = document);
  ajv.addSchema({ $id: 'doc', ...document });
}, SETUP_MS_MAX);
afterAll(() => instance?.stop(), SETUP_MS_MAX);

const REQUEST = { url: 'custom-model-nopath', json: { model: 'm' }, meta: {} };
const LOG = { providerRequest: REQUEST, providerResponse: { json: {}, status: 200, headers: {} } };
const SPAN = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), startTimeUnixNano: '1', endTimeUnixNano: '2' };
const traces = (spans: readonly object[]) => ({ resourceSpans: [{ scopeSpans: [{ spans }] }] });

const json = { 'content-type': 'application/json' };

/** Calls that are taken, and that are refused for one reason each. */
const CALLS: readonly (readonly [why: string, body: string, headers: Record<string, string>])[] = [
  ['a log', JSON.stringify(LOG), json],
  ['spans', JSON.stringify(traces([SPAN])), json],
  ['spans that are none', JSON.stringify(traces([{ ...SPAN, spanId: '' }])), json],
  ['spans as protobuf', '', { 'content-type': 'application/x-protobuf' }],
  ['no JSON', '{"providerRequest":', json],
  ['nothing in it', '{}', json],
  ['times that are none', JSON.stringify({ ...LOG, timing: { startTime: 'x', endTime: 'y' } }), json],
  ['neither of two', JSON.stringify({ ...LOG, providerResponse: { status: 200, headers: {} } }), json],
  ['no key', JSON.stringify(LOG), { ...json, authorization: '' }],
  [
    'another key',
    JSON.stringify(LOG),
    { ...json, authorization: 'Bearer sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd' },
  ],
  [
    'a key without its word',
    JSON.stringify(LOG),
    { ...json, authorization: 'sk-helicone-aaaaaaa-bbbbbbb-ccccccc-ddddddd' },
  ],
  ['an unknown encoding', JSON.stringify(LOG), { ...json, 'content-encoding': 'compress' }],
];

describe('what the document says of the endpoints that calls are logged at', () => {
  test('is all of them, and no other', () => {
    const said = Object.entries(paths).filter(([, { post }]) => post?.tags.includes('log'));
    expect(said.length).toBeGreaterThan(10);
    for (const [path] of said) expect([path, ingestEndpoint(path)]).toEqual([path, expect.anything()]);
    for (const segment of ['custom', 'oai', 'anthropic', 'googleapis']) {
      expect(Object.keys(paths)).toEqual(expect.arrayContaining([`/${segment}/v1/log`, `/v1/trace/${segment}/v1/log`]));
    }
  });

  test.each(CALLS)('holds of their answers to %s', async (_why, body, headers) => {
    const { url, key } = instance.throughline;
    const said = Object.entries(paths).filter(([, { post }]) => post?.tags.includes('log'));
    for (const [path, { post }] of said) {
      const answer = await fetch(url + path, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, ...headers },
        body,
      });
      const text = await answer.text();
      const type = answer.headers.get('content-type')!.split(';', 1)[0]!;
      const response = post!.responses[`${answer.status}`];
      expect([path, answer.status, Object.keys(response?.content ?? {})]).toEqual([
        path,
        answer.status,
        expect.arrayContaining([type]),
      ]);
      if (type !== 'application/json') continue;
      const place = ['paths', path.replaceAll('/', '~1'), 'post', 'responses', answer.status, 'content'];
      const schema = `doc#/${place.join('/')}/application~1json/schema`;
      const isSo = ajv.compile({ $ref: schema });
      expect([path, isSo(JSON.parse(text)), isSo.errors]).toEqual([path, true, null]);
    }
  });
});
