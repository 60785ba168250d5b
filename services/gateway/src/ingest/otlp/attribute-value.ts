import { isObject } from '@throughline/providers/json-object';
/** The value of an attribute. Objects have no prototype: whatever a caller names is a key like any other. */
export type AttributeValue = string | number | boolean | null | readonly AttributeValue[] | AttributeObject;
export interface AttributeObject {
  readonly [key: string]: AttributeValue;
}

/** Attributes of one span, resource or event are kept up to this many: long conversations have some thousand. */
export const ATTRIBUTES_MAX = 8_192;

/** Deeper ones are left out. JSON in messages and tool calls stays well below. */
const DEPTH_MAX = 32;

/** `KeyValue`s in either encoding of OTLP → key and value; the last of the same key wins. */
export function readAttributes(raw: unknown): Map<string, AttributeValue> {
  const attributes = new Map<string, AttributeValue>();
  if (!Array.isArray(raw)) return attributes;
  for (const pair of raw) {
    if (attributes.size >= ATTRIBUTES_MAX) break;
    const key = isObject(pair) ? pair.key : undefined;
    if (typeof key !== 'string' || key === '') continue;
    attributes.set(key, readValue((pair as { value?: unknown }).value, 0));
  }
  return attributes;
}

function readValue(raw: unknown, depth: number): AttributeValue {
  if (!isObject(raw) || depth > DEPTH_MAX) return null;
  // Decoded messages have every field on their prototype: only what was sent is their own.
  if (typeof raw.stringValue === 'string' && Object.hasOwn(raw, 'stringValue')) return raw.stringValue;
  for (const kind of Object.keys(raw)) {
    const value = raw[kind];
    switch (kind) {
      case 'intValue':
        return readInteger(value);
      case 'boolValue':
        return value === true;
      case 'doubleValue':
        return readDouble(value);
      case 'arrayValue':
        return listIn(value).map((item) => readValue(item, depth + 1));
      case 'kvlistValue':
        return objectOf(listIn(value), depth);
      case 'bytesValue':
        return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : String(value);
    }
  }
  return null;
}

function objectOf(pairs: readonly unknown[], depth: number): AttributeObject {
  const object = Object.create(null) as Record<string, AttributeValue>;
  for (const pair of pairs) {
    if (isObject(pair) && typeof pair.key === 'string') object[pair.key] = readValue(pair.value, depth + 1);
  }
  return object;
}

/** 64 bits come as a number, as text, or in two halves. What no number holds stays text. */
function readInteger(value: unknown): number | string {
  const text = String(value);
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : text;
}

/** JSON has no NaN and no infinity, so these come as words, and go as such. */
function readDouble(value: unknown): number | string {
  const number = Number(value);
  return Number.isFinite(number) ? number : String(value);
}

function listIn(value: unknown): readonly unknown[] {
  return isObject(value) && Array.isArray(value.values) ? value.values : [];
}
