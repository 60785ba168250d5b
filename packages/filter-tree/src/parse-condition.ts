import { type ColumnKind, type ColumnName, columnSpec } from './columns.ts';
import { type ExactBound, readNumber, readTime, readUsd } from './exact-bound.ts';
import {
  ALL,
  COMPARISONS,
  type Comparison,
  type Filter,
  type FilterValue,
  leaf,
  NONE,
  type Operator,
  or,
  TEXT_OPERATORS,
} from './filter.ts';
import { FILTER_BOUNDS } from './filter-bounds.ts';
import { type FilterIssue, invalid, overLimit, type Place, quoted, unsupported } from './filter-issue.ts';
import { canonicalKey } from './property-keys.ts';
import type { AnswerableColumn } from './wire-tables.ts';

type ParsedCondition = { readonly filter: Filter } | { readonly issue: FilterIssue };

/**
 * Read one operator with its value, and say it in the terms of a `Filter`.
 *
 * @param key of a property or score.
 */
export function parseCondition(
  column: AnswerableColumn,
  key: string | undefined,
  operator: string,
  value: unknown,
  place: Place,
): ParsedCondition {
  const name = column.is === 'column' ? column.column : undefined;
  const kind = name === undefined ? 'text' : columnSpec(name).kind;
  const isScorePattern = kind === 'score' && (TEXT_OPERATORS as readonly string[]).includes(operator);
  if (!OPERATORS[kind].includes(operator as Operator) && !isScorePattern) {
    const reason = `there is no operator ${quoted(operator)} here; ${KIND_NAMES[kind]} takes ${OPERATORS[kind].join(', ')}`;
    return { issue: invalid(place, reason, value) };
  }
  const long = [key, value].find((text) => typeof text === 'string' && text.length > FILTER_BOUNDS.textCharsMax);
  if (long !== undefined) {
    const reason = `a value or key of a filter is at most ${FILTER_BOUNDS.textCharsMax} characters long`;
    return { issue: overLimit(place, `The filter is too large: ${reason}`) };
  }
  const op = operator as Operator;
  // No request has a value in such a column.
  if (name === undefined) return typeof value === 'string' ? { filter: NONE } : notA(place, 'a string', value);
  switch (kind) {
    case 'text':
      return textCondition(name, op, value, place);
    case 'property':
      if (typeof value !== 'string') return notA(place, 'a string', value);
      return { filter: leaf(name, op, value.toWellFormed(), canonicalKey(key!.toWellFormed())) };
    case 'property-key':
      if (typeof value !== 'string') return notA(place, 'a string, the name of the property', value);
      return { filter: leaf(name, op, canonicalKey(value.toWellFormed())) };
    case 'score':
      return scoreCondition(name, key!, op, value, place);
    case 'boolean': {
      const given = readBoolean(value);
      return given === undefined ? notA(place, 'true or false', value) : { filter: leaf(name, op, given) };
    }
    case 'number': {
      const given = readNumber(value);
      return given === undefined ? notA(place, 'a number', value) : { filter: leaf(name, op, given) };
    }
    case 'usd': {
      const bound = readUsd(value);
      return bound === undefined ? notA(place, 'a number (USD)', value) : { filter: compareTo(name, op, bound) };
    }
    case 'time': {
      const bound = readTime(value);
      const expected = 'an ISO 8601 time such as 2026-01-31T12:00:00.000Z';
      return bound === undefined ? notA(place, expected, value) : { filter: compareTo(name, op, bound) };
    }
  }
}

/** What can be asked of a column, by its kind. */
export const OPERATORS: Readonly<Record<ColumnKind, readonly Operator[]>> = {
  text: TEXT_OPERATORS,
  number: COMPARISONS,
  usd: COMPARISONS,
  time: ['equals', 'gte', 'lte', 'lt', 'gt'],
  boolean: ['equals'],
  property: TEXT_OPERATORS,
  'property-key': ['equals'],
  score: COMPARISONS,
};

const KIND_NAMES: Readonly<Record<ColumnKind, string>> = {
  text: 'a text',
  number: 'a number',
  usd: 'an amount',
  time: 'a time',
  boolean: 'true or false',
  property: 'a property',
  'property-key': 'property_key',
  score: 'a score',
};

function notA(place: Place, expected: string, value: unknown): { issue: FilterIssue } {
  return { issue: invalid(place, `the value is ${expected}`, value) };
}

function readBoolean(value: unknown): boolean | undefined {
  return value === true || value === 'true' ? true : value === false || value === 'false' ? false : undefined;
}

function textCondition(name: ColumnName, operator: Operator, value: unknown, place: Place): ParsedCondition {
  if (typeof value !== 'string') return notA(place, 'a string', value);
  const isEquality = operator === 'equals' || operator === 'not-equals';
  if (name === 'scores_column' && !(isEquality && value === '{}')) {
    const reason = 'scores_column can be compared with "{}" only, by equals and not-equals; use scores for one score';
    return { issue: unsupported(place, reason, value) };
  }
  // A text that is missing and one that is empty are the same here, so that both questions are about the empty text.
  if (isEquality && value === '__empty__') return { filter: leaf(name, operator, '') };
  if (isEquality && value === 'null') {
    if (columnSpec(name).nullable) return { filter: leaf(name, operator, '') };
    return { filter: operator === 'equals' ? NONE : ALL };
  }
  return { filter: leaf(name, operator, value.toWellFormed()) };
}

/** Scores are numbers, or 1 and 0 for what was sent as true and false; clients write them as text. */
function scoreCondition(
  name: ColumnName,
  key: string,
  operator: Operator,
  value: unknown,
  place: Place,
): ParsedCondition {
  if (!OPERATORS.score.includes(operator)) {
    return { issue: unsupported(place, `scores are numbers, and ${operator} compares texts`, value) };
  }
  const flag = readBoolean(value);
  const given = flag === undefined ? readNumber(value) : Number(flag);
  if (given === undefined) return notA(place, 'a number, also as text', value);
  return { filter: leaf(name, operator, given, key.toWellFormed()) };
}

/** Exact also where the bound lies between two units: above it is from the next one on. */
function compareTo(name: ColumnName, operator: Operator, bound: ExactBound<FilterValue>): Filter {
  const { floor, isWhole } = bound;
  if (isWhole) return leaf(name, operator, floor);
  switch (operator as Comparison) {
    case 'gt':
    case 'gte':
      return leaf(name, 'gt', floor);
    case 'lt':
    case 'lte':
      return leaf(name, 'lte', floor);
    case 'equals':
      return NONE;
    case 'not-equals':
      // Not simply true: a cost that is unknown is never different from anything.
      return or(leaf(name, 'gt', floor), leaf(name, 'lte', floor));
  }
}
