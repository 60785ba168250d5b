import { AnalyticsError } from '../analytics-store.ts';
import { parseRows } from '../json-rows.ts';
import { literal, quote } from '../literal.ts';
import { type MigrationTarget, migrate } from '../migrate.ts';
import { type HttpAnalyticsConfig, type Replication, readEndpoint } from './http-config.ts';
import { openServerClient, type ServerClient } from './server-client.ts';
import { renderForServer } from './server-statement.ts';

/** `ON CLUSTER` waits for every host, 180 s at most; a mutation of a large table may take as long. */
const STATEMENT_TIMEOUT_MS = 200_000;

/** A few rows of a small table. */
const READ_TIMEOUT_MS = 15_000;

/**
 * Make the database if it is missing, and bring its tables up to this version. Several may run at once: every statement
 * may run twice, and who finds the tables of another version at the end says so.
 *
 * @returns the numbers of the migrations applied now.
 * @throws AnalyticsError `rejected` when the tables are newer than this code or were made from other files,
 *   `unavailable` when the server cannot be reached or refuses the user.
 */
export async function migrateServer(config: HttpAnalyticsConfig): Promise<number[]> {
  const endpoint = readEndpoint(config);
  const { compress = false, replication } = config;
  // Not in its database, which may not be there yet.
  const outside = openServerClient(endpoint, { connections: 1, compress, database: 'system' });
  const inside = openServerClient(endpoint, { connections: 1, compress });
  try {
    await createDatabase(outside, endpoint.database, replication);
    return await migrate(migrationTarget(inside, replication));
  } finally {
    await Promise.all([outside.close(), inside.close()]);
  }
}

/** The tables of a server as `migrate` and `checkSchema` want them. */
export function migrationTarget(client: ServerClient, replication: Replication | undefined): MigrationTarget {
  return {
    async execute(sql) {
      // The record of a migration is a row like any other.
      if (/^INSERT\s/i.test(sql))
        await run(client, sql, replication ? { insert_quorum: 'auto', insert_quorum_parallel: 0 } : {});
      else await run(client, renderForServer(sql, replication));
    },
    async read(sql) {
      try {
        return await read(client, sql, replication ? { select_sequential_consistency: 1 } : {});
      } catch (error) {
        if (!isMissing(error)) throw error;
        const message = 'The analytics store has no tables yet: run throughline migrate';
        throw new AnalyticsError('rejected', message, { cause: error });
      }
    },
  };
}

async function createDatabase(client: ServerClient, name: string, replication: Replication | undefined): Promise<void> {
  // Who may not create databases is given one that is there.
  const there = await read(client, `SELECT 1 FROM system.databases WHERE name = ${literal('String', name)}`);
  if (there.length > 0) return;
  const cluster = replication ? ` ON CLUSTER ${quote(replication.cluster)}` : '';
  await run(client, `CREATE DATABASE IF NOT EXISTS ${name}${cluster} ENGINE = Atomic`);
}

async function run(client: ServerClient, sql: string, settings: Record<string, string | number> = {}): Promise<void> {
  await client.run({ sql, settings: { wait_end_of_query: 1, ...settings }, timeoutMs: STATEMENT_TIMEOUT_MS });
}

async function read(client: ServerClient, sql: string, settings: Record<string, string | number> = {}) {
  const bytes = await client.run({
    sql: `${sql}\nFORMAT JSONEachRow`,
    settings: { wait_end_of_query: 1, readonly: 2, ...settings },
    timeoutMs: READ_TIMEOUT_MS,
  });
  return parseRows<Record<string, unknown>>(bytes);
}

/** UNKNOWN_TABLE, UNKNOWN_DATABASE */
function isMissing(error: unknown): boolean {
  return error instanceof AnalyticsError && (error.engineCode === 60 || error.engineCode === 81);
}
