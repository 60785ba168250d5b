import { describe, expect, test } from '@jest/globals';
import { SESSION_RULES } from '@throughline/contracts/request-event';
import {
  BUNDLE_FORMAT,
  BUNDLE_VERSION,
  type BundleHeader,
  type BundleRequest,
} from '@throughline/contracts/session-bundle';
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
  .map(([facts, stored]) => bundleBody(facts, stored));

const request: fc.Arbitrary<BundleRequest> = fc.record({
  kind: fc.constant('request' as const),
  request_id: text.map((id) => `r${id}`),
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
  status,
  abort_reason: fc.constantFrom('' as const, 'client-aborted' as const),
  error: fc.option(fc.record({ type: name, message: name })),
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

const requests = fc.array(request, { maxLength: 4 });

function headerOf(count: number): BundleHeader {
  return {
    kind: 'session',
    format: BUNDLE_FORMAT,
    version: BUNDLE_VERSION,
    exported_at: '2026-10-01T00:00:00.000Z',
    exported_by: 'throughline 1',
    masked: true,
    session_id: 'a session',
    session: {},
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
