import { asciiLower, isSystemKey, SESSION_ID_KEY, SESSION_NAME_KEY, SESSION_PATH_KEY } from './property-keys.ts';
import type { SqlWriter } from './sql-fragment.ts';

/**
 * The value of a property, '' where there is none: of the key as given, else of the first that differs in case only.
 * The session's own are columns.
 */
export function propertySql(key: string, w: SqlWriter): string {
  const column = SESSION_COLUMNS.get(key);
  if (column !== undefined) return `${w.r}.${column}`;
  const map = `${w.r}.properties`;
  const exact = w.param('String', key);
  if (isSystemKey(key)) return `${map}[${exact}]`;
  const anyCase = w.param('String', asciiLower(key));
  return `if(mapContains(${map}, ${exact}), ${map}[${exact}], arrayFirst((v, k) -> lower(k) = ${anyCase}, mapValues(${map}), mapKeys(${map})))`;
}

/** Whether a request has a property of this key, in any case. */
export function propertyKeySql(key: string, w: SqlWriter): string {
  const column = SESSION_COLUMNS.get(key);
  if (column !== undefined) return `(${w.r}.${column} != '')`;
  const map = `${w.r}.properties`;
  if (isSystemKey(key)) return `mapContains(${map}, ${w.param('String', key)})`;
  return `arrayExists(k -> lower(k) = ${w.param('String', asciiLower(key))}, mapKeys(${map}))`;
}

const SESSION_COLUMNS: ReadonlyMap<string, string> = new Map([
  [SESSION_ID_KEY, 'session_id'],
  [SESSION_NAME_KEY, 'session_name'],
  [SESSION_PATH_KEY, 'session_path'],
]);
