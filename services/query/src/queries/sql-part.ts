import type { QueryParam } from '@throughline/analytics/analytics-store';

/** A piece of SQL and the values of its placeholders. */
export interface SqlPart {
  readonly sql: string;
  readonly params: Readonly<Record<string, QueryParam>>;
}

/** Conditions that must all hold. Names of placeholders must differ between parts, or stand for the same value. */
export function allOf(parts: readonly SqlPart[]): SqlPart {
  return joined(parts, '\n  AND ');
}

/** Conditions of which one must hold. */
export function anyOf(parts: readonly SqlPart[]): SqlPart {
  return joined(parts, '\n  OR ');
}

function joined(parts: readonly SqlPart[], operator: string): SqlPart {
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(operator),
    params: Object.assign({}, ...parts.map(({ params }) => params)) as SqlPart['params'],
  };
}
