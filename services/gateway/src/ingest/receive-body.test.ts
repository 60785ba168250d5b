import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { ApiError } from '@throughline/contracts/errors';
import { CaptureBudget } from '../record/body-capture.ts';
import { receiveBody } from './receive-body.ts';

const TEXT = 'a body of some length '.repeat(40);

function call(chunks: readonly Buffer[], headers: Record<string, string> = {}): IncomingMessage {
  return Object.assign(Readable.from(chunks, { objectMode: false }), { headers }) as unknown as IncomingMessage;
}

const limits = (bytesMax = 1_000, budget = new CaptureBudget(1_000)) => ({
  bytesMax,
  budget,
  idleTimeoutMs: 60_000,
  tooLarge: () => new ApiError('payload-too-large'),
});

const codeOf = (promise: Promise<unknown>) => promise.then(() => 'taken').catch((error: ApiError) => error.code);

test.each([
  ['', (bytes: Buffer) => bytes],
  ['identity', (bytes: Buffer) => bytes],
  ['GZIP', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
])('a body comes back as it was before %j', async (encoding, compress) => {
  const sent = compress(Buffer.from(TEXT)) as Buffer;
  const headers: Record<string, string> = encoding === '' ? {} : { 'content-encoding': encoding };
  const body = await receiveBody(call([sent.subarray(0, 10), sent.subarray(10)], headers), limits());
  expect(body?.toString()).toBe(TEXT);
});

test('bytes that are read are counted in the budget until they are, whatever becomes of them', async () => {
  const budget = new CaptureBudget(1_000);
  const large = Buffer.alloc(600);
  const first = receiveBody(call([large]), limits(1_000, budget));
  const second = receiveBody(call([large]), limits(1_000, budget));
  expect([await codeOf(first), await codeOf(second)].sort()).toEqual(['taken', 'too-many-logs']);
  expect(budget.held).toBe(0);
  expect(await codeOf(receiveBody(call([large, large]), limits(1_000, budget)))).toBe('payload-too-large');
  expect(await codeOf(receiveBody(call([large]), limits(1_000, budget)))).toBe('taken');
});

test('a body is too large by what it announces, by what it is, and by what it is before it was compressed', async () => {
  expect(await codeOf(receiveBody(call([], { 'content-length': '1001' }), limits()))).toBe('payload-too-large');
  expect(await codeOf(receiveBody(call([Buffer.alloc(1_001)]), limits()))).toBe('payload-too-large');
  const bomb = gzipSync(Buffer.alloc(100_000));
  expect(bomb.length).toBeLessThan(1_000);
  expect(await codeOf(receiveBody(call([bomb], { 'content-encoding': 'gzip' }), limits()))).toBe('payload-too-large');
});

test('a caller who leaves has no body', async () => {
  const req = call([Buffer.alloc(10)]);
  const body = receiveBody(req, limits());
  (req as unknown as Readable).destroy();
  expect(await body).toBeUndefined();
});
