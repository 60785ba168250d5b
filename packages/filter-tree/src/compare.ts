import type { Comparison, TextOperator } from './filter.ts';
import { matchesLike, parseLike } from './like-pattern.ts';

/** A number, or an exact one, against a bound. bigint and number compare exactly. */
export function compareNumbers(operator: Comparison, value: number | bigint, bound: number | bigint): boolean {
  switch (operator) {
    case 'equals':
      // biome-ignore lint/suspicious/noDoubleEquals: 1n === 1 is false, 1n == 1 compares exactly
      return value == bound;
    case 'not-equals':
      // biome-ignore lint/suspicious/noDoubleEquals: as above
      return value != bound;
    case 'gt':
      return value > bound;
    case 'gte':
      return value >= bound;
    case 'lt':
      return value < bound;
    case 'lte':
      return value <= bound;
  }
}

/** Text against a condition. "Case-insensitive" compares in upper case, which for ß and SS is the same. */
export function matchText(operator: TextOperator, text: string, value: string): boolean {
  switch (operator) {
    case 'equals':
      return text === value;
    case 'not-equals':
      return text !== value;
    case 'like':
      return matchesLike(parseLike(value), text);
    case 'ilike':
      return matchesLike(parseLike(value.toUpperCase()), text.toUpperCase());
    case 'contains':
      return text.toUpperCase().includes(value.toUpperCase());
    case 'not-contains':
      return !text.toUpperCase().includes(value.toUpperCase());
  }
}
