import type {
  DiffAnswer,
  DiffPiece,
  DiffStep,
  DiffStepSide,
  DiffSummary,
} from '@throughline/contracts/api/session-diff';
import { COMPARED_FIGURE_NAMES, COMPARED_FIGURES, type ComparedFigure } from '@throughline/contracts/compared-figures';
import { terminalLine, terminalText } from './terminal-text.ts';

/**
 * In what two sessions differ, for people: a table of their figures, how many steps are equal, and the steps that are not.
 *
 * @param colours else what is deleted stands in `[-…-]`, what is inserted in `{+…+}`. @param isMore there are further steps.
 */
export function describeDiff({ summary, steps }: DiffAnswer['data'], colours: boolean, isMore: boolean): string {
  const blocks = [sides(summary), table(summary), counts(summary), ...steps.map((step) => describeStep(step, colours))];
  if (isMore) blocks.push('… and more: --limit takes a larger number');
  return `${blocks.join('\n\n')}\n`;
}

/** Of any length, and so no part of the table. */
function sides({ a, b }: DiffSummary): string {
  const line = (name: string, { session_id: id, models }: DiffSummary['a']) =>
    `${name}  ${terminalLine(id)}${models.length > 0 ? `  (${terminalLine(models.join(', '))})` : ''}`;
  return `${line('a', a)}\n${line('b', b)}`;
}

function table({ a, b, change }: DiffSummary): string {
  const rows = [
    ['', 'a', 'b', 'change', 'b / a'],
    ...COMPARED_FIGURE_NAMES.map((name) => {
      const { absolute, ratio } = change[name];
      const known = name === 'cost' ? [a.cost_complete, b.cost_complete] : [true, true];
      const cell = (value: number | null, isAll: boolean) =>
        `${isAll || value === null ? '' : '≥ '}${figure(name, value)}`;
      return [
        COMPARED_FIGURES[name].label,
        cell(a.figures[name], known[0]!),
        cell(b.figures[name], known[1]!),
        absolute === null ? '' : `${absolute > 0 ? '+' : ''}${figure(name, absolute)}`,
        ratio === null ? '' : `${ratio.toFixed(2)}x`,
      ];
    }),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 4 ? cell : cell.padEnd(widths[column]!)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function counts({ steps, truncated }: DiffSummary): string {
  const parts = [
    `${steps.equal} equal`,
    `${steps.changed} changed`,
    `${steps.only_a} only in a`,
    `${steps.only_b} only in b`,
  ];
  if (steps.not_compared > 0) parts.push(`bodies of ${steps.not_compared} not compared`);
  return `steps: ${parts.join(', ')}${truncated ? '; of a longer session only the first' : ''}`;
}

const MARKS = { equal: '=', changed: '~', only_a: '-', only_b: '+' } as const;

function describeStep(step: DiffStep, colours: boolean): string {
  const { a, b, state, path, request, response } = step;
  const one = (a ?? b)!;
  const changes =
    state === 'changed' ? step.changed.map((name) => changeText(name, a!, b!)) : [one.kind, terminalLine(one.model)];
  const ids = [a?.request_id, b?.request_id].filter((id) => id !== undefined).map(terminalLine);
  const head = `${MARKS[state]} ${terminalLine(path)}  ${changes.filter((text) => text !== '').join(', ')}  (${ids.join(' / ')})`;
  const lines = [colours ? `${BOLD}${head}${PLAIN}` : head];
  if (request) lines.push('  request', indented(words(request, colours)));
  if (response) lines.push('  response', indented(words(response, colours)));
  return lines.join('\n');
}

/** Which of them, and from what to what where that is short. */
function changeText(name: DiffStep['changed'][number], a: DiffStepSide, b: DiffStepSide): string {
  switch (name) {
    case 'status':
    case 'model':
    case 'provider':
    case 'path':
    case 'kind':
    case 'finish_reason':
      return `${name.replace('_', ' ')} ${terminalLine(String(a[name] ?? 'none'))} → ${terminalLine(String(b[name] ?? 'none'))}`;
    case 'error':
      return `error ${errorText(a, b)} → ${errorText(b, a)}`;
    case 'cost':
      return `cost ${figure('cost', a.cost)} → ${figure('cost', b.cost)}`;
    case 'tokens':
      return `tokens ${tokens(a)} → ${tokens(b)}`;
    case 'request':
    case 'response':
      return name;
  }
}

/** Its type, and what it says where that alone is other. */
function errorText({ error }: DiffStepSide, { error: other }: DiffStepSide): string {
  if (!error) return 'none';
  return terminalLine(error.type === other?.type ? `${error.type}: ${error.message}` : error.type);
}

function tokens({ prompt_tokens: prompt, completion_tokens: completion }: DiffStepSide): string {
  return prompt === null && completion === null ? UNKNOWN : `${prompt ?? '?'}+${completion ?? '?'}`;
}

const UNKNOWN = 'unknown';

function figure(name: ComparedFigure, value: number | null): string {
  if (value === null) return UNKNOWN;
  switch (COMPARED_FIGURES[name].unit) {
    case 'usd':
      return `${value < 0 ? '-' : ''}$${Math.abs(value).toFixed(6)}`;
    case 'ms':
      return Math.abs(value) < 10_000 ? `${milliseconds(value)} ms` : `${(value / 1000).toFixed(1)} s`;
    case 'count':
      return String(value);
  }
}

/** Means of short calls differ in less than one. */
function milliseconds(value: number): number {
  return Number(value.toFixed(Math.abs(value) < 10 ? 1 : 0));
}

function words(pieces: readonly DiffPiece[], colours: boolean): string {
  return pieces
    .map(({ op, text, omitted }) => {
      const left = omitted === undefined ? '' : `…(${omitted} characters)…`;
      const shown = `${terminalText(text)}${left}`;
      if (op === 'equal') return shown;
      return colours
        ? painted(shown, COLOURS[op])
        : `${op === 'delete' ? '[-' : '{+'}${shown}${op === 'delete' ? '-]' : '+}'}`;
    })
    .join('');
}

const BOLD = '\u001b[1m';
const PLAIN = '\u001b[0m';
/** Red and struck through, green and underlined: told apart without colours as well. */
const COLOURS = { delete: '\u001b[31;9m', insert: '\u001b[32;4m' } as const;

/** Line by line: a colour that goes on is lost, or spills, where lines are cut. */
function painted(text: string, colour: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `${colour}${line}${PLAIN}`))
    .join('\n');
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '    ');
}
