import type { AttributeObject, AttributeValue } from './attribute-value.ts';
import { isSecret, withoutSecrets } from './secret-attributes.ts';

/** Attributes of a span, which remember what was asked for: what nobody read is stored as it came. */
export class SpanFacts {
  readonly #attributes: ReadonlyMap<string, AttributeValue>;
  readonly #read = new Set<string>();

  constructor(attributes: ReadonlyMap<string, AttributeValue>) {
    this.#attributes = attributes;
  }

  get(key: string): AttributeValue | undefined {
    const value = this.#attributes.get(key);
    if (value !== undefined) this.#read.add(key);
    return value;
  }

  /** The first of the keys that has a value which is no list or object, as text; `''` when none has. */
  text(...keys: readonly string[]): string {
    for (const key of keys) {
      const value = this.get(key);
      if (typeof value === 'string' ? value !== '' : typeof value === 'number' || typeof value === 'boolean') {
        return String(value);
      }
    }
    return '';
  }

  /** The first of the keys that has a number, also as text. */
  number(...keys: readonly string[]): number | undefined {
    for (const key of keys) {
      const value = this.get(key);
      if (value === undefined || value === null || value === '' || typeof value === 'object') continue;
      const number = Number(value);
      if (Number.isFinite(number)) return number;
    }
    return undefined;
  }

  /** The first of the keys that has anything; text that is JSON of a list or object as what it stands for. */
  json(...keys: readonly string[]): unknown {
    for (const key of keys) {
      const value = this.get(key);
      if (value !== undefined && value !== null && value !== '') return parsed(value);
    }
    return undefined;
  }

  /** Everything under `prefix`, by the rest of the key. */
  under(prefix: string): [rest: string, value: AttributeValue][] {
    const found: [string, AttributeValue][] = [];
    for (const [key, value] of this.#attributes) {
      if (key.length <= prefix.length || !key.startsWith(prefix)) continue;
      this.#read.add(key);
      found.push([key.slice(prefix.length), value]);
    }
    return found;
  }

  /** What nobody has asked for and is no secret, undefined when there is nothing. @param saidElsewhere not left over either. */
  rest(saidElsewhere: ReadonlySet<string>): AttributeObject | undefined {
    let rest: Record<string, AttributeValue> | undefined;
    for (const [key, value] of this.#attributes) {
      if (this.#read.has(key) || saidElsewhere.has(key) || isSecret(key)) continue;
      rest ??= Object.create(null) as Record<string, AttributeValue>;
      rest[key] = withoutSecrets(key, value);
    }
    return rest;
  }
}

/** Text that is JSON of a list or object, as that; anything else as it is. */
export function parsed(value: AttributeValue): unknown {
  // Text that was cut by a limit on attributes is common, and trying it is dear.
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value.slice(0, 16)) || !/[\]}]\s*$/.test(value.slice(-16))) {
    return value;
  }
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // Cut by a limit on attributes, or not meant as JSON.
    return value;
  }
}
