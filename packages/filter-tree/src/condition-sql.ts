import { COLUMN_SQL, type ColumnSql } from './column-sql.ts';
import { matchText } from './compare.ts';
import type { EqualitySet } from './equality-sets.ts';
import type { Comparison, Leaf, TextOperator } from './filter.ts';
import { bodySql, someInSql, someTextSql } from './lookup-sql.ts';
import { propertyKeySql, propertySql } from './property-sql.ts';
import type { SqlWriter } from './sql-fragment.ts';
import { textSql } from './text-sql.ts';

/** One condition, or a set of them, as an expression that is 1 or 0, never NULL. */
export function conditionSql(condition: Leaf | EqualitySet, w: SqlWriter): string {
  const column = COLUMN_SQL[condition.column];
  if (condition.kind === 'set') return setSql(condition, column, w);
  const { operator, value, key = '' } = condition;
  switch (column.is) {
    case 'text':
      return textSql(column.sql(w), operator as TextOperator, value as string, w);
    case 'constant':
      return constantSql(column.value, operator, value);
    case 'some-of':
      return someTextSql(column, operator as TextOperator, value as string, w);
    case 'body':
      return bodySql(column.body, operator as TextOperator, value as string, w);
    case 'property':
      return textSql(propertySql(key, w), operator as TextOperator, value as string, w);
    case 'property-key':
      return propertyKeySql(value as string, w);
    case 'number':
      return known(column, `${column.sql(w)} ${SIGNS[operator as Comparison]} ${numberParam(value as number, w)}`);
    case 'usd':
      return known(
        column,
        `${column.sql(w)} ${SIGNS[operator as Comparison]} ${w.param('Decimal(38, 12)', value as string)}`,
      );
    case 'time':
      return timeSql(column.sql(w), operator as Comparison, value as number, w);
    case 'millis':
      return `(${column.sql(w)} ${SIGNS[operator as Comparison]} ${w.param('Int64', value as number)})`;
    case 'boolean':
      return known(column, `(${column.sql(w)}) = ${value === true}`);
    case 'score': {
      const name = w.param('String', key);
      const scores = column.sql(w);
      const comparison = `${scores}[${name}] ${SIGNS[operator as Comparison]} ${numberParam(value as number, w)}`;
      return `(mapContains(${scores}, ${name}) AND ${comparison})`;
    }
  }
}

const SIGNS: Readonly<Record<Comparison, string>> = {
  equals: '=',
  'not-equals': '!=',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
};

/** What is unknown satisfies no comparison, not even `not-equals`. */
function known(column: { readonly nullable?: true }, comparison: string): string {
  return column.nullable ? `ifNull(${comparison}, 0)` : `(${comparison})`;
}

/** The engine compares integers with doubles exactly, and whole numbers as whole numbers. */
function numberParam(value: number, w: SqlWriter): string {
  return w.param(Number.isSafeInteger(value) ? 'Int64' : 'Float64', value);
}

function constantSql(column: string | boolean, operator: Leaf['operator'], value: Leaf['value']): string {
  const holds =
    typeof column === 'string' ? matchText(operator as TextOperator, column, value as string) : column === value;
  return holds ? '1' : '0';
}

function setSql({ key, isNegated, values }: EqualitySet, column: ColumnSql, w: SqlWriter): string {
  if (column.is === 'constant') return values.includes(column.value as string) !== isNegated ? '1' : '0';
  if (column.is === 'some-of') return someInSql(column, values, w);
  const text = column.is === 'text' ? column.sql(w) : propertySql(key!, w);
  return `(${text} ${isNegated ? 'NOT IN' : 'IN'} ${w.param('Array(String)', values)})`;
}

/** Times that the engine's type cannot hold lie before or behind every time by which rows are sorted. */
const TIME_MIN_MS = Date.UTC(1900, 0, 1);
const TIME_MAX_MS = Date.UTC(2299, 11, 31, 23, 59, 59, 999);

function timeSql(time: string, operator: Comparison, value: number, w: SqlWriter): string {
  if (value < TIME_MIN_MS) return operator === 'gt' || operator === 'gte' ? '1' : '0';
  if (value > TIME_MAX_MS) return operator === 'lt' || operator === 'lte' ? '1' : '0';
  return `(${time} ${SIGNS[operator]} ${w.param("DateTime64(3, 'UTC')", value)})`;
}
