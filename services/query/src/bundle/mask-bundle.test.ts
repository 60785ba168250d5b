import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { bundleBody, bytesOfBody } from './bundle-body.ts';
import { maskStoredCall } from './mask-bundle.ts';
import type { StoredCall } from './stored-calls.ts';

const KEY = `sk-proj-${'a1B2'.repeat(8)}`;
const BINARY = Buffer.concat([Buffer.from([0xff, 0, 0xfe]), Buffer.from(` ${KEY} `), Buffer.from([0x80])]);

function call(change: Partial<StoredCall>): StoredCall {
  const body = bundleBody({ content_type: '', size: 3, truncated: false, encoding: 'utf8' }, Buffer.from('{}\n'));
  return {
    ...({ request_id: KEY, event_id: 'e', abort_reason: '', properties: [], error: null } as unknown as StoredCall),
    request: body,
    response: body,
    ...change,
  };
}

function masked(encoding: string, bytes: Buffer) {
  const facts = { content_type: 'x/y', size: bytes.length, truncated: false, encoding };
  const { response } = maskStoredCall(call({ response: bundleBody(facts, bytes) }));
  return { ...response, bytes: bytesOfBody(response) };
}

describe('a call without secrets', () => {
  test('has none in names and values of what callers name, and keeps its ids', () => {
    const properties: [string, string][] = [
      [KEY, `Bearer ${KEY}`],
      ['__proto__', 'kept'],
    ];
    const { request_id, ...rest } = maskStoredCall(call({ properties, error: { type: 'odd', message: `for ${KEY}` } }));
    expect(request_id).toBe(KEY);
    expect(rest.properties).toEqual([
      ['[key]', 'Bearer [key]'],
      ['__proto__', 'kept'],
    ]);
    expect(JSON.stringify(rest)).not.toContain(KEY);
  });

  test('has a text as it was but for them, whether it stands there as text or in Base64', () => {
    const json = `{"a":"\\u0001 ${KEY}"}`;
    expect(masked('utf8', Buffer.from(json)).bytes.toString()).toBe('{"a":"\\u0001 [key]"}');
    expect(masked('omitted', Buffer.from(`{"model":"${KEY}"}`)).bytes.toString()).toBe('{"model":"[key]"}');
    const controls = `${'\0'.repeat(60)} ${KEY}`;
    expect(masked('utf8', Buffer.from(controls)).bytes.toString()).toBe(`${'\0'.repeat(60)} [key]`);
  });

  test('has what is no text byte for byte but for them', () => {
    const { bytes, encoding } = masked('bytes', BINARY);
    const rest = [Buffer.from([0xff, 0, 0xfe]), Buffer.from(' [key] '), Buffer.from([0x80])];
    expect([encoding, bytes]).toEqual(['bytes', Buffer.concat(rest)]);
  });

  test('has compressed bytes as they are where there is none in them, else without compression', () => {
    const harmless = gzipSync(Buffer.from([0xff, 0, 1, 2]));
    expect(masked('gzip', harmless)).toMatchObject({ encoding: 'gzip', bytes: harmless });
    const { bytes, encoding } = masked('gzip', gzipSync(BINARY));
    expect([encoding, bytes.includes(KEY), bytes.includes('[key]')]).toEqual(['bytes', false, true]);
  });

  test('has nothing of a body that cannot be looked into, and says so', () => {
    const damaged = gzipSync(BINARY);
    damaged.fill(0x55, 4, 20);
    expect(masked('gzip', damaged)).toMatchObject({ encoding: 'missing', truncated: true, bytes: Buffer.alloc(0) });
    expect(masked('nobody-knows', BINARY)).toMatchObject({ encoding: 'missing', truncated: true });
  });
});
