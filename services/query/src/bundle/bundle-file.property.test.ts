import { describe, expect, test } from '@jest/globals';
import { SESSION_RULES } from '@throughline/contracts/request-event';
import {
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  type BundleHeader,
  type BundleRequest,
} from '@throughline/contracts/session-bundle';
import { asText } from '@throughline/providers/decode-body';
import fc from 'fast-check';
import { bundleBody, bytesOfBody } from './bundle-body.ts';
import { BundleLines } from './bundle-lines.ts';
import { type BundlePart, InvalidBundle, type ReadBundleOptions, readBundle } from './read-bundle.ts';

// Whatever is in a session comes out of its file as it went in; and a file that is not as it was written is none.

const text = fc.string({ unit: 'binary', maxLength: 40 });
const name = fc.oneof(text, fc.constantFrom('__proto__', 'constructor', '', '\u2028"\\', 'a\nb'));
const count = fc.nat();
const time = fc.integer({ min: -2_208_988_800_000, max: 10_413_791_999_999 });
const pairs = fc.array(fc.tuple(name, name), { maxLength: 4 });
const status = fc.integer({ min: -100, max: 999 });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
const scores = fc.array(fc.tuple(name, finite), { maxLength: 3 });
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((value) => Buffer.from(value)),
  fc.json().map((value) => Buffer.from(value)),
  fc.constantFrom('\0\0\0', '\ufeffBOM', '🎈', 'data: {}\r\n\r\n').map((value) => Buffer.from(value)),
  fc.constantFrom([0xc3], [0xed, 0xa0, 0x80], [0x1f, 0x8b]).map((value) => Buffer.from(value)),
);
const body = fc
  .tuple(
    fc.record({ content_type: name, size: count, truncated: fc.boolean(), encoding: fc.constantFrom('utf8', 'gzip') }),
    bytes,
  )
  .map(([facts, stored]) =>
    bundleBody({ ...facts, encoding: asText(stored) === undefined ? 'gzip' : facts.encoding }, stored),
  );

const failure = fc.record({ type: name, message: name });
const outcome = fc.oneof(
  fc.record({ status, error: failure }),
  fc.record({ status: fc.integer({ min: 200, max: 399 }), error: fc.option(failure) }),
);

const facts = fc.record({
  kind: fc.constant('request' as const),
  request_id: fc.uuid(),
  event_id: fc.uuid(),
  session_name: name,
  session_path: name,
  session_rule: fc.constantFrom(...SESSION_RULES),
  user_id: name,
  properties: pairs,
  former_properties: fc.array(fc.tuple(name, fc.array(name, { maxLength: 3 })), { maxLength: 3 }),
  scores,
  request_at: time,
  first_byte_at: fc.option(time),
  response_at: time,
  time_to_first_token_ms: fc.option(count),
  provider: name,
  target_url: name,
  method: name,
  path: name,
  abort_reason: fc.constantFrom('' as const, 'client-aborted' as const),
  finish_reason: name,
  streamed: fc.boolean(),
  step_kind: fc.constantFrom('llm' as const, 'tool' as const),
  model: name,
  request_model: name,
  response_model: name,
  tokens: fc.record({
    prompt_tokens: fc.option(count),
    completion_tokens: fc.option(count),
    reasoning_tokens: count,
    prompt_cache_read_tokens: count,
    prompt_cache_write_tokens: count,
    prompt_cache_write_1h_tokens: count,
    prompt_audio_tokens: count,
    completion_audio_tokens: count,
  }),
  usage_complete: fc.boolean(),
  cost_pico: fc.option(fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }).map(String)),
  cost_source: fc.constantFrom('table' as const, 'none' as const),
  price_version: name,
  request_headers: pairs,
  response_headers: pairs,
  attempts: fc.array(fc.record({ target: name, status, latency_ms: count }), { maxLength: 2 }),
  cache_reference_id: name,
  trace_id: name,
  span_id: name,
  parent_span_id: name,
  request: body,
  response: body,
});

const request: fc.Arbitrary<BundleRequest> = fc
  .tuple(facts, outcome)
  .map(([said, became]): BundleRequest => ({ ...said, ...became }));

const requests = fc.uniqueArray(request, { minLength: 1, maxLength: 4, selector: ({ request_id }) => request_id });

function headerOf(count: number): BundleHeader {
  return {
    kind: 'session',
    format: BUNDLE_FORMAT,
    version: BUNDLE_VERSION,
    exported_at: '2026-10-01T00:00:00.000Z',
    exported_by: 'throughline 1',
    masked: true,
    session_id: 'a session',
    session: { session_id: 'a session' },
    totals: {
      requests: count,
      errors: 0,
      unpriced: 0,
      cost_pico: '18446744073709551616',
      prompt_tokens: '0',
      completion_tokens: '0',
      reasoning_tokens: '0',
      prompt_cache_read_tokens: '0',
      prompt_cache_write_tokens: '0',
      prompt_audio_tokens: '0',
      completion_audio_tokens: '0',
      latency_ms_sum: '0',
      p95_latency_ms: 0.5,
      first_request_at: 0,
      latest_request_at: 0,
      latest_response_at: 0,
      latency_buckets: [[-1, 2]],
      statuses: [[200, 2]],
    },
    tree: [],
    tree_truncated: false,
    annotations: { tag: null, feedback: true, scores: [['__proto__', 0.1]] },
  };
}

function fileOf(calls: readonly BundleRequest[], header = headerOf(calls.length)): Buffer {
  const lines = new BundleLines();
  return Buffer.concat([lines.header(header), ...calls.map((call) => lines.request(call)), lines.end()]);
}

/** In pieces of these lengths, over and over. */
async function* inPieces(file: Buffer, lengths: readonly number[] = [file.length]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < file.length; turn++) {
    const length = Math.max(1, lengths[turn % lengths.length]!);
    yield file.subarray(at, at + length);
    at += length;
  }
}

async function partsOf(chunks: AsyncIterable<Buffer>, options?: ReadBundleOptions): Promise<BundlePart[]> {
  const parts: BundlePart[] = [];
  for await (const part of readBundle(chunks, options)) parts.push(part);
  return parts;
}

const plainBody = bundleBody({ content_type: '', size: 0, truncated: false, encoding: 'utf8' }, Buffer.from('{}'));

describe('a file of a session', () => {
  test('holds everything that was put into it, however it comes in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.array(fc.nat(300), { minLength: 1, maxLength: 5 }), async (calls, lengths) => {
        const parts = await partsOf(inPieces(fileOf(calls), lengths));
        expect(parts).toEqual([
          { kind: 'session', header: headerOf(calls.length) },
          ...calls.map((call, index) => ({ kind: 'request', request: call, index })),
        ]);
      }),
    );
  });

  test('has the bytes of each body exactly', () => {
    fc.assert(
      fc.property(bytes, (stored) => {
        const facts = { content_type: '', size: stored.length, truncated: false, encoding: 'bytes' };
        const written = JSON.parse(JSON.stringify(bundleBody(facts, stored)));
        expect(bytesOfBody(written).equals(stored)).toBe(true);
      }),
    );
  });

  test('is refused where it was cut', async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.nat(), async (calls, at) => {
        const file = fileOf(calls);
        // Without the very last line end it says as much as with it.
        const cut = file.subarray(0, at % (file.length - 1));
        await expect(partsOf(inPieces(cut))).rejects.toThrow(InvalidBundle);
      }),
    );
  });

  test('is refused where one byte is another', async () => {
    await fc.assert(
      fc.asyncProperty(requests, fc.nat(), fc.integer({ min: 1, max: 255 }), async (calls, at, by) => {
        const file = fileOf(calls);
        file[at % file.length]! ^= by;
        await expect(partsOf(inPieces(file))).rejects.toThrow(InvalidBundle);
      }),
      { numRuns: 300 },
    );
  });

  test('is refused where it counts other requests than it has, or than the session', async () => {
    const [call] = fc.sample(request, 1);
    const other = fileOf([call!], headerOf(2));
    await expect(partsOf(inPieces(other))).rejects.toThrow('counts 1 requests, the session 2, and there are 1');
  });

  test('is refused where two of its requests have one id, however far apart they are', async () => {
    const calls = fc.sample(request, { numRuns: 3, seed: 1 });
    const file = fileOf([calls[0]!, calls[1]!, { ...calls[2]!, request_id: calls[0]!.request_id }]);
    await expect(partsOf(inPieces(file))).rejects.toThrow(
      `line 4 has the request id ${calls[0]!.request_id} of line 2`,
    );
  });

  test('is refused without any request, and with two ids of its session', async () => {
    await expect(partsOf(inPieces(fileOf([])))).rejects.toThrow('line 2 ends a file without requests');
    const [call] = fc.sample(request, 1);
    const other = fileOf([call!], { ...headerOf(1), session_id: 'another' });
    await expect(partsOf(inPieces(other))).rejects.toThrow('line 1 has two ids of the session');
  });

  const body = { content_type: '', size: 3, truncated: false };
  const bad: readonly [what: string, change: Partial<Record<keyof BundleRequest, unknown>>, reason: string][] = [
    ['a cost below zero', { cost_pico: '-5' }, 'cost_pico: is no amount in picodollars'],
    ['a cost that no column holds', { cost_pico: '9223372036854775808' }, 'cost_pico: is more than 64 bits hold'],
    ['a cost that is no number', { cost_pico: '\0' }, 'cost_pico: is no amount in picodollars'],
    ['tokens below zero', { tokens: { prompt_tokens: -1 } }, 'tokens.prompt_tokens: '],
    ['a time to the first token below zero', { time_to_first_token_ms: -1 }, 'time_to_first_token_ms: '],
    [
      'an attempt that took less than no time',
      { attempts: [{ target: '', status: 200, latency_ms: -1 }] },
      'attempts.0.latency_ms: ',
    ],
    ['a size below zero', { request: { ...body, encoding: 'utf8', size: -1, text: '' } }, 'request.size: '],
    ['a time before 1900', { request_at: -2_208_988_800_001 }, 'request_at: '],
    ['a time after 2299', { response_at: 10_413_792_000_000 }, 'response_at: '],
    ['an id that is none', { request_id: 'none' }, 'request_id: is no UUID in lower case'],
    [
      'an id in upper case',
      { request_id: '0198C0DE-0000-7000-8000-000000000001' },
      'request_id: is no UUID in lower case',
    ],
    ['an event of no id', { event_id: '' }, 'event_id: is no UUID'],
    ['a failure that is none', { status: 500, error: null }, 'has status 500, which is an error, and says of none'],
    ['a status that no column holds', { status: 32_768 }, 'status: '],
    ['a rule that finds no session', { session_rule: 'none' }, 'session_rule: '],
    ['an unknown kind of step', { step_kind: 'none' }, 'step_kind: '],
    [
      'a text that is none',
      { response: { ...body, encoding: 'utf8', base64: 'w8PD' } },
      'has a response that it calls UTF-8, and is none',
    ],
    [
      'bytes of a body that was lost',
      { request: { ...body, encoding: 'missing', text: 'a' } },
      'has bytes of a request that it calls missing',
    ],
    [
      'one body that was deleted',
      { request: { ...body, encoding: 'deleted', text: '' } },
      'says of one body that it was deleted',
    ],
    [
      'more beside its bodies than the log takes',
      { model: 'm'.repeat(5_000) },
      'has more than 4000 bytes beside its bodies',
    ],
  ];
  test.each(bad)('is refused with %s', async (_, change, reason) => {
    const [call] = fc.sample(request, { numRuns: 1, seed: 2 });
    const plain = { ...call!, status: 200, error: null, attempts: [], request: plainBody, response: plainBody };
    await expect(
      partsOf(inPieces(fileOf([{ ...plain, ...change } as BundleRequest])), { factsBytesMax: 4_000 }),
    ).rejects.toThrow(reason);
    expect(await partsOf(inPieces(fileOf([plain])), { factsBytesMax: 4_000 })).toHaveLength(2);
  });

  test('may hold text that was cut within a character, and bodies that were deleted together', async () => {
    const [call] = fc.sample(request, { numRuns: 1, seed: 2 });
    const cut = { ...body, encoding: 'utf8', base64: 'YcM=' };
    const gone = { ...body, encoding: 'deleted', text: '' };
    const file = fileOf([
      { ...call!, request: cut, response: cut },
      { ...call!, request: gone, response: gone, request_id: '0198c0de-0000-7000-8000-000000000001' },
    ]);
    expect(await partsOf(inPieces(file))).toHaveLength(3);
  });

  test.each([
    ['a line longer than a line may be', { lineBytesMax: 2_000 }, 'line 2 is longer than 2000 bytes'],
    ['more requests than there may be', { requestsMax: 1 }, 'is one request more than the 1 that a file may have'],
  ])('is refused with %s', async (_, bounds, reason) => {
    const [first, second] = fc.sample(request, { numRuns: 2, seed: 1 });
    const long = bundleBody({ content_type: '', size: 0, truncated: false, encoding: 'utf8' }, Buffer.alloc(3_000, 97));
    const file = fileOf([{ ...first!, ...('lineBytesMax' in bounds && { request: long }) }, second!]);
    await expect(partsOf(inPieces(file, [100]), bounds)).rejects.toThrow(reason);
  });
});
