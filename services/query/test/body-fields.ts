import { z } from 'zod';

/** A place in a body where a caller's value stands: a field, an element of an array, or a key of a map. */
export interface BodyField {
  readonly path: readonly string[];
  /** `text`: any text is right there. `other`: a number, a boolean, one of some words. */
  readonly takes: 'text' | 'other';
  /** The body with a value in that place. */
  with(body: object, value: unknown): object;
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
}

/** Every place in a body of this schema, as the schema itself says, so that new fields are among them. */
export function fieldsOf(schema: z.ZodType): BodyField[] {
  return placesIn(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema, []);
}

function placesIn(schema: JsonSchema, path: readonly string[]): BodyField[] {
  const fields = Object.entries(schema.properties ?? {}).flatMap(([name, of]) => placesIn(of, [...path, name]));
  if (schema.items !== undefined) {
    const at = [...path, '[]'];
    const inside = placesIn(schema.items, []);
    // Objects: each of their fields in the first one of the example, before the others.
    if (inside.some((field) => field.path.length > 0)) {
      return inside.map(({ path: within, takes, with: putInside }) => ({
        path: [...at, ...within],
        takes,
        with: (body, value) => {
          const [first = {}, ...others] = (get(body, path) as object[] | undefined) ?? [];
          return put(body, path, [putInside(first, value), ...others]);
        },
      }));
    }
    return [{ path: at, takes: takes(schema.items), with: (body, value) => put(body, path, [value]) }];
  }
  if (typeof schema.additionalProperties === 'object') {
    const [some] = schema.additionalProperties.enum ?? ['x'];
    const names = schema.propertyNames ?? { type: 'string' };
    fields.push(
      {
        path: [...path, '{key}'],
        takes: takes(names),
        with: (body, value) => put(body, path, Object.fromEntries([[String(value), some]])),
      },
      {
        path: [...path, '{value}'],
        takes: takes(schema.additionalProperties),
        with: (body, value) => put(body, path, { env: value }),
      },
    );
  }
  if (fields.length > 0 || path.length === 0) return fields;
  return [{ path, takes: takes(schema), with: (body, value) => put(body, path, value) }];
}

function takes(schema: JsonSchema): BodyField['takes'] {
  const isAnyText = schema.enum === undefined && schema.const === undefined && schema.pattern === undefined;
  return schema.type === 'string' && isAnyText ? 'text' : 'other';
}

function get(body: unknown, path: readonly string[]): unknown {
  return path.reduce((held, name) => (held as Readonly<Record<string, unknown>> | undefined)?.[name], body);
}

function put(body: object, [name, ...rest]: readonly string[], value: unknown): object {
  const held = (body as Readonly<Record<string, object | undefined>>)[name!];
  return { ...body, [name!]: rest.length === 0 ? value : put(held ?? {}, rest, value) };
}
