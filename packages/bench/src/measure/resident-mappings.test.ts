import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { readMemory } from './process-memory.ts';
import { residentByMapping } from './resident-mappings.ts';

test('adds up the pages of each file, and tells those that the process has changed from those of the file', () => {
  const smaps = `55a0-55b0 r-xp 00000000 fe:00 12    /usr/lib/lib chdb.so
Size:               4096 kB
Rss:                2048 kB
Anonymous:             0 kB
55b0-55c0 rw-p 00001000 fe:00 12    /usr/lib/lib chdb.so
Rss:                1024 kB
Anonymous:          1024 kB
7f00-7f10 rw-p 00000000 00:00 0 
Rss:               10240 kB
Anonymous:         10240 kB
7f20-7f30 rw-s 00000000 fe:00 13    /data/data.mdb (deleted)
Rss:                 512 kB
Anonymous:             0 kB
VmFlags: rd wr`;
  expect(residentByMapping(smaps)).toEqual([
    { name: '', file: 0, anonymous: 10 },
    { name: 'lib chdb.so', file: 2, anonymous: 1 },
    { name: 'data.mdb', file: 0.5, anonymous: 0 },
  ]);
});

test('of this process, adds up to about what the kernel says in all', () => {
  const all = residentByMapping(readFileSync('/proc/self/smaps', 'utf8'));
  const sum = all.reduce((total, { file, anonymous }) => total + file + anonymous, 0);
  const { rss } = readMemory(process.pid);
  expect(sum).toBeGreaterThan(rss * 0.7);
  expect(sum).toBeLessThan(rss * 1.3);
});
