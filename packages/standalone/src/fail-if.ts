import {
  COMPARED_FIGURE_NAMES,
  COMPARED_FIGURES,
  type ComparedFigure,
  type ComparedTotals,
} from '@throughline/contracts/compared-figures';
import { UsageError } from './usage-error.ts';

/** What makes a check fail: a figure of a session, alone or beside that of another. */
export interface FailIf {
  /** As it was written. */
  readonly text: string;
  readonly figure: ComparedFigure;
  readonly operator: Operator;
  /** `of`: USD, ms or a count. `times`: of the other session's figure. */
  readonly bound: { readonly kind: 'of' | 'times'; readonly value: number };
}

type Operator = '<' | '<=' | '>' | '>=' | '=' | '!=';

/**
 * Reads `<figure> <op> <number>[unit]`: `cost > 1.1x`, `tokens > 110%`, `duration > +10%` (ten percent more than the other),
 * `p95_latency >= 2s`, `errors > 0`.
 *
 * @throws UsageError that says what is wrong with it.
 */
export function parseFailIf(text: string): FailIf {
  const [, name = '', operator = '', sign = '', digits = '', unit = ''] = CONDITION.exec(text) ?? [];
  if (name === '') throw new UsageError(`${JSON.stringify(text)} is not like 'cost > 1.1x' or 'errors > 0'`);
  const figure = COMPARED_FIGURE_NAMES.find((known) => known === name.toLowerCase());
  if (!figure) throw new UsageError(`there is no figure ${name}: it is one of ${COMPARED_FIGURE_NAMES.join(', ')}`);
  const number = Number(`${sign}${digits}`);
  const is = (kind: FailIf['bound']['kind'], value: number): FailIf => ({
    text,
    figure,
    operator: operator as Operator,
    bound: { kind, value },
  });
  if (unit === '%') return is('times', sign === '' ? number / 100 : 1 + number / 100);
  if (unit.toLowerCase() === 'x') return is('times', number);
  const factor = UNITS[COMPARED_FIGURES[figure].unit].get(unit.toLowerCase());
  if (factor === undefined) throw new UsageError(`${name} is not counted in ${unit}: ${JSON.stringify(text)}`);
  return is('of', number * factor);
}

/**
 * Why a session fails, as a sentence; undefined where it does not. A figure that is not known fails: nobody could say that it
 * did not.
 *
 * @param other what it is compared with.
 */
export function failureOf(
  { text, figure, operator, bound }: FailIf,
  own: ComparedTotals,
  other: ComparedTotals,
): string | undefined {
  const value = own[figure];
  const { label } = COMPARED_FIGURES[figure];
  if (value === null) return `${text}: ${label} is not known`;
  const reference = bound.kind === 'times' ? other[figure] : 1;
  if (reference === null) return `${text}: ${label} of the other session is not known`;
  // Both are sums of decimals: what doubles add behind 12 digits makes no difference.
  const limit = bound.value * reference;
  const order = Math.abs(value - limit) <= Math.abs(limit) * NOISE ? 0 : value - limit;
  if (!HOLDS[operator](order)) return undefined;
  return `${text}: ${label} is ${value}${bound.kind === 'times' ? `, that of the other session ${reference}` : ''}`;
}

const CONDITION = /^\s*([a-z0-9_]+)\s*(<=|>=|!=|<|>|=)\s*([+-]?)((?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(%|[a-z$]*)\s*$/i;

/** Factors to USD, ms and counts. */
const UNITS: Readonly<Record<(typeof COMPARED_FIGURES)[ComparedFigure]['unit'], ReadonlyMap<string, number>>> = {
  usd: new Map([
    ['', 1],
    ['$', 1],
    ['usd', 1],
  ]),
  ms: new Map([
    ['', 1],
    ['ms', 1],
    ['s', 1_000],
    ['m', 60_000],
    ['min', 60_000],
    ['h', 3_600_000],
  ]),
  count: new Map([
    ['', 1],
    ['k', 1_000],
  ]),
};

const NOISE = 1e-12;

const HOLDS: Readonly<Record<Operator, (order: number) => boolean>> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
};
