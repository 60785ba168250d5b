import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { crashPointHook } from './crash-point-hook.ts';
import { ALL_CRASH_POINTS } from './crash-points.ts';

const root = resolve(import.meta.dirname, '../../..');

describe('crash points', () => {
  test('are named once each', () => {
    expect(new Set(ALL_CRASH_POINTS).size).toBe(ALL_CRASH_POINTS.length);
  });

  test('are in the code what they are in the list: no step without a name there, no name without a step', () => {
    const called = productionFiles().flatMap((file) =>
      // The hook is called `crashPoint` wherever it is handed to.
      [...readFileSync(file, 'utf8').matchAll(/\bcrashPoint(?:\?\.)?\(\s*([^)]*?)\s*\)/g)].map(([, name]) => name!),
    );
    expect([...new Set(called)].sort()).toEqual(ALL_CRASH_POINTS.map((name) => `'${name}'`).sort());
  });

  test('that do not exist are refused, so that no test of one passes without it', () => {
    for (const wrong of ['log:before-writ', 'log:before-write#0', 'log:before-write#x', '#1', 'log:before-write#1#2']) {
      expect(() => crashPointHook({ THROUGHLINE_CRASH_AT: wrong })).toThrow('names no step');
    }
    expect(crashPointHook({})).toBeUndefined();
    expect(crashPointHook({ THROUGHLINE_CRASH_AT: 'log:before-write#3' })).toBeDefined();
  });
});

function productionFiles(): string[] {
  return ['packages', 'services'].flatMap((home) =>
    readdirSync(join(root, home)).flatMap((name) => {
      const src = join(root, home, name, 'src');
      return readdirSync(src, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
        .map((file) => join(src, file));
    }),
  );
}
