import type { TextOperator } from './filter.ts';
import { likeText, parseLike } from './like-pattern.ts';
import type { SqlWriter } from './sql-fragment.ts';

/**
 * A text against a condition.
 *
 * ILIKE and the engine's case-insensitive searches follow several rules of their own about letters whose cases differ in
 * length; `upperUTF8` is Unicode's, and JavaScript's.
 */
export function textSql(text: string, operator: TextOperator, value: string, w: SqlWriter): string {
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
