import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Machine, otherLoad } from './measure/machine.ts';
import type { Tools } from './processes/tools.ts';
import type { BenchArguments } from './read-arguments.ts';
import { openEarlierRun } from './report/earlier-run.ts';
import { FIGURE_COLUMNS, figureRows } from './report/figures.ts';
import { describeRun } from './report/head.ts';
import { markdownTable } from './report/table.ts';
import type { Bench, Figure, Measured } from './scenario.ts';

/** Busy cores of others from which on wall-clock figures mean little. */
const NOISY_CORES = 0.3;

/**
 * Runs scenarios one after the other, prints a table for each and one of all figures at the end, and keeps everything
 * measured as JSON in `results/`.
 *
 * @returns the exit code: 1 when a scenario could not be measured. A missed figure is a result, not a failure.
 */
export async function runScenarios(given: BenchArguments, tools: Tools, machine: Machine): Promise<number> {
  const { rounds, seconds, profileDir, against } = given;
  if (profileDir) await mkdir(profileDir, { recursive: true });
  console.log(`${describeRun(machine, given)}\n`);
  const bench: Bench = {
    rounds,
    seconds,
    tools,
    requests: given.requests,
    profileDir,
    against,
    peers: given.peers,
    conversations: given.conversations,
    progress: (text) => process.stderr.write(`  ${text}\n`),
  };
  const figures: Figure[] = [];
  const results: unknown[] = [];
  const earlier = given.resumes ? await openEarlierRun(machine, { rounds, seconds }) : undefined;
  let failures = 0;
  for (const { name, about, run } of given.scenarios) {
    const known = earlier?.find(name);
    if (known) {
      console.log(`## ${name}: ${about}\n\nMeasured on ${known.date}.\n`);
      print(known.measured);
      figures.push(...known.measured.figures);
      results.push({ name, about, ...known, ...known.measured });
      continue;
    }
    const before = await otherLoad();
    console.log(`## ${name}: ${about}\n`);
    if (before.busyCores > NOISY_CORES) {
      const busy = before.busyCores.toFixed(1);
      console.log(`Noisy: others keep ${busy} cores busy (load average ${before.loadAverage.toFixed(1)}).\n`);
    }
    const start = performance.now();
    try {
      const measured = await run(bench);
      print(measured);
      await earlier?.keep(name, measured);
      figures.push(...measured.figures);
      results.push({ name, about, before, seconds: (performance.now() - start) / 1_000, ...measured });
    } catch (error) {
      failures++;
      console.log(`Not measured: ${(error as Error).stack}\n`);
      results.push({ name, about, before, error: String(error) });
    }
  }
  console.log(`## Figures\n\n${markdownTable(FIGURE_COLUMNS, figureRows(figures))}\n`);
  console.log(`Results: ${await keep(machine, { machine, rounds, seconds, results })}`);
  if (failures === 0) await earlier?.end();
  return failures === 0 ? 0 : 1;
}

function print({ columns, rows, notes }: Measured): void {
  console.log(`${markdownTable(columns, rows)}\n`);
  for (const note of notes) console.log(`- ${note}`);
  console.log('');
}

async function keep(machine: Machine, result: object): Promise<string> {
  const folder = join(import.meta.dirname, '..', 'results');
  await mkdir(folder, { recursive: true });
  const path = join(folder, `${machine.date.replaceAll(':', '-')}.json`);
  await writeFile(path, `${JSON.stringify(result, null, 1)}\n`);
  return path;
}
