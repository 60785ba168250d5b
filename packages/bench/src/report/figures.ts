import { type Figure, isReached } from '../scenario.ts';
import { number, ratio } from './format.ts';

/** The rows of a table of figures: what was wanted, what was measured, whether it is reached. */
export function figureRows(figures: readonly Figure[]): string[][] {
  return figures.map((figure) => [figure.name, shown(figure.value, figure.unit), wanted(figure), verdict(figure)]);
}

export const FIGURE_COLUMNS = ['figure', 'measured', 'to reach', ''] as const;

function shown(value: number, unit: string): string {
  return unit === 'x' ? ratio(value) : `${number(value)} ${unit}`.trim();
}

function wanted({ atMost, atLeast, unit }: Figure): string {
  if (atMost !== undefined && atLeast !== undefined) return `${shown(atLeast, unit)} to ${shown(atMost, unit)}`;
  if (atMost !== undefined) return `≤ ${shown(atMost, unit)}`;
  return atLeast === undefined ? 'stated' : `≥ ${shown(atLeast, unit)}`;
}

function verdict(figure: Figure): string {
  // Null is less than anything, and no figure.
  if (!Number.isFinite(figure.value)) return 'not measured';
  const reached = isReached(figure);
  if (reached === undefined) return '';
  if (reached) return 'reached';
  const { value, atMost, atLeast } = figure;
  const aim = atMost !== undefined && value > atMost ? atMost : (atLeast ?? atMost!);
  return `missed by ${Math.round(Math.abs(figure.value / aim - 1) * 100)}%`;
}
