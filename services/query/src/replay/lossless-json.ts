/** An object of JSON that may be changed: each member its own, whatever its name. */
export type EditableObject = { [key: string]: unknown };

export function isEditable(value: unknown): value is EditableObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRaw(value);
}

/**
 * JSON text → an object whose numbers keep their digits when it is written again: `1.0`, and integers beyond 2^53.
 *
 * @returns undefined for anything but an object, and for what is nested deeper than can be walked through.
 */
export function parseLossless(text: string): EditableObject | undefined {
  try {
    const value: unknown = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text, keepDigits);
    return isEditable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The same as text again, without white space. */
export function stringifyLossless(value: unknown): string {
  return JSON.stringify(value);
}

/** Sets a member by a name that a caller chose: `__proto__` is one like any other. */
export function setMember(object: EditableObject, name: string, value: unknown): void {
  Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

interface RawJsonFunctions {
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}

// Of ES2026, which the library's types do not have yet.
const raw = JSON as unknown as RawJsonFunctions;

function isRaw(value: unknown): boolean {
  return raw.isRawJSON(value);
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context?.source === undefined) return value;
  return String(value) === context.source ? value : raw.rawJSON(context.source);
}
