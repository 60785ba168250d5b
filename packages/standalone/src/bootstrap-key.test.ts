import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hashKey } from '@throughline/contracts/keys';
import { loadBootstrapKey } from './bootstrap-key.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'throughline-key-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe('loadBootstrapKey', () => {
  test('generates a key once and keeps only its hash', () => {
    const first = loadBootstrapKey(dir, '');
    first.keep();
    expect(first.generated).toMatch(/^sk-helicone(-[a-z0-9]{7}){4}$/);
    expect(readFileSync(join(dir, 'bootstrap-key.json'), 'utf8')).not.toContain(first.generated);
    const second = loadBootstrapKey(dir, '');
    expect(second.generated).toBeUndefined();
    expect(second.record).toEqual(first.record);
    expect(second.record.hash).toBe(hashKey(first.generated!));
  });

  test('replaces a lost key by the one given, for good', () => {
    loadBootstrapKey(dir, '').keep();
    const given = loadBootstrapKey(dir, 'sk-helicone-mine-mine-mine');
    given.keep();
    expect(given).toMatchObject({ generated: undefined, replaces: true });
    expect(loadBootstrapKey(dir, '').record.hash).toBe(hashKey('sk-helicone-mine-mine-mine'));
  });

  test('keeps nothing of a start that failed before the key was shown', () => {
    const first = loadBootstrapKey(dir, '');
    expect(loadBootstrapKey(dir, '').generated).not.toBe(first.generated);
  });

  test('refuses a key too short to be one', () => {
    expect(() => loadBootstrapKey(dir, 'short')).toThrow('16 characters');
  });

  test('says what to do about a damaged file, and a given key mends it', () => {
    writeFileSync(join(dir, 'bootstrap-key.json'), 'oops');
    expect(() => loadBootstrapKey(dir, '')).toThrow('THROUGHLINE_API_KEY');
    expect(loadBootstrapKey(dir, 'sk-helicone-mine-mine-mine').record.tenantId).toBe('default');
  });
});
