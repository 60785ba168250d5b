import * as zlib from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asText, DECODED_BYTES_MAX, decodeBody } from './decode-body.ts';

const TEXT = Buffer.from(JSON.stringify({ words: Array.from({ length: 200 }, (_, i) => `wört ${(i * 7919) % 1009}`) }));

const WAYS: readonly (readonly [name: string, encoding: string, bytes: Buffer])[] = [
  ['gzip', 'gzip', zlib.gzipSync(TEXT)],
  ['gzip by its old name', 'X-GZIP', zlib.gzipSync(TEXT)],
  ['deflate', 'deflate', zlib.deflateSync(TEXT)],
  ['raw deflate', 'deflate', zlib.deflateRawSync(TEXT)],
  ['brotli', 'br', zlib.brotliCompressSync(TEXT)],
  ['zstd', 'zstd', zlib.zstdCompressSync(TEXT)],
  ['two layers', 'deflate, gzip', zlib.gzipSync(zlib.deflateSync(TEXT))],
  ['no encoding', '', TEXT],
  ['identity', 'identity', TEXT],
];

describe('decodeBody', () => {
  test.each(WAYS)('undoes %s', (_name, encoding, bytes) => {
    const decoded = decodeBody(bytes, encoding);
    expect(decoded).toMatchObject({ ok: true, truncated: false });
    expect(decoded.ok && Buffer.compare(decoded.bytes, TEXT)).toBe(0);
  });

  test.each(WAYS.slice(0, 7))(
    'gives the right beginning of %s cut at every byte, and says so',
    (_n, encoding, bytes) => {
      for (let length = 1; length < bytes.length; length++) {
        const decoded = decodeBody(bytes.subarray(0, length), encoding);
        if (!decoded.ok) throw new Error(`cut at ${length}: ${decoded.reason}`);
        expect(decoded.truncated).toBe(true);
        expect(Buffer.compare(decoded.bytes, TEXT.subarray(0, decoded.bytes.length))).toBe(0);
      }
    },
  );

  test.each(WAYS.slice(0, 7))('stops a bomb of %s at the bound', (_name, encoding, bytes) => {
    expect(decodeBody(bytes, encoding, 100)).toEqual({ ok: false, reason: 'too-large' });
  });

  test('stops a real bomb at the default bound', () => {
    const bomb = zlib.gzipSync(Buffer.alloc(DECODED_BYTES_MAX + 1));
    expect(bomb.length).toBeLessThan(100_000);
    expect(decodeBody(bomb, 'gzip')).toEqual({ ok: false, reason: 'too-large' });
  });

  test('refuses unknown encodings, too many layers, and bytes that are not what the header says', () => {
    expect(decodeBody(TEXT, 'compress')).toEqual({ ok: false, reason: 'unknown-encoding' });
    expect(decodeBody(TEXT, '__proto__')).toEqual({ ok: false, reason: 'unknown-encoding' });
    expect(decodeBody(TEXT, 'gzip,gzip,gzip,gzip')).toEqual({ ok: false, reason: 'unknown-encoding' });
    expect(decodeBody(TEXT, 'gzip')).toEqual({ ok: false, reason: 'corrupt' });
  });

  test('never throws, whatever the bytes and the header', () => {
    const encoding = fc.oneof(fc.constantFrom('gzip', 'deflate', 'br', 'zstd', 'gzip, br'), fc.string());
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), encoding, (bytes, header) => {
        expect(typeof decodeBody(bytes, header, 4096).ok).toBe('boolean');
      }),
    );
  });
});

describe('asText', () => {
  test('gives back exactly what was encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(asText(Buffer.from(text.toWellFormed()))).toBe(text.toWellFormed());
      }),
    );
  });

  test('keeps a byte order mark, and refuses what is not UTF-8', () => {
    expect(asText(Buffer.from('\uFEFF{}'))).toBe('\uFEFF{}');
    for (const bytes of [[0xff], [0xc3], [0xed, 0xa0, 0x80], [0xc0, 0x80]]) {
      expect(asText(Uint8Array.from(bytes))).toBeUndefined();
    }
  });

  test('leaves out a character cut in half when the bytes are only a beginning', () => {
    const bytes = Buffer.from('a🦊');
    for (let length = 2; length < 5; length++) {
      expect(asText(bytes.subarray(0, length))).toBeUndefined();
      expect(asText(bytes.subarray(0, length), true)).toBe('a');
    }
    expect(asText(Buffer.from([0x61, 0xff, 0x62]), true)).toBeUndefined();
  });
});
