import type { Machine } from '../measure/machine.ts';
import type { Figure, Measured } from '../scenario.ts';
import { FIGURE_COLUMNS, figureRows } from './figures.ts';
import { describeRun } from './head.ts';
import { markdownTable } from './table.ts';

/** All that a run has measured, as its JSON file holds it. Where that says null, a figure was no number. */
export interface RunResult {
  readonly machine: Machine;
  readonly rounds: number;
  /** Length of one measurement under load. */
  readonly seconds: number;
  /** In the order in which they ran. */
  readonly results: readonly ScenarioResult[];
}

/** `seconds`: that it took in this run. `error`: why it could not be measured. */
export type ScenarioResult = ScenarioStart & { readonly seconds?: number } & (Measured | { readonly error: string });

export interface ScenarioStart {
  readonly name: string;
  readonly about: string;
  /** What others did just before. */
  readonly before?: { readonly busyCores: number; readonly loadAverage: number };
  /** Measured by an earlier run, on this day (ISO 8601). */
  readonly date?: string;
}

/** Busy cores of others from which on wall-clock figures mean little. */
const NOISY_CORES = 0.3;

/** A run as Markdown: machine, versions and date, a table for each scenario, and one of all figures. */
export function runReport(run: RunResult): string {
  const scenarios = run.results.flatMap((result) => [scenarioHead(result), scenarioOutcome(result)]);
  return `${[describeRun(run.machine, run), ...scenarios, figuresReport(run.results)].join('\n\n')}\n`;
}

/** What can be said of a scenario before it has run. */
export function scenarioHead({ name, about, before, date }: ScenarioStart): string {
  const parts = [`## ${name}: ${about}`];
  if (date !== undefined) parts.push(`Measured on ${date}.`);
  if (before && before.busyCores > NOISY_CORES) {
    const busy = before.busyCores.toFixed(1);
    parts.push(`Noisy: others keep ${busy} cores busy (load average ${before.loadAverage.toFixed(1)}).`);
  }
  return parts.join('\n\n');
}

/** Its table with its notes, or why there is none. */
export function scenarioOutcome(result: ScenarioResult): string {
  if ('error' in result) return `Not measured:\n\n\`\`\`\n${result.error}\n\`\`\``;
  const table = markdownTable(result.columns, result.rows);
  return result.notes.length === 0 ? table : `${table}\n\n${result.notes.map((note) => `- ${note}`).join('\n')}`;
}

/** The figures of all scenarios in one table. */
export function figuresReport(results: readonly ScenarioResult[]): string {
  const figures: Figure[] = results.flatMap((result) => ('error' in result ? [] : result.figures));
  return `## Figures\n\n${markdownTable(FIGURE_COLUMNS, figureRows(figures))}`;
}
