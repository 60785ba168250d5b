import { errorAnswer, invalidBodyAnswer } from '@throughline/contracts/api/error-answer';
import { PATH_PARAMETERS } from '@throughline/contracts/api/parameters';
import { ERRORS, type ErrorCode } from '@throughline/contracts/errors';
import { filterSchemas } from '@throughline/filter-tree/filter-schema';
import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { isPublic, type Route, type SignedRoute } from '../route.ts';
import { loggingPaths } from './logging-paths.ts';
import { byStatus, routeErrors } from './route-errors.ts';

/** An OpenAPI 3.1 document. */
export type OpenApiDocument = ReturnType<typeof createDocument>;

/**
 * The endpoints as OpenAPI 3.1, with those that take logs and traces on the same address: bodies as the very schemas that check them allow them, filters as their parser reads them.
 *
 * Answers may have more fields one day, so the document does not rule them out. @param version of the product.
 */
export function composeDocument(routes: readonly (Route | SignedRoute)[], version: string): OpenApiDocument {
  const { Filter, UserFilter, ...parts } = filterSchemas((name) => `#/components/schemas/${name}`);
  const paths: ZodOpenApiPathsObject = loggingPaths();
  for (const route of routes) {
    const path = documentPath(route.path);
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  const filters = new Map<unknown, object | undefined>([
    ['Filter', Filter],
    ['UserFilter', UserFilter],
  ]);
  return createDocument(
    {
      openapi: '3.1.1',
      info: { title: 'Throughline query API', version, description: DESCRIPTION },
      servers: [{ url: '/' }],
      security: [{ key: [] }],
      tags: [...new Set([...routes.map(({ path }) => tagOf(path)), 'log'])].map((name) => ({ name })),
      paths,
      components: {
        schemas: parts,
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'A key of Throughline. `Helicone-Auth` does as well' },
        },
      },
    },
    {
      // Where there is nothing to say of a value: bodies of providers are whatever they are.
      allowEmptySchema: { unknown: true, custom: true },
      override: ({ jsonSchema, zodSchema, io }) => {
        const filter = filters.get(z.globalRegistry.get(zodSchema)?.id);
        if (filter) Object.assign(jsonSchema, filter);
        if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
      },
    },
  );
}

const DESCRIPTION =
  'Sessions, requests, users, properties and figures of recorded calls, and the endpoints that calls and spans are logged at. `docs/api.md` describes each endpoint, `docs/cookbook.md` has the questions that people ask.';

function operation(route: Route | SignedRoute): ZodOpenApiOperationObject {
  const { doc, path } = route;
  const names = parameterNames(path);
  return {
    operationId: operationId(route),
    summary: doc.summary,
    tags: [tagOf(path)],
    ...(isPublic(route) && { security: [] }),
    ...((names.length > 0 || doc.query) && {
      requestParams: {
        ...(names.length > 0 && { path: z.object(Object.fromEntries(names.map((name) => [name, parameter(name)]))) }),
        ...(doc.query && { query: doc.query }),
      },
    }),
    ...(doc.body && {
      requestBody: {
        required: !doc.body.safeParse(undefined).success,
        content: Object.fromEntries(
          (doc.bodyContentType ?? ['application/json']).map((type) => [type, { schema: doc.body! }]),
        ),
      },
    }),
    responses: {
      [`${doc.status ?? 200}`]: {
        description: doc.summary,
        headers: z.object({
          'Throughline-As-Of': z
            .string()
            .meta({ description: 'Up to when the answer reflects what was recorded, ISO 8601' }),
        }),
        content: {
          ...Object.fromEntries(
            [doc.contentType ?? 'application/json'].flat().map((type) => [type, { schema: doc.answer }]),
          ),
          ...(doc.events && { 'text/event-stream': { schema: doc.events } }),
        },
      },
      ...(doc.accepted && {
        '202': {
          description: 'It has begun, and goes on by itself',
          content: { 'application/json': { schema: doc.accepted } },
        },
      }),
      ...errorResponses(routeErrors(route)),
    },
  };
}

function errorResponses(codes: readonly ErrorCode[]): ZodOpenApiResponsesObject {
  const responses: ZodOpenApiResponsesObject = {};
  for (const [status, named] of byStatus(codes)) {
    const schema = status === 422 ? invalidBodyAnswer : errorAnswer;
    responses[`${status as 400}`] = {
      description: named.map((code) => `\`${code}\`: ${ERRORS[code].sentence}`).join('\n\n'),
      content: { 'application/json': { schema } },
      'x-error-codes': named,
    };
  }
  return responses;
}

/** Express's `/v1/session/:sessionId` as OpenAPI writes it. */
export function documentPath(path: string): string {
  return path.replace(/:(\w+)/g, '{$1}');
}

function parameterNames(path: string): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);
}

function parameter(name: string): z.ZodString {
  const described = PATH_PARAMETERS[name];
  if (!described) throw new Error(`PATH_PARAMETERS of the contracts does not say what ${name} in a path is`);
  return described;
}

/** `post /v1/session/:sessionId/tag` → `postSessionBySessionIdTag`: what generators name their functions. */
function operationId({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path
    .replace(/^\/v1\//, '')
    .replace(/:(\w+)/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  return [method, ...words.map((word) => `${word[0]!.toUpperCase()}${word.slice(1)}`)].join('');
}

/** `/v1/session/query` → `session`. */
function tagOf(path: string): string {
  return path.split('/').find((part) => part !== '' && part !== 'v1') ?? 'other';
}
