/**
 * Writes `src/generated/api.ts` from the OpenAPI document, which is composed here from the routes: no server is needed.
 * Run it with `pnpm generate:client` whenever a test says that the file is stale.
 */
import { writeFileSync } from 'node:fs';
import { GENERATED_FILE, generatedTypes } from './generated-types.ts';

writeFileSync(GENERATED_FILE, await generatedTypes());
