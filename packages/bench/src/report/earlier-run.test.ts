import { expect, test } from '@jest/globals';
import { createTempDir } from '@throughline/testkit/temp-dir';
import type { Machine } from '../measure/machine.ts';
import { openEarlierRun } from './earlier-run.ts';

const MACHINE = { commit: 'abc', cpu: 'one', kernel: '6' } as Machine;
const LENGTHS = { rounds: 3, seconds: 4 };
const MEASURED = { columns: ['a'], rows: [['1']], figures: [], notes: [], samples: {} };

test('a run goes on where one of the same commit and lengths was ended, and no other', async () => {
  await using dir = await createTempDir('earlier-run');
  const open = (machine = MACHINE, lengths = LENGTHS) => openEarlierRun(machine, lengths, dir.path);
  const first = await open();
  expect(first.find('proxy')).toBeUndefined();
  await first.keep('proxy', MEASURED);
  expect((await open()).find('proxy')?.measured).toEqual(MEASURED);
  expect((await open()).find('other')).toBeUndefined();
  expect((await open({ ...MACHINE, commit: 'abd' })).find('proxy')).toBeUndefined();
  expect((await open(MACHINE, { ...LENGTHS, rounds: 5 })).find('proxy')).toBeUndefined();
  await first.end();
  expect((await open()).find('proxy')).toBeUndefined();
});
