import { createLogger } from '@throughline/telemetry/logger';
import { readConfig } from '../config.ts';
import { openServers } from '../services/open-servers.ts';
import { StartError } from '../start-error.ts';

/**
 * `throughline rebuild [<partition> …]`: forgets totals in Redis. Each partition's owner is refused at its next commit,
 * finds nothing, and makes the totals anew from ClickHouse; until then reads answer from snapshots.
 */
export async function runRebuild(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const config = readConfig(env);
  const logger = createLogger('throughline-rebuild', { level: config.LOG_LEVEL, to: 'stderr' });
  await using servers = await openServers(config, logger);
  const wanted = args.length === 0 ? [...servers.bounds.keys()] : args.map((arg) => readPartition(arg, servers.bounds));
  for (const partition of wanted) {
    await servers.totals.dropPartition(partition);
    process.stdout.write(`partition ${partition}: totals forgotten, its owner makes them anew\n`);
  }
  return 0;
}

function readPartition(text: string, bounds: ReadonlyMap<number, unknown>): number {
  const partition = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (bounds.has(partition)) return partition;
  throw new StartError(`${JSON.stringify(text)} is no partition: they are 0 to ${bounds.size - 1}.`);
}
