import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { findFreePort, isFreePort } from './free-port.ts';

const MODULE = new URL('./free-port.ts', import.meta.url).href;

describe('findFreePort', () => {
  test('gives no port twice while nobody listens on it yet, to this process or to another', async () => {
    const mine = await Promise.all(Array.from({ length: 300 }, findFreePort));
    const theirs = JSON.parse(
      execFileSync(process.execPath, [
        '--input-type=module',
        '-e',
        `import { findFreePort } from ${JSON.stringify(MODULE)};
         const ports = [];
         for (let i = 0; i < 1_000; i++) ports.push(await findFreePort());
         console.log(JSON.stringify(ports));`,
      ]).toString(),
    ) as number[];
    expect(new Set([...mine, ...theirs]).size).toBe(1_300);
    expect(await isFreePort(mine[0]!)).toBe(true);
  });
});
