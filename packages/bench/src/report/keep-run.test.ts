import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createTempDir } from '@throughline/testkit/temp-dir';
import type { Machine } from '../measure/machine.ts';
import { keepRun } from './keep-run.ts';
import { runReport } from './run-report.ts';

test('a run is kept as JSON, and as a report beside it', async () => {
  await using dir = await createTempDir('keep-run');
  const machine: Machine = {
    date: '2026-11-22T17:16:38.604Z',
    commit: 'abc',
    cpu: 'one',
    cores: 2,
    memoryGib: 24,
    kernel: '6',
    versions: {},
    loadGenerator: 'own',
    upstream: 'own',
  };
  const run = { machine, rounds: 1, seconds: 1, results: [{ name: 'proxy', about: 'one thing', error: 'ended' }] };
  // The folder is made where there is none.
  const folder = join(dir.path, 'results');
  const { json, markdown } = await keepRun(run, folder);
  expect(await readdir(folder)).toEqual(['2026-11-22T17-16-38.604Z.json', '2026-11-22T17-16-38.604Z.md']);
  expect(JSON.parse(await readFile(json, 'utf8'))).toEqual(run);
  expect(await readFile(markdown, 'utf8')).toBe(runReport(run));
});
