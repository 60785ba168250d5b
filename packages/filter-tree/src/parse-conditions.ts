import { columnSpec } from './columns.ts';
import { ALL, and, type Filter } from './filter.ts';
import { below, type FilterIssue, invalid, type Place, quoted, unsupported } from './filter-issue.ts';
import { parseCondition } from './parse-condition.ts';
import { type AnswerableColumn, type FilterScope, type WireColumn, wireTable } from './wire-tables.ts';

export interface ParsedConditions {
  /** Meaningless when there are issues. */
  readonly filter: Filter;
  readonly issues: readonly FilterIssue[];
  /** How many there are; reading stops behind the first beyond the room. */
  readonly conditions: number;
}

/** Issues of one leaf beyond this are not looked for. */
const ISSUES_MAX = 20;

/** Read a leaf: every table, column, key and operator in it is a condition, and all must hold. */
export function parseConditions(
  leaf: Readonly<Record<string, unknown>>,
  place: Place,
  room: number,
  scope: FilterScope,
): ParsedConditions {
  const reading: Reading = { filters: [], issues: [], conditions: 0, room, scope };
  for (const tableName of Object.keys(leaf)) {
    if (isFull(reading)) break;
    readTable(reading, tableName, leaf[tableName], below(place, tableName));
  }
  const filter = reading.filters.length === 0 ? ALL : and(...reading.filters);
  return { filter, issues: reading.issues, conditions: reading.conditions };
}

interface Reading {
  readonly filters: Filter[];
  readonly issues: FilterIssue[];
  conditions: number;
  readonly room: number;
  readonly scope: FilterScope;
}

function isFull(reading: Reading): boolean {
  return reading.issues.length >= ISSUES_MAX || reading.conditions > reading.room;
}

function readTable(reading: Reading, name: string, value: unknown, place: Place): void {
  const table = wireTable(name, reading.scope);
  if (table === undefined) {
    reading.issues.push(invalid(place, `there is no table ${quoted(name)}`, value));
  } else if (table.is === 'unsupported') {
    reading.issues.push(unsupported(place, `${name} cannot be filtered by: ${table.reason}`, value));
  } else if (!isObject(value)) {
    reading.issues.push(invalid(place, 'a table is an object of columns', value));
  } else if (table.is === 'property-map') {
    readMap(reading, { is: 'column', column: 'properties' }, value, place);
  } else {
    for (const columnName of Object.keys(value)) {
      if (isFull(reading)) return;
      const column = table.columns.get(columnName);
      const at = below(place, columnName);
      if (column === undefined) {
        reading.issues.push(invalid(at, `${name} has no column ${quoted(columnName)}`, value[columnName]));
      } else {
        readColumn(reading, column, columnName, value[columnName], at);
      }
    }
  }
}

function readColumn(reading: Reading, column: WireColumn, name: string, value: unknown, place: Place): void {
  if (column.is === 'unsupported') {
    reading.issues.push(unsupported(place, `${name} cannot be filtered by: ${column.reason}`, value));
  } else if (!isObject(value)) {
    reading.issues.push(invalid(place, `${name} takes an object, {operator: value}`, value));
  } else if (column.is === 'column' && isMap(column)) {
    readMap(reading, column, value, place);
  } else {
    readOperators(reading, column, undefined, value, place);
  }
}

function isMap({ column }: WireColumn & { is: 'column' }): boolean {
  const { kind } = columnSpec(column);
  return kind === 'property' || kind === 'score';
}

function readMap(
  reading: Reading,
  column: AnswerableColumn,
  map: Readonly<Record<string, unknown>>,
  place: Place,
): void {
  for (const key of Object.keys(map)) {
    if (isFull(reading)) return;
    const operators = map[key];
    const at = below(place, key);
    if (isObject(operators)) readOperators(reading, column, key, operators, at);
    else reading.issues.push(invalid(at, `${quoted(key)} takes an object, {operator: value}`, operators));
  }
}

function readOperators(
  reading: Reading,
  column: AnswerableColumn,
  key: string | undefined,
  operators: Readonly<Record<string, unknown>>,
  place: Place,
): void {
  for (const operator of Object.keys(operators)) {
    if (isFull(reading)) return;
    reading.conditions++;
    const parsed = parseCondition(column, key, operator, operators[operator], below(place, operator));
    if ('issue' in parsed) reading.issues.push(parsed.issue);
    else reading.filters.push(parsed.filter);
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
