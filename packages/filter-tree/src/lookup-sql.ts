import type { ColumnSql } from './column-sql.ts';
import { matchText } from './compare.ts';
import type { TextOperator } from './filter.ts';
import type { SqlWriter } from './sql-fragment.ts';
import { textSql } from './text-sql.ts';

export type SomeOf = ColumnSql & { readonly is: 'some-of' };

/** A condition that some text of a session's set has to satisfy. */
export function someTextSql(column: SomeOf, operator: TextOperator, value: string, w: SqlWriter): string {
  const array = `${w.s}.${column.set}`;
  const member =
    operator === 'equals'
      ? `has(${array}, ${w.param('String', value)})`
      : `arrayExists(x -> ${textSql('x', operator, value, w)}, ${array})`;
  return someOfSql(column, member, textSql(column.rows, operator, value, w), matchText(operator, '', value), w);
}

/** One of these values in a session's set. */
export function someInSql(column: SomeOf, values: readonly string[], w: SqlWriter): string {
  const list = w.param('Array(String)', values);
  const member = `hasAny(${w.s}.${column.set}, ${list})`;
  return someOfSql(column, member, `${column.rows} IN ${list}`, values.includes(''), w);
}

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

/**
 * Text of a body. Bodies lie in a table of their own, and a request may have none there any more, which is the empty
 * text: a condition that holds for the empty text is asked the other way round.
 */
export function bodySql(body: 'request' | 'response', operator: TextOperator, value: string, w: SqlWriter): string {
  w.lookups++;
  const holdsForNone = matchText(operator, '', value);
  // With the time, by which requests are sorted: those of rare text are then all that is read of them.
  const keys = 'ordered_at, request_id, source_partition, source_offset';
  const rowKeys = `${w.r}.ordered_at, ${w.r}.request_id, ${w.r}.source_partition, ${w.r}.source_offset`;
  // PREWHERE, since with FINAL the engine would read the bodies of whatever lies beside those that are asked.
  const among = w.bodiesAmong === undefined ? '' : `PREWHERE ${w.bodiesAmong} `;
  const found = isText(body, `${holdsForNone ? 'NOT ' : ''}${textSql(`${body}_body`, operator, value, w)}`);
  const bodies = `SELECT ${keys} FROM request_bodies FINAL ${among}WHERE tenant_id = ${w.tenant} AND ${found}`;
  return `((${rowKeys}) ${holdsForNone ? 'NOT IN' : 'IN'} (${bodies}))`;
}

/** That a row of `request_bodies`, under the alias of requests, has a text that satisfies a condition. */
export function storedTextSql(
  body: 'request' | 'response',
  operator: TextOperator,
  value: string,
  w: SqlWriter,
): string {
  return `(${isText(`${w.r}.${body}`, textSql(`${w.r}.${body}_body`, operator, value, w))})`;
}

/** What is no text was stored as the bytes that came. */
function isText(body: string, condition: string): string {
  return `${body}_encoding = 'utf8' AND ${condition}`;
}
