import { isObject } from '@throughline/providers/json-object';

/**
 * A JSON body with the keys of `override` in it: objects are merged key by key, anything else is replaced.
 *
 * @returns the body itself where it is no JSON object.
 */
export function overrideBody(body: Buffer, override: Readonly<Record<string, unknown>>): Buffer {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString());
  } catch {
    return body;
  }
  return isObject(parsed) ? Buffer.from(JSON.stringify(merged(parsed, override))) : body;
}

// Through entries: `__proto__` is a key like any other.
function merged(base: Readonly<Record<string, unknown>>, override: Readonly<Record<string, unknown>>): object {
  const entries = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(override)) {
    const own = entries.get(key);
    entries.set(key, isObject(own) && isObject(value) ? merged(own, value) : value);
  }
  return Object.fromEntries(entries);
}
