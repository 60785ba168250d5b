import { COLUMN_SQL, type ColumnSql } from './column-sql.ts';
import { matchText } from './compare.ts';
import type { EqualitySet } from './equality-sets.ts';
import type { Comparison, Leaf, TextOperator } from './filter.ts';
import { likeText, parseLike } from './like-pattern.ts';
import { asciiLower, isSystemKey, SESSION_ID_KEY, SESSION_NAME_KEY, SESSION_PATH_KEY } from './property-keys.ts';
import type { SqlWriter } from './sql-fragment.ts';

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

/**
 * ILIKE and the engine's case-insensitive searches follow several rules of their own about letters whose cases differ in
 * length; `upperUTF8` is Unicode's, and JavaScript's.
 */
function textSql(text: string, operator: TextOperator, value: string, w: SqlWriter): string {
  switch (operator) {
    case 'equals':
      return `(${text} = ${w.param('String', value)})`;
    case 'not-equals':
      return `(${text} != ${w.param('String', value)})`;
    case 'like':
      return `(${text} LIKE ${w.param('String', likeText(parseLike(value)))})`;
    case 'ilike':
      return `(upperUTF8(${text}) LIKE upperUTF8(${w.param('String', likeText(parseLike(value)))}))`;
    case 'contains':
      return `(position(upperUTF8(${text}), upperUTF8(${w.param('String', value)})) > 0)`;
    case 'not-contains':
      return `(position(upperUTF8(${text}), upperUTF8(${w.param('String', value)})) = 0)`;
  }
}

function constantSql(column: string | boolean, operator: Leaf['operator'], value: Leaf['value']): string {
  const holds =
    typeof column === 'string' ? matchText(operator as TextOperator, column, value as string) : column === value;
  return holds ? '1' : '0';
}

function setSql({ key, isNegated, values }: EqualitySet, column: ColumnSql, w: SqlWriter): string {
  if (column.is === 'constant') return values.includes(column.value as string) !== isNegated ? '1' : '0';
  const list = w.param('Array(String)', values);
  if (column.is === 'some-of') {
    return someOfSql(
      column,
      `hasAny(${w.s}.${column.set}, ${list})`,
      `${column.rows} IN ${list}`,
      values.includes(''),
      w,
    );
  }
  const text = column.is === 'text' ? column.sql(w) : propertySql(key!, w);
  return `(${text} ${isNegated ? 'NOT IN' : 'IN'} ${list})`;
}

/** Times that the engine's type cannot hold lie before or behind every time by which rows are sorted. */
const TIME_MIN_MS = Date.UTC(1900, 0, 1);
const TIME_MAX_MS = Date.UTC(2299, 11, 31, 23, 59, 59, 999);

function timeSql(time: string, operator: Comparison, value: number, w: SqlWriter): string {
  if (value < TIME_MIN_MS) return operator === 'gt' || operator === 'gte' ? '1' : '0';
  if (value > TIME_MAX_MS) return operator === 'lt' || operator === 'lte' ? '1' : '0';
  return `(${time} ${SIGNS[operator]} ${w.param("DateTime64(3, 'UTC')", value)})`;
}

/**
 * The value of a property, '' where there is none: of the key as given, else of the first that differs in case only.
 * The session's own are columns.
 */
function propertySql(key: string, w: SqlWriter): string {
  const column = SESSION_COLUMNS.get(key);
  if (column !== undefined) return `${w.r}.${column}`;
  const map = `${w.r}.properties`;
  const exact = w.param('String', key);
  if (isSystemKey(key)) return `${map}[${exact}]`;
  const anyCase = w.param('String', asciiLower(key));
  return `if(mapContains(${map}, ${exact}), ${map}[${exact}], arrayFirst((v, k) -> lower(k) = ${anyCase}, mapValues(${map}), mapKeys(${map})))`;
}

function propertyKeySql(key: string, w: SqlWriter): string {
  const column = SESSION_COLUMNS.get(key);
  if (column !== undefined) return `(${w.r}.${column} != '')`;
  const map = `${w.r}.properties`;
  if (isSystemKey(key)) return `mapContains(${map}, ${w.param('String', key)})`;
  return `arrayExists(k -> lower(k) = ${w.param('String', asciiLower(key))}, mapKeys(${map}))`;
}

const SESSION_COLUMNS: ReadonlyMap<string, string> = new Map([
  [SESSION_ID_KEY, 'session_id'],
  [SESSION_NAME_KEY, 'session_name'],
  [SESSION_PATH_KEY, 'session_path'],
]);

/**
 * Some text of a session's set. A set that overflowed does not hold all: those sessions, of which there are few, are
 * looked up first, and only their requests are read.
 *
 * @param member asks the set, `row` a request. @param holdsForNone whether the empty text, which a session without any
 *   has, satisfies the condition.
 */
function someOfSql({ set, rows }: SomeOf, member: string, row: string, holdsForNone: boolean, w: SqlWriter): string {
  w.lookups++;
  const overflowed = `has(${w.s}.truncated_fields, '${set}')`;
  const none = holdsForNone ? ` OR (empty(${w.s}.${set}) AND NOT ${overflowed})` : '';
  const sessions = `SELECT session_id FROM sessions FINAL WHERE tenant_id = ${w.tenant} AND has(truncated_fields, '${set}')`;
  const asked = `SELECT session_id FROM requests FINAL WHERE tenant_id = ${w.tenant} AND session_id IN (${sessions}) AND ${rows} != '' AND ${row}`;
  return `(${member}${none} OR (${overflowed} AND ${w.s}.session_id IN (${asked})))`;
}

function someTextSql(column: SomeOf, operator: TextOperator, value: string, w: SqlWriter): string {
  const array = `${w.s}.${column.set}`;
  const member =
    operator === 'equals'
      ? `has(${array}, ${w.param('String', value)})`
      : `arrayExists(x -> ${textSql('x', operator, value, w)}, ${array})`;
  return someOfSql(column, member, textSql(column.rows, operator, value, w), matchText(operator, '', value), w);
}

type SomeOf = ColumnSql & { readonly is: 'some-of' };

/**
 * Text of a body. Bodies lie in a table of their own, and a request may have none there any more, which is the empty
 * text: a condition that holds for the empty text is asked the other way round.
 */
function bodySql(body: 'request' | 'response', operator: TextOperator, value: string, w: SqlWriter): string {
  w.lookups++;
  const holdsForNone = matchText(operator, '', value);
  // What is no text was stored as the bytes that came.
  const condition = textSql(`${body}_body`, operator, value, w);
  const found = holdsForNone ? `NOT ${condition}` : condition;
  const keys = 'request_id, source_partition, source_offset';
  const rowKeys = `${w.r}.request_id, ${w.r}.source_partition, ${w.r}.source_offset`;
  const bodies = `SELECT ${keys} FROM request_bodies FINAL WHERE tenant_id = ${w.tenant} AND ${body}_encoding = 'utf8' AND ${found}`;
  return `((${rowKeys}) ${holdsForNone ? 'NOT IN' : 'IN'} (${bodies}))`;
}
