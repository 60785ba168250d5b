/** The type of a placeholder `{name:Type}`, parsed. Only the types that queries of ours need. */
export type ParamType =
  | { readonly kind: 'string' }
  | { readonly kind: 'int'; readonly name: string; readonly min: bigint; readonly max: bigint }
  | { readonly kind: 'float' }
  | { readonly kind: 'bool' }
  | { readonly kind: 'date' }
  | { readonly kind: 'datetime'; readonly precision: number }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'nullable'; readonly of: ParamType }
  | { readonly kind: 'low-cardinality'; readonly of: ParamType }
  | { readonly kind: 'array'; readonly of: ParamType }
  | { readonly kind: 'map'; readonly of: ParamType };

/**
 * Parse a ClickHouse type: `String`, `Int8`–`Int128`, `UInt8`–`UInt128`, `Float64`, `Bool`, `Date`,
 * `DateTime64(P[, 'UTC'])`, `Decimal(P, S)`, `UUID`, `Nullable(T)`, `LowCardinality(T)`, `Array(T)`, `Map(String, T)`.
 *
 * @throws TypeError for any other: above all `Identifier`, which would let a value become SQL.
 */
export function parseParamType(text: string): ParamType {
  const known = parsed.get(text);
  if (known) return known;
  const type = parse(text.trim(), 0);
  // The texts come from our own SQL, so there are few; the bound only guards against SQL built by the thousand.
  if (parsed.size < PARSED_MAX) parsed.set(text, type);
  return type;
}

const PARSED_MAX = 1000;
const DEPTH_MAX = 8;
const parsed = new Map<string, ParamType>();

function parse(text: string, depth: number): ParamType {
  if (depth > DEPTH_MAX) throw unsupported(text);
  const simple = SIMPLE.get(text);
  if (simple) return simple;
  const match = /^([A-Za-z0-9]+)\s*\((.*)\)$/s.exec(text);
  if (!match) throw unsupported(text);
  const inner = match[2]!.trim();
  switch (match[1]) {
    case 'Nullable':
      return { kind: 'nullable', of: scalar(parse(inner, depth + 1), text) };
    case 'LowCardinality':
      return { kind: 'low-cardinality', of: lowCardinalityOf(parse(inner, depth + 1), text) };
    case 'Array':
      return { kind: 'array', of: parse(inner, depth + 1) };
    case 'Map': {
      const value = /^String\s*,\s*(.*)$/s.exec(inner);
      if (!value) throw unsupported(text);
      return { kind: 'map', of: parse(value[1]!, depth + 1) };
    }
    case 'DateTime64': {
      const args = /^([0-9])(?:\s*,\s*'UTC')?$/.exec(inner);
      if (!args) throw unsupported(text);
      return { kind: 'datetime', precision: Number(args[1]) };
    }
    case 'Decimal': {
      const args = /^(\d{1,2})\s*,\s*(\d{1,2})$/.exec(inner);
      const [precision, scale] = [Number(args?.[1]), Number(args?.[2])];
      if (!args || precision < 1 || precision > 76 || scale > precision) throw unsupported(text);
      return { kind: 'decimal', precision, scale };
    }
  }
  throw unsupported(text);
}

function scalar(type: ParamType, text: string): ParamType {
  if (type.kind === 'array' || type.kind === 'map' || type.kind === 'nullable' || type.kind === 'low-cardinality') {
    throw unsupported(text);
  }
  return type;
}

function lowCardinalityOf(type: ParamType, text: string): ParamType {
  return type.kind === 'nullable' ? type : scalar(type, text);
}

function unsupported(text: string): TypeError {
  return new TypeError(`type ${JSON.stringify(text.slice(0, 80))} is not supported in a placeholder`);
}

function int(name: string, bits: bigint, signed: boolean): [string, ParamType] {
  const max = signed ? 2n ** (bits - 1n) - 1n : 2n ** bits - 1n;
  return [name, { kind: 'int', name, min: signed ? -max - 1n : 0n, max }];
}

const SIMPLE = new Map<string, ParamType>([
  ['String', { kind: 'string' }],
  ['Float64', { kind: 'float' }],
  ['Bool', { kind: 'bool' }],
  ['Date', { kind: 'date' }],
  ['UUID', { kind: 'uuid' }],
  ...[8n, 16n, 32n, 64n, 128n].flatMap((bits) => [int(`Int${bits}`, bits, true), int(`UInt${bits}`, bits, false)]),
]);

/** The type as ClickHouse writes it, times always in UTC. */
export function typeName(type: ParamType): string {
  switch (type.kind) {
    case 'string':
      return 'String';
    case 'int':
      return type.name;
    case 'float':
      return 'Float64';
    case 'bool':
      return 'Bool';
    case 'date':
      return 'Date';
    case 'uuid':
      return 'UUID';
    case 'datetime':
      return `DateTime64(${type.precision}, 'UTC')`;
    case 'decimal':
      return `Decimal(${type.precision}, ${type.scale})`;
    case 'nullable':
      return `Nullable(${typeName(type.of)})`;
    case 'low-cardinality':
      return `LowCardinality(${typeName(type.of)})`;
    case 'array':
      return `Array(${typeName(type.of)})`;
    case 'map':
      return `Map(String, ${typeName(type.of)})`;
  }
}
