import type { QueryParam } from '../analytics-store.ts';
import { elementText, literal } from '../literal.ts';
import { scalarText } from '../param-text.ts';
import { type ParamType, parseParamType, typeName } from '../param-type.ts';
import { fillPlaceholders, scanSql } from '../placeholders.ts';

/** A query as a server takes it: SQL with placeholders, and the text of each value. */
export interface BoundQuery {
  readonly sql: string;
  /** By the name of their placeholder, in the escaped text that `param_<name>` has. */
  readonly params: ReadonlyMap<string, string>;
}

/**
 * Parameters travel in the URL, of which proxies take 8 KiB as a rule. Values that need more than half of it go into
 * the SQL as literals, as they do in process: the two mean the same.
 */
const PARAMS_BYTES_MAX = 4 * 1024;

/**
 * Give each placeholder its value. Types are written out with their time zone, since a server's own may be any.
 *
 * @throws AnalyticsError `rejected` for SQL that `placeholders.ts` refuses, or a value that is none of its type.
 */
export function bindParams(sql: string, values: Readonly<Record<string, QueryParam>>): BoundQuery {
  const { placeholders } = scanSql(sql);
  const taken = new Set(placeholders.map(({ name }) => name));
  const names = new Map<string, string>();
  const params = new Map<string, string>();
  let next = 0;
  let bytes = 0;

  /** The same value in another type has another text, and so another name. */
  function nameFor(name: string, type: string): string {
    const key = `${name}:${type}`;
    let found = names.get(key);
    if (found === undefined) {
      found = params.has(name) ? `p${next++}` : name;
      while (found !== name && taken.has(found)) found = `p${next++}`;
      names.set(key, found);
    }
    return found;
  }

  let at = 0;
  const bound = fillPlaceholders(sql, values, (typeText, value) => {
    const type = parseParamType(typeText);
    const name = nameFor(placeholders[at++]!.name, typeName(type));
    if (!params.has(name)) {
      const text = boundText(type, value);
      params.set(name, text);
      bytes += encodeURIComponent(text).length;
    }
    return `{${name}:${typeName(type)}}`;
  });
  if (bytes > PARAMS_BYTES_MAX) return { sql: fillPlaceholders(sql, values, literal), params: new Map() };
  return { sql: bound, params };
}

/** The text of a bound parameter: that of a field in a tab-separated file. */
export function boundText(type: ParamType, value: QueryParam): string {
  switch (type.kind) {
    case 'string':
      return escapeField(scalarText(type, value));
    case 'nullable':
      return value === null ? '\\N' : boundText(type.of, value);
    case 'low-cardinality':
      return boundText(type.of, value);
    case 'array':
    case 'map':
      return elementText(type, value);
    default:
      return scalarText(type, value);
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
  '\0': '\\0',
};

function escapeField(text: string): string {
  return text.replace(/[\\\t\n\r\0]/g, (char) => ESCAPES[char]!);
}
