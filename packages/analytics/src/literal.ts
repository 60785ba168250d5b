import type { QueryParam } from './analytics-store.ts';
import { scalarText } from './param-text.ts';
import { type ParamType, parseParamType, typeName } from './param-type.ts';

/**
 * A value as a SQL expression of exactly the type a placeholder names, so that a query means the same as with the value
 * bound by a server. All that it takes from the value stands inside single quotes, with every byte escaped that could
 * end a string. `Map` values are given as pairs; of equal keys the later wins.
 *
 * @param type a ClickHouse type, see `parseParamType`
 * @throws TypeError when the type is not supported or the value is none of it.
 */
export function literal(type: string, value: QueryParam): string {
  return render(parseParamType(type), value);
}

function render(type: ParamType, value: QueryParam): string {
  switch (type.kind) {
    case 'string':
      return quote(scalarText(type, value));
    case 'nullable':
      return cast(value === null ? 'NULL' : render(type.of, value), type);
    case 'low-cardinality':
      return cast(render(type.of, value), type);
    case 'map':
      return renderMap(type, value);
    case 'array':
      // Only a map cannot be read from text, so an array of maps is put together from its elements.
      if (holdsMap(type.of)) return cast(`[${elements(value, (element) => render(type.of, element))}]`, type);
      // One string however long the array is: an expression per element would meet the parser's bounds.
      return cast(quote(elementText(type, value)), type);
    default:
      return cast(quote(scalarText(type, value)), type);
  }
}

function renderMap(type: ParamType & { kind: 'map' }, value: QueryParam): string {
  const entries = mapEntries(value);
  const keys = render(STRINGS, [...entries.keys()]);
  const values = render({ kind: 'array', of: type.of }, [...entries.values()]);
  return cast(`mapFromArrays(${keys}, ${values})`, type);
}

function mapEntries(value: QueryParam): Map<string, QueryParam> {
  const entries = new Map<string, QueryParam>();
  for (const pair of asArray(value)) {
    if (!Array.isArray(pair) || pair.length !== 2 || typeof pair[0] !== 'string') {
      throw new TypeError('a Map is given as pairs of a string and a value');
    }
    entries.set(pair[0].toWellFormed(), pair[1] as QueryParam);
  }
  return entries;
}

const STRINGS: ParamType = { kind: 'array', of: { kind: 'string' } };

/** How a value is written inside the text of an array or map, and how those are written themselves. */
export function elementText(type: ParamType, value: QueryParam): string {
  switch (type.kind) {
    case 'array':
      return `[${elements(value, (element) => elementText(type.of, element))}]`;
    case 'map': {
      const pairs = [...mapEntries(value)].map(([key, of]) => `${quotedText(key)}:${elementText(type.of, of)}`);
      return `{${pairs.join(',')}}`;
    }
    case 'nullable':
      return value === null ? 'NULL' : elementText(type.of, value);
    case 'low-cardinality':
      return elementText(type.of, value);
    case 'int':
    case 'float':
    case 'bool':
    case 'decimal':
      return scalarText(type, value);
    default:
      return quotedText(scalarText(type, value));
  }
}

function quotedText(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`;
}

function elements(value: QueryParam, write: (element: QueryParam) => string): string {
  return asArray(value).map(write).join(',');
}

function asArray(value: QueryParam): readonly QueryParam[] {
  if (!Array.isArray(value)) throw new TypeError('an array is needed');
  return value as readonly QueryParam[];
}

function holdsMap(type: ParamType): boolean {
  return type.kind === 'map' || ('of' in type && holdsMap(type.of));
}

function cast(expression: string, type: ParamType): string {
  return `CAST(${expression}, ${quote(typeName(type))})`;
}

/** A string as SQL. Control characters are escaped too, so that no reader of a logged query is misled by them. */
export function quote(text: string): string {
  return `'${text.replace(UNSAFE, (char) => (char === '\\' || char === "'" ? `\\${char}` : hexEscape(char)))}'`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
const UNSAFE = /[\\'\u0000-\u001f\u007f]/g;

function hexEscape(char: string): string {
  return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
