import type { SortField } from './list-picture.ts';

/** Columns of the list that can be chosen, in the order in which they stand unless another is chosen. */
export const COLUMN_SPECS = [
  { id: 'name', label: 'Name', widthPx: 220, isDefault: true },
  { id: 'id', label: 'Id', widthPx: 124, isDefault: true },
  { id: 'started', label: 'Started', widthPx: 94, sort: 'created_at', isDefault: true },
  { id: 'active', label: 'Last activity', widthPx: 104, sort: 'latest_request_created_at', isDefault: true },
  { id: 'duration', label: 'Duration', widthPx: 92, sort: 'duration_ms', isFigure: true, isDefault: true },
  { id: 'requests', label: 'Requests', widthPx: 86, sort: 'total_requests', isFigure: true, isDefault: true },
  { id: 'errors', label: 'Errors', widthPx: 70, sort: 'error_count', isFigure: true, isDefault: true },
  { id: 'success', label: 'Success', widthPx: 70, isFigure: true, isDefault: true },
  { id: 'error-share', label: 'Failed', widthPx: 62, isFigure: true, isDefault: true },
  { id: 'cost', label: 'Cost', widthPx: 84, sort: 'total_cost', isFigure: true, isDefault: true },
  { id: 'tokens', label: 'Tokens', widthPx: 84, sort: 'total_tokens', isFigure: true, isDefault: false },
  { id: 'tokens-in', label: 'Tokens in', widthPx: 84, isFigure: true, isDefault: true },
  { id: 'tokens-out', label: 'Tokens out', widthPx: 88, isFigure: true, isDefault: true },
  { id: 'tokens-cached', label: 'Cached', widthPx: 76, isFigure: true, isDefault: true },
  { id: 'latency', label: 'Avg latency', widthPx: 104, sort: 'avg_latency', isFigure: true, isDefault: true },
  { id: 'p95', label: 'p95 latency', widthPx: 92, isFigure: true, isDefault: true },
  { id: 'users', isText: true, label: 'Users', widthPx: 160, isDefault: true },
  { id: 'models', isText: true, label: 'Models', widthPx: 180, isDefault: true },
  { id: 'providers', isText: true, label: 'Providers', widthPx: 120, isDefault: false },
  { id: 'tag', isText: true, label: 'Tag', widthPx: 100, isDefault: true },
  { id: 'feedback', label: 'Feedback', widthPx: 84, isDefault: true },
  { id: 'scores', isText: true, label: 'Scores', widthPx: 160, isDefault: false },
] as const satisfies readonly ColumnSpec[];

export interface ColumnSpec {
  readonly id: string;
  readonly label: string;
  readonly widthPx: number;
  /** The column can be sorted by. */
  readonly sort?: SortField;
  /** A number: at the end of its cell. */
  readonly isFigure?: true;
  /** What was recorded: it may be longer than the column is wide. */
  readonly isText?: true;
  readonly isDefault: boolean;
}

export type ColumnId = (typeof COLUMN_SPECS)[number]['id'];

export const DEFAULT_COLUMNS: readonly ColumnId[] = COLUMN_SPECS.filter(({ isDefault }) => isDefault).map(
  ({ id }) => id,
);

/** By id, as wide as the type that all have in common. */
export const SPEC_OF: ReadonlyMap<string, ColumnSpec & { readonly id: ColumnId }> = new Map(
  COLUMN_SPECS.map((spec) => [spec.id, spec]),
);

/** Columns as a URL or the browser's store has them: known ones, once each, the name always first. */
export function readColumns(text: string | null | undefined): readonly ColumnId[] | undefined {
  if (!text) return undefined;
  const known = text.split(',').flatMap((id) => SPEC_OF.get(id)?.id ?? []);
  return [...new Set<ColumnId>(['name', ...known])];
}

/** undefined: as they are anyway. */
export function columnsText(columns: readonly ColumnId[]): string | undefined {
  const text = columns.join(',');
  return text === DEFAULT_COLUMNS.join(',') ? undefined : text;
}

/** Moves a column by some places; the name stays first. */
export function movedColumn(columns: readonly ColumnId[], id: ColumnId, by: number): readonly ColumnId[] {
  const from = columns.indexOf(id);
  const to = Math.min(columns.length - 1, Math.max(1, from + by));
  if (from < 1 || from === to) return columns;
  return columns.filter((other) => other !== id).toSpliced(to, 0, id);
}
