/** JSON that somebody else wrote: nothing is known of it but that it is JSON. */
export type JsonObject = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of these members that is a text; '' without any. */
export function textAt(value: unknown, ...names: readonly string[]): string {
  if (!isObject(value)) return '';
  for (const name of names) if (typeof value[name] === 'string') return value[name];
  return '';
}

/** The first of these members that is an object. */
export function objectAt(value: unknown, ...names: readonly string[]): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  for (const name of names) if (isObject(value[name])) return value[name];
  return undefined;
}

/** The first of these members that is a list; empty without any. */
export function listAt(value: unknown, ...names: readonly string[]): readonly unknown[] {
  if (!isObject(value)) return [];
  for (const name of names) if (Array.isArray(value[name])) return value[name];
  return [];
}

/** What a text holds as JSON; undefined where it holds none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** As people read it: texts as they are, everything else as indented JSON. */
export function printed(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}
