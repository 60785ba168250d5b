import { describe } from '@jest/globals';
import { PREPARED_VARIABLE, type PreparedServers } from './prepare-servers.ts';
import type { ServerName } from './server-unavailable.ts';

/**
 * `describe` for tests that start servers. Where the test command found that this machine cannot have one of them, they
 * are shown as skipped, with the reason. With `CI=true` they run, and fail with it. Without the test command (a single
 * file through `pnpm jest`) they run, and the first start fetches what it needs.
 */
export function describeWithServers(
  servers: readonly ServerName[],
  name: string,
  tests: () => void,
  env: NodeJS.ProcessEnv = process.env,
): void {
  const reason = whyNot(servers, env);
  if (reason === undefined || env.CI === 'true') describe(name, tests);
  else describe.skip(`${name} (${reason})`, tests);
}

/** Why tests that need these servers cannot run here, as far as is known. */
export function whyNot(servers: readonly ServerName[], env: NodeJS.ProcessEnv): string | undefined {
  const found = JSON.parse(env[PREPARED_VARIABLE] || '{}') as PreparedServers;
  return servers.map((server) => found[server]).find((reason) => reason !== undefined);
}
