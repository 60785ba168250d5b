import type { StepColumns } from '../steps/ask-steps.ts';
import type { SessionSteps } from '../steps/session-steps.ts';

/** An object per request and line. */
export function stepsAsJsonLines({ columns, count }: SessionSteps): string {
  const names = Object.keys(columns) as (keyof StepColumns)[];
  const lines = Array.from({ length: count }, (_, step) =>
    JSON.stringify(Object.fromEntries(names.map((name) => [name, columns[name][step]]))),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** A row per request, with a head; cells that a spreadsheet would compute are texts. */
export function stepsAsCsv({ columns, count }: SessionSteps): string {
  const names = Object.keys(columns) as (keyof StepColumns)[];
  const rows = Array.from({ length: count }, (_, step) => names.map((name) => cell(columns[name][step])));
  return [names, ...rows].map((cells) => `${cells.join(',')}\r\n`).join('');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Spreadsheets run what begins with one of these.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
