import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RESULTS_FOLDER } from './results-folder.ts';
import { type RunResult, runReport } from './run-report.ts';

/**
 * Writes a run as JSON, with every single measurement, and beside it the report that is made of that.
 *
 * @returns the paths of both.
 */
export async function keepRun(run: RunResult, folder = RESULTS_FOLDER): Promise<{ json: string; markdown: string }> {
  const path = join(folder, run.machine.date.replaceAll(':', '-'));
  const json = JSON.stringify(run, null, 1);
  await mkdir(folder, { recursive: true });
  await writeFile(`${path}.json`, `${json}\n`);
  await writeFile(`${path}.md`, runReport(JSON.parse(json) as RunResult));
  return { json: `${path}.json`, markdown: `${path}.md` };
}
