import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { GENERATED_FILE, generatedTypes } from '../scripts/generated-types.ts';

test('the types are those of the routes as they are: else run `pnpm generate:client`', async () => {
  expect(readFileSync(GENERATED_FILE, 'utf8') === (await generatedTypes())).toBe(true);
});
