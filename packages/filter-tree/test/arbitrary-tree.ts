import fc, { type Arbitrary } from 'fast-check';
import { COLUMNS, type ColumnName, type Level } from '../src/columns.ts';
import { COMPARISONS, TEXT_OPERATORS } from '../src/filter.ts';

/** Columns that every endpoint can be asked about, and those that only endpoints about users can. */
export const EVERYWHERE = columnsOf('request', 'session');
export const OF_USERS = columnsOf('user');

function columnsOf(...levels: readonly Level[]): ColumnName[] {
  return (Object.keys(COLUMNS) as ColumnName[]).filter((column) => levels.includes(COLUMNS[column].level));
}

/**
 * Trees as callers send them, valid by construction, with values that `arbitrary-facts.ts` has as well.
 *
 * @param columns that conditions are about, legacy ones aside.
 */
export function arbitraryTree(columns: readonly ColumnName[] = EVERYWHERE): Arbitrary<unknown> {
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 4, arbitrary: arbitraryLeaf(columns) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>('all', {}) },
      {
        weight: 4,
        arbitrary: fc.record({ left: tie('tree'), operator: fc.constantFrom('and', 'or'), right: tie('tree') }),
      },
    ),
  }));
  return tree as Arbitrary<unknown>;
}

/** One to three conditions of one object. */
export function arbitraryLeaf(columns: readonly ColumnName[] = EVERYWHERE): Arbitrary<Record<string, unknown>> {
  return fc.array(arbitraryCondition(columns), { minLength: 1, maxLength: 3 }).map(mergeConditions);
}

/** A leaf with one column, one operator and one value, most columns and operators alike. */
export function arbitraryCondition(columns: readonly ColumnName[] = EVERYWHERE): Arbitrary<Record<string, unknown>> {
  return fc.oneof(
    { weight: 12, arbitrary: fc.constantFrom(...columns).chain(conditionOn) },
    { weight: 1, arbitrary: fc.constantFrom(...LEGACY).chain(legacyCondition) },
  );
}

export function conditionOn(column: ColumnName): Arbitrary<Record<string, unknown>> {
  const { level, kind } = COLUMNS[column];
  if (column === 'path') return textCondition().map((operators) => ({ request: { path: operators } }));
  if (column === 'session_scores') {
    return keyed(numbers).map((scores) => ({ sessions_request_response_rmt: { scores } }));
  }
  return operatorsOf(column, kind).map((operators) => ({ [TABLES[level]]: { [column]: operators } }));
}

const TABLES: Readonly<Record<Level, string>> = {
  request: 'request_response_rmt',
  session: 'sessions_request_response_rmt',
  user: 'users_view',
};

/** Texts that are hard to quote, to compare, or to fold. Requests and conditions draw from the same. */
export const TEXTS: readonly string[] = [
  '',
  'a',
  'A',
  'ab',
  'gpt-4o',
  'GPT-4o',
  'OPENAI',
  '100%',
  '100_',
  'a%b',
  'a_b',
  'axb',
  '\\',
  'a\\b',
  'a\\',
  '\\%',
  "it's",
  '"quoted"',
  '{f0:String}',
  "'; DROP TABLE requests; --",
  'a\0b',
  'two\nlines',
  'straße',
  'STRASSE',
  'ΟΔΟΣ',
  'οδος',
  'ıI',
  'İi',
  'ﬁx',
  'e\u0301',
  'é',
  '😀',
  '😀😀',
  '\u{10400}',
  '\u{10428}',
  'null',
  '__empty__',
  '__proto__',
  'constructor',
  '{}',
  'true',
];

/** Names of properties and scores, some of which differ in case only. */
export const KEYS: readonly string[] = [
  'env',
  'Env',
  'ENV',
  'a.b',
  "k'",
  '',
  '__proto__',
  'constructor',
  'Ключ',
  'ключ',
  'helicone-score-feedback',
];

/** Keys that the server sets itself, and spellings of them. */
export const SYSTEM_KEYS: readonly string[] = [
  'Helicone-Session-Id',
  'helicone-session-name',
  'HELICONE-SESSION-PATH',
  'helicone-prompt-id',
  'Helicone-Cache-Enabled',
];

export const NUMBERS: readonly number[] = [
  -3, 0, 1, 2, 5, 0.5, 200, 429, 500, 1000, 1000.5, 9_007_199_254_740_991, 18_014_398_509_481_982, 1e300, -1e300,
];

export const PICO: readonly bigint[] = [
  0n,
  1n,
  1_000_000n,
  300_000_000_000n,
  2_147_483_648_000_000_001n,
  9n * 10n ** 18n,
];

export const TIMES: readonly number[] = [0, 1, 999, 1000, 60_000, 3_600_000].map(
  (after) => Date.UTC(2026, 8, 10, 12) + after,
);

const texts = fc.constantFrom(...TEXTS);
const text = fc.oneof(
  { weight: 5, arbitrary: texts },
  { weight: 2, arbitrary: texts.chain((from) => fc.nat(from.length).map((at) => from.slice(at).toWellFormed())) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom('%', '_', '\\', 'a', 'B', 'ß', '😀'), maxLength: 5 }) },
);
const number = fc.constantFrom(...NUMBERS);
const numberText = fc.oneof(number, number.map(String), fc.constantFrom('+1', '.5', '5.', '-0', '2e2', '0.0000'));
const usd = fc.oneof(
  fc.constantFrom(...PICO).map((pico) => Number(pico) / 1e12),
  fc.constantFrom<number | string>(
    '0.000000000001',
    '0.0000010000005',
    1e-13,
    -1e-13,
    '-0.5',
    2.147483648,
    '1e30',
    1e-300,
  ),
);
const time = fc.oneof(
  fc.constantFrom(...TIMES).map((at) => new Date(at).toISOString()),
  fc.constantFrom(...TIMES).map((at) => new Date(at).toISOString().replace('Z', '4567Z')),
  fc.constantFrom(...TIMES).map((at) => new Date(at + 7_200_000).toISOString().replace('Z', '+02:00')),
  fc.constantFrom('2026-09-10', '2026-09-11', '2026-09-10 12:00', '0000-01-01', '1899-12-31', '9999-12-31T23:59:59'),
);
const boolean = fc.constantFrom<boolean | string>(true, false, 'true', 'false');
const numbers = operatorMap(COMPARISONS, numberText);

function operatorsOf(column: ColumnName, kind: string): Arbitrary<Record<string, unknown>> {
  switch (kind) {
    case 'text':
      if (column === 'scores_column') return operatorMap(['equals', 'not-equals'], fc.constant('{}'));
      return textCondition();
    case 'number':
      return numbers;
    case 'usd':
      return operatorMap(COMPARISONS, usd);
    case 'time':
      return operatorMap(['equals', 'gte', 'lte', 'lt', 'gt'], time);
    case 'boolean':
      return operatorMap(['equals'], boolean);
    case 'property':
      return keyed(textCondition());
    case 'property-key':
      return operatorMap(['equals'], key());
    default:
      return keyed(numbers);
  }
}

function textCondition(): Arbitrary<Record<string, unknown>> {
  return operatorMap(TEXT_OPERATORS, text);
}

function operatorMap(operators: readonly string[], value: Arbitrary<unknown>): Arbitrary<Record<string, unknown>> {
  return fc.tuple(fc.constantFrom(...operators), value).map(([operator, given]) => ({ [operator]: given }));
}

function key(): Arbitrary<string> {
  return fc.constantFrom(...KEYS, ...SYSTEM_KEYS);
}

function keyed(operators: Arbitrary<Record<string, unknown>>): Arbitrary<Record<string, unknown>> {
  // As `JSON.parse` does, and unlike an assignment, a key `__proto__` is made an own one.
  return fc.tuple(key(), operators).map((entry) => Object.fromEntries([entry]));
}

const LEGACY: readonly (readonly [table: string, column: string, kind: 'text' | 'number' | 'time' | 'boolean'])[] = [
  ['request', 'id', 'text'],
  ['request', 'user_id', 'text'],
  ['request', 'created_at', 'time'],
  ['request', 'prompt', 'text'],
  ['request', 'node_id', 'text'],
  ['response', 'status', 'number'],
  ['response', 'body_tokens', 'number'],
  ['response', 'body_model', 'text'],
  ['response', 'body_completion', 'text'],
  ['feedback', 'rating', 'boolean'],
];

function legacyCondition([table, column, kind]: (typeof LEGACY)[number]): Arbitrary<Record<string, unknown>> {
  return operatorsOf('model', kind).map((operators) => ({ [table]: { [column]: operators } }));
}

/** Conditions in one object, as deep as they agree; of two on the same operator the later stays. */
function mergeConditions(conditions: readonly Record<string, unknown>[]): Record<string, unknown> {
  const merged = Object.create(null) as Record<string, unknown>;
  for (const condition of conditions) mergeInto(merged, condition);
  return JSON.parse(JSON.stringify(merged)) as Record<string, unknown>;
}

function mergeInto(target: Record<string, unknown>, source: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(source)) {
    const known = target[name];
    if (typeof value !== 'object' || value === null) target[name] = value;
    else {
      const child = typeof known === 'object' && known !== null ? known : (Object.create(null) as object);
      mergeInto(child as Record<string, unknown>, value as Record<string, unknown>);
      target[name] = child;
    }
  }
}
