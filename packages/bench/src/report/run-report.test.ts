import { expect, test } from '@jest/globals';
import type { Machine } from '../measure/machine.ts';
import { type RunResult, runReport } from './run-report.ts';

const MACHINE: Machine = {
  date: '2026-11-22T17:16:38.604Z',
  commit: 'abc1234',
  cpu: 'Some CPU @ 2.50GHz',
  cores: 2,
  memoryGib: 24,
  kernel: '6.18',
  versions: { node: 'v24.21.0', undici: '8.12.4' },
  loadGenerator: 'wrk 4.1.0',
  upstream: 'nginx 1.22.1',
};

const RUN: RunResult = {
  machine: MACHINE,
  rounds: 3,
  seconds: 4,
  results: [
    {
      name: 'proxy',
      about: 'one thing against another',
      before: { busyCores: 0.02, loadAverage: 0.6 },
      columns: ['', 'CPU µs'],
      rows: [['raw', '56.0 ±4%']],
      figures: [{ name: 'gateway', value: 1.2, unit: 'x', atMost: 1.4 }],
      notes: ['each alone on core 1'],
      samples: {},
    },
    {
      name: 'storage',
      about: 'bytes',
      before: { busyCores: 1.96, loadAverage: 20.4 },
      error: 'Error: it ended\n    at somewhere',
    },
    {
      name: 'ingest',
      about: 'calls',
      date: '2026-11-21T10:00:00.000Z',
      columns: [''],
      rows: [],
      figures: [{ name: 'stored', value: Number.NaN, unit: 'x' }],
      notes: [],
      samples: {},
    },
  ],
};

test('a run as Markdown says when, on what and with what it was measured, shows every table, and all figures at the end', () => {
  expect(runReport(RUN)).toBe(`# Benchmark of 2026-11-22 17:16 UTC

- Some CPU @ 2.50GHz, 2 cores, 24 GiB, Linux 6.18; commit abc1234
- node v24.21.0, undici 8.12.4
- load: wrk 4.1.0; upstream: nginx 1.22.1; streams always by Node.js http
- 3 rounds of 4 s in turns, medians ± half the range

## proxy: one thing against another

|     |   CPU µs |
|-----|---------:|
| raw | 56.0 ±4% |

- each alone on core 1

## storage: bytes

Noisy: others keep 2.0 cores busy (load average 20.4).

Not measured:

\`\`\`
Error: it ended
    at somewhere
\`\`\`

## ingest: calls

Measured on 2026-11-21T10:00:00.000Z.

|     |
|-----|

## Figures

| figure  | measured | to reach |              |
|---------|---------:|---------:|-------------:|
| gateway |    1.20x |  ≤ 1.40x |      reached |
| stored  |        - |   stated | not measured |
`);
});

test('a report made of the JSON file is the one made of what was measured', () => {
  expect(runReport(JSON.parse(JSON.stringify(RUN)) as RunResult)).toBe(runReport(RUN));
});
