import { describe, expect, it } from '@jest/globals';
import { readCacheHeaders } from './read-cache-headers.ts';

const read = (headers: Record<string, string>, cacheControl = '') =>
  readCacheHeaders(new Map(Object.entries(headers)), cacheControl);
const ON = { 'helicone-cache-enabled': 'true' };
const WEEK_MS = 604_800_000;

describe('the cache headers', () => {
  it('mean what the contract says when they say nothing more', () => {
    const wish = { slots: 1, seed: '', ignoredKeys: [], ttlMs: WEEK_MS };
    expect(read(ON)).toEqual({ ...wish, reads: true, saves: true });
    expect(read({ 'helicone-cache-save': 'true' })).toEqual({ ...wish, reads: false, saves: true });
    expect(read({ 'helicone-cache-read': 'true' })).toEqual({ ...wish, reads: true, saves: false });
  });

  it.each(['false', 'True', '1', ''])('are off for %p', (value) => {
    expect(read({ 'helicone-cache-enabled': value, 'helicone-cache-bucket-max-size': '99' })).toBeUndefined();
  });

  it('are read as they are', () => {
    const given = {
      ...ON,
      'helicone-cache-bucket-max-size': '20',
      'helicone-cache-seed': 'user-1',
      'helicone-cache-ignore-keys': ' "user", "a,b" ,"\\u0061" ',
    };
    expect(read(given)).toMatchObject({ slots: 20, seed: 'user-1', ignoredKeys: ['a', 'a,b', 'user'] });
    const latin1 = Buffer.from('"naïve"').toString('latin1');
    expect(read({ ...ON, 'helicone-cache-ignore-keys': latin1 })?.ignoredKeys).toEqual(['naïve']);
    expect(read({ ...ON, 'helicone-cache-ignore-keys': '' })?.ignoredKeys).toEqual([]);
  });

  it('refuse a bucket that is too large in the words of the contract', () => {
    expect(() => read({ ...ON, 'helicone-cache-bucket-max-size': '21' })).toThrow(
      'Cache bucket size cannot be greater than 20',
    );
  });

  it.each([
    ['helicone-cache-bucket-max-size', '0'],
    ['helicone-cache-bucket-max-size', 'two'],
    ['helicone-cache-bucket-max-size', '1.5'],
    ['helicone-cache-ignore-keys', 'user'],
    ['helicone-cache-ignore-keys', '"user"; "b"'],
    ['helicone-cache-ignore-keys', '"a",1'],
    ['helicone-cache-ignore-keys', '{"a":1}'],
  ])('%s: %s is refused by name', (name, value) => {
    expect(() => read({ ...ON, [name]: value })).toThrow(name);
  });
});

describe('Cache-Control', () => {
  it.each([
    ['max-age=60', 60_000],
    ['public, max-age=60', 60_000],
    ['s-maxage=5', 5_000],
    ['max-age=60, s-maxage=5', 5_000],
    ['MAX-AGE=60', 60_000],
    ['max-age=99999999999', 31_536_000_000],
    ['max-age=soon', WEEK_MS],
    ['private', WEEK_MS],
    ['x-max-age=3', WEEK_MS],
  ])('%s', (cacheControl, ttlMs) => {
    expect(read(ON, cacheControl)).toMatchObject({ reads: true, saves: true, ttlMs });
  });

  it.each(['no-store', 'max-age=0', 'private, No-Store'])('%s: nothing is kept', (cacheControl) => {
    expect(read(ON, cacheControl)).toMatchObject({ reads: true, saves: false });
  });

  it('no-cache: nothing is read', () => {
    expect(read(ON, 'no-cache')).toMatchObject({ reads: false, saves: true, ttlMs: WEEK_MS });
  });
});
