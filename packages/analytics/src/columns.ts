import type { Pairs } from '@throughline/contracts/request-event';
import type { RowBinaryWriter } from './row-binary.ts';

/** One column of a table: its name and type as in the schema, and how its value is taken from a row and written. */
export interface Column<Row> {
  readonly name: string;
  readonly type: string;
  readonly write: (to: RowBinaryWriter, row: Row) => void;
}

/** Milliseconds in UTC; any integer survives, also those that no calendar date prints. */
export const TIME = "DateTime64(3, 'UTC')";
export const ENUM_LIKE = 'LowCardinality(String)';
/** Of equal keys the later pair wins. */
export const STRING_MAP = 'Map(String, String)';
/** Picodollars of one request. */
export const COST = 'Nullable(Decimal(18, 12))';
/** Picodollars of many. */
export const COST_SUM = 'Decimal(38, 12)';

/** For a type's columns: `columns<Row>()('name', 'String', (to, row) => to.string(row.name))`. */
export function columnOf<Row>() {
  return (name: string, type: string, write: Column<Row>['write']): Column<Row> => ({ name, type, write });
}

export function writeNullableTime(to: RowBinaryWriter, value: number | null): void {
  if (to.isPresent(value)) to.int64(value);
}

export function writeNullableUint64(to: RowBinaryWriter, value: number | null): void {
  if (to.isPresent(value)) to.uint64(value);
}

export function writeNullableCost(to: RowBinaryWriter, pico: bigint | null): void {
  if (to.isPresent(pico)) to.bigInt64(pico);
}

export function writeStrings(to: RowBinaryWriter, values: readonly string[]): void {
  to.count(values.length);
  for (const value of values) to.string(value);
}

/** `Map(String, String)`. */
export function writePairs(to: RowBinaryWriter, pairs: Pairs): void {
  const unique = laterWins(pairs);
  to.count(unique.length);
  for (const [key, value] of unique) {
    to.string(key);
    to.string(value);
  }
}

/** `Array(String)` of `key=value`. */
export function writePairTexts(to: RowBinaryWriter, pairs: Pairs): void {
  const unique = laterWins(pairs);
  to.count(unique.length);
  for (const [key, value] of unique) to.string(`${key}=${value}`);
}

/** `Map(String, Float64)`. */
export function writeScores(to: RowBinaryWriter, scores: readonly (readonly [string, number])[]): void {
  const unique = laterWins(scores);
  to.count(unique.length);
  for (const [name, value] of unique) {
    to.string(name);
    to.float64(value);
  }
}

/** `Map(String, Array(String))`. */
export function writeValueSets(to: RowBinaryWriter, sets: readonly (readonly [string, readonly string[]])[]): void {
  const unique = laterWins(sets);
  to.count(unique.length);
  for (const [key, values] of unique) {
    to.string(key);
    writeStrings(to, values);
  }
}

/** A Map column would keep both of two equal keys, and read the first. */
function laterWins<T>(pairs: readonly (readonly [string, T])[]): readonly (readonly [string, T])[] {
  if (pairs.length <= FEW_PAIRS && areKeysApart(pairs)) return pairs;
  const unique = new Map(pairs);
  return unique.size === pairs.length ? pairs : [...unique];
}

/** Up to here, as nearly always, each with each is less work than a map, and leaves no garbage. */
const FEW_PAIRS = 12;

function areKeysApart(pairs: readonly (readonly [string, unknown])[]): boolean {
  for (let i = 1; i < pairs.length; i++) {
    const key = pairs[i]![0];
    for (let j = 0; j < i; j++) if (pairs[j]![0] === key) return false;
  }
  return true;
}
