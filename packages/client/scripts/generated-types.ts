import { join } from 'node:path';
import { composeDocument } from '@throughline/query/openapi/compose-document';
import type { QueryDeps } from '@throughline/query/query-deps';
import { queryRoutes } from '@throughline/query/query-router';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';

export const GENERATED_FILE = join(import.meta.dirname, '..', 'src', 'generated', 'api.ts');

const HEADER = `// Generated from the OpenAPI document by \`pnpm generate:client\`: change the schemas in packages/contracts/src/api instead.

`;

/** The types of the query API as TypeScript: the same for the same routes, on every machine. */
export async function generatedTypes(): Promise<string> {
  // Composing asks the routes for what they declare, and nothing of any store.
  const routes = queryRoutes({ config: {} } as QueryDeps);
  const document = composeDocument(routes, '0');
  const ast = await openapiTS(document as OpenAPI3, { alphabetize: true, defaultNonNullable: true });
  return HEADER + astToString(ast);
}
