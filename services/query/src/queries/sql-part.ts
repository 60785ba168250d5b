import type { QueryParam } from '@throughline/analytics/analytics-store';

/** A piece of SQL and the values of its placeholders. */
export interface SqlPart {
  readonly sql: string;
  readonly params: Readonly<Record<string, QueryParam>>;
}

/** Conditions that must all hold; none is true. Names of placeholders must differ between parts. */
export function allOf(parts: readonly SqlPart[]): SqlPart {
  if (parts.length === 0) return { sql: '1', params: {} };
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join('\n  AND '),
    params: Object.assign({}, ...parts.map(({ params }) => params)) as SqlPart['params'],
  };
}
