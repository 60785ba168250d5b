import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Machine } from '../measure/machine.ts';
import type { Measured } from '../scenario.ts';
import { RESULTS_FOLDER } from './results-folder.ts';

/** What a run has measured that was ended before its last scenario. */
export interface EarlierRun {
  find(scenario: string): KeptScenario | undefined;
  keep(scenario: string, measured: Measured): Promise<void>;
  /** All of them are measured: the next run begins anew. */
  end(): Promise<void>;
}

export interface KeptScenario {
  /** ISO 8601. */
  readonly date: string;
  readonly measured: Measured;
}

/** Of the same commit, machine and lengths: others do not belong into one table. */
export async function openEarlierRun(
  { commit, cpu, kernel }: Machine,
  lengths: { readonly rounds: number; readonly seconds: number },
  folder = RESULTS_FOLDER,
): Promise<EarlierRun> {
  const path = join(folder, 'unfinished.json');
  const of = JSON.stringify({ commit, cpu, kernel, ...lengths });
  const read = await readFile(path, 'utf8').then(
    (text) => JSON.parse(text) as Kept,
    () => undefined,
  );
  const kept: Kept = read?.of === of ? read : { of, scenarios: {} };
  return {
    find: (scenario) => kept.scenarios[scenario],
    async keep(scenario, measured) {
      kept.scenarios[scenario] = { date: new Date().toISOString(), measured };
      await mkdir(folder, { recursive: true });
      await writeFile(path, JSON.stringify(kept));
    },
    end: () => rm(path, { force: true }),
  };
}

interface Kept {
  readonly of: string;
  readonly scenarios: Record<string, KeptScenario>;
}
