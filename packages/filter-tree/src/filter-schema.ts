import { type ColumnKind, columnSpec } from './columns.ts';
import { FILTER_BOUNDS } from './filter-bounds.ts';
import { OPERATORS } from './parse-condition.ts';
import { answerableTables, type FilterScope, type WireColumn } from './wire-tables.ts';

/** A JSON Schema (2020-12), as far as it is written here. */
export interface JsonSchema {
  $ref?: string;
  description?: string;
  type?: 'object' | 'string' | 'number' | 'boolean';
  const?: string;
  enum?: string[];
  maxLength?: number;
  properties?: Record<string, JsonSchema>;
  additionalProperties?: JsonSchema | false;
  required?: string[];
  anyOf?: JsonSchema[];
}

/**
 * The grammar of filters as schemas that name each other, made from the same tables, columns and operators that the
 * parser reads. What they allow it reads, within its bounds; what it reads beyond them, numbers and booleans as text, is
 * there for older clients.
 *
 * @param refTo how one schema is referred to from another, e.g. `#/components/schemas/<name>`.
 * @returns by name: `Filter`, `UserFilter` (with the table that endpoints about users take) and their parts.
 */
export function filterSchemas(refTo: (name: string) => string): Record<string, JsonSchema> {
  const ref = (name: string): JsonSchema => ({ $ref: refTo(name) });
  const schemas: Record<string, JsonSchema> = {
    ...nodeSchemas('Filter', {}, ref),
    ...nodeSchemas('UserFilter', { users: true }, ref),
  };
  for (const kind of KINDS) {
    schemas[conditionName(kind)] = object(
      Object.fromEntries(OPERATORS[kind].map((operator) => [operator, VALUES[kind]])),
      CONDITIONS[kind],
    );
  }
  return schemas;
}

const KINDS = Object.keys(OPERATORS) as ColumnKind[];

function nodeSchemas(name: string, scope: FilterScope, ref: (name: string) => JsonSchema): Record<string, JsonSchema> {
  const tables = answerableTables(scope).map(([table, spec]): [string, JsonSchema] => {
    if (spec.is === 'property-map') return [table, mapOf('property', ref)];
    const columns = [...spec.columns].filter(([, column]) => column.is !== 'unsupported');
    return [table, object(Object.fromEntries(columns.map(([column, is]) => [column, columnSchema(is, ref)])))];
  });
  return {
    [name]: {
      description: 'True for some requests: "all", {}, conditions, or two filters joined',
      anyOf: [{ const: 'all', type: 'string' }, ref(`${name}Branch`), ref(`${name}Leaf`)],
    },
    [`${name}Branch`]: {
      ...object({ left: ref(name), operator: { type: 'string', enum: ['and', 'or'] }, right: ref(name) }),
      required: ['left', 'operator', 'right'],
    },
    [`${name}Leaf`]: object(
      Object.fromEntries(tables),
      `Table, column, operator, value: everything named must hold. At most ${FILTER_BOUNDS.conditionsMax} conditions in a filter`,
    ),
  };
}

function columnSchema(column: WireColumn, ref: (name: string) => JsonSchema): JsonSchema {
  if (column.is !== 'column') return ref(conditionName('text'));
  const { kind } = columnSpec(column.column);
  return kind === 'property' || kind === 'score' ? mapOf(kind, ref) : ref(conditionName(kind));
}

/** Properties and scores: the key stands before the operator. */
function mapOf(kind: 'property' | 'score', ref: (name: string) => JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: ref(conditionName(kind)) };
}

function object(properties: Record<string, JsonSchema>, description?: string): JsonSchema {
  return { ...(description !== undefined && { description }), type: 'object', properties, additionalProperties: false };
}

function conditionName(kind: ColumnKind): string {
  const words = kind.split('-').map((word) => `${word[0]!.toUpperCase()}${word.slice(1)}`);
  return `${words.join('')}Condition`;
}

const text: JsonSchema = { type: 'string', maxLength: FILTER_BOUNDS.textCharsMax };

const VALUES: Readonly<Record<ColumnKind, JsonSchema>> = {
  text,
  number: { type: 'number' },
  usd: { type: 'number', description: 'USD' },
  time: { type: 'string', description: 'ISO 8601: 2026-01-31T12:00:00.000Z' },
  boolean: { type: 'boolean' },
  property: text,
  'property-key': text,
  score: { anyOf: [{ type: 'number' }, { type: 'boolean' }] },
};

const CONDITIONS: Readonly<Record<ColumnKind, string>> = {
  text: 'A text, compared; `like` and `ilike` take `%` and `_`, `contains` takes them literally and in any case',
  number: 'A number, compared',
  usd: 'An amount, compared',
  time: 'An instant, compared',
  boolean: 'True or false',
  property: 'The value of a property, compared',
  'property-key': 'A request has a property of this name',
  score: 'The value of a score, compared; true and false are 1 and 0',
};
