import { z } from 'zod';

/** A place in a body where a caller's value stands: a field, an element of an array, or a key of a map. */
export interface BodyField {
  readonly path: readonly string[];
  /** `text`: any text is right there. `other`: a number, a boolean, one of some words. */
  readonly takes: 'text' | 'other';
  /** The body with a value in that place, and around it whatever the place needs to be there. */
  with(body: object, value: unknown): object;
}

interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
}

/** Every place in a body of this schema, as the schema itself says, so that new fields are among them: in each branch of a union. */
export function fieldsOf(schema: z.ZodType): BodyField[] {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
  return placesIn(withoutRefs(root, root.$defs ?? {}))
    .filter(({ path }) => path.length > 0)
    .map(({ path, takes, put }) => ({ path, takes, with: (body, value) => put(body, value) as object }));
}

/** A place in a value, which may be the value itself. */
interface Place {
  readonly path: readonly string[];
  readonly takes: BodyField['takes'];
  /** @param held what stands there; undefined: nothing. */
  readonly put: (held: unknown, value: unknown) => unknown;
}

function placesIn(schema: JsonSchema): Place[] {
  const branches = branchesOf(schema);
  if (branches !== undefined) {
    return branches.flatMap((branch) =>
      // What is held may be of another branch.
      placesIn(branch).map((place) => ({ ...place, put: (_, value) => place.put(exampleOf(branch), value) })),
    );
  }
  const places = [...placesInFields(schema), ...placesInItems(schema), ...placesInEntries(schema)];
  return places.length > 0 ? places : [{ path: [], takes: takes(schema), put: (_, value) => value }];
}

function placesInFields({ properties = {} }: JsonSchema): Place[] {
  return Object.entries(properties).flatMap(([name, of]) =>
    placesIn(of).map(({ path, takes, put }) => ({
      path: [name, ...path],
      takes,
      put: (held, value) => {
        const fields = held as Readonly<Record<string, unknown>>;
        return { ...fields, [name]: put(fields?.[name] ?? exampleOf(of), value) };
      },
    })),
  );
}

/** In the first element. Objects keep the others beside it. */
function placesInItems({ items }: JsonSchema): Place[] {
  if (items === undefined) return [];
  return placesIn(items).map(({ path, takes, put }) => ({
    path: ['[]', ...path],
    takes,
    put: (held, value) => {
      const [first = exampleOf(items), ...others] = (held as readonly unknown[] | undefined) ?? [];
      return path.length > 0 ? [put(first, value), ...others] : [value];
    },
  }));
}

function placesInEntries({ additionalProperties, propertyNames = { type: 'string' } }: JsonSchema): Place[] {
  if (typeof additionalProperties !== 'object') return [];
  const some = exampleOf(additionalProperties);
  return [
    {
      path: ['{key}'],
      takes: takes(propertyNames),
      put: (_, value) => Object.fromEntries([[String(value), some]]),
    },
    ...placesIn(additionalProperties).map(
      ({ path, takes, put }): Place => ({
        path: ['{value}', ...path],
        takes,
        put: (_, value) => ({ env: put(some, value) }),
      }),
    ),
  ];
}

function takes(schema: JsonSchema): BodyField['takes'] {
  const isAnyText = schema.enum === undefined && schema.const === undefined && schema.pattern === undefined;
  return schema.type === 'string' && isAnyText ? 'text' : 'other';
}

function branchesOf({ anyOf, oneOf }: JsonSchema): readonly JsonSchema[] | undefined {
  return anyOf ?? oneOf;
}

/** A value that is right there, with nothing but what has to be in it. */
function exampleOf(schema: JsonSchema): unknown {
  const [branch] = branchesOf(schema) ?? [];
  if (branch !== undefined) return exampleOf(branch);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[0];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries((schema.required ?? []).map((name) => [name, exampleOf(schema.properties![name]!)]));
    case 'array':
      return Array.from({ length: schema.minItems ?? 0 }, () => exampleOf(schema.items!));
    case 'number':
    case 'integer':
      return Math.max(1, schema.minimum ?? 1);
    case 'boolean':
      return true;
    default:
      return 'x';
  }
}

function withoutRefs(schema: JsonSchema, defs: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const named = schema.$ref === undefined ? undefined : defs[schema.$ref.replace('#/$defs/', '')];
  if (named !== undefined) return withoutRefs(named, defs);
  const { properties, items, additionalProperties } = schema;
  const inside = (of: JsonSchema) => withoutRefs(of, defs);
  return {
    ...schema,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, of]) => [name, inside(of)])),
    }),
    ...(items && { items: inside(items) }),
    ...(typeof additionalProperties === 'object' && { additionalProperties: inside(additionalProperties) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.map(inside) }),
    ...(schema.oneOf && { oneOf: schema.oneOf.map(inside) }),
  };
}
