import { AnalyticsError } from './analytics-store.ts';
import { NOT_MIGRATED_CODES } from './engine-codes.ts';
import { literal } from './literal.ts';
import { loadMigrations, type Migration } from './migrations.ts';

/** What a migration needs of a store: its owner's connection, one statement at a time. */
export interface MigrationTarget {
  execute(sql: string): Promise<void>;
  /** Rows of a query; 64-bit integers may arrive as numbers or text. */
  read(sql: string): Promise<Record<string, unknown>[]>;
}

/**
 * Bring the schema up to this version: whatever has not been applied runs, in order, each recorded when it is done. A
 * crash in the middle of a migration repeats it. Several may do this at once, since every statement may run twice; what
 * another version has recorded in the meantime is found at the end.
 *
 * @returns the numbers applied now.
 * @throws AnalyticsError `rejected` when the store is newer than this code, lacks a migration in between, or was
 *   migrated with a file that has changed since.
 */
export async function migrate(
  target: MigrationTarget,
  migrations: readonly Migration[] = loadMigrations(),
): Promise<number[]> {
  await target.execute(CREATE_RECORD);
  const missing = await findMissing(target, migrations);
  for (const migration of missing) {
    for (const statement of migration.statements) await target.execute(statement);
    await target.execute(recordOf(migration));
  }
  if (missing.length > 0) await checkSchema(target, migrations);
  return missing.map((migration) => migration.number);
}

/**
 * Whether the schema is that of this version, neither older nor newer, and made from the same files.
 *
 * @throws AnalyticsError `rejected` when it is not.
 */
export async function checkSchema(
  target: MigrationTarget,
  migrations: readonly Migration[] = loadMigrations(),
): Promise<void> {
  const [first] = await findMissing(target, migrations).catch((error: unknown) => {
    const engineCode = error instanceof AnalyticsError ? error.engineCode : undefined;
    if (engineCode === undefined || !NOT_MIGRATED_CODES.includes(engineCode)) throw error;
    throw refused('it has no tables of ours yet: run throughline migrate');
  });
  if (first) throw refused(`it lacks migration ${first.number} (${first.name}): run throughline migrate`);
}

/** What has not been applied, once it is sure that the rest was applied as it is here. */
async function findMissing(target: MigrationTarget, migrations: readonly Migration[]): Promise<readonly Migration[]> {
  const applied = (await target.read(READ_RECORD)).map((row) => ({
    number: Number(row.number),
    name: String(row.name),
    checksum: String(row.checksum),
  }));
  for (const [index, { number, name, checksum }] of applied.entries()) {
    if (number !== index + 1) throw refused(`it has migration ${number} (${name}) but not ${index + 1}`);
    const ours = migrations[index];
    if (!ours) {
      throw refused(
        `it has migration ${number} (${name}), this version ends at ${migrations.length}: start a newer version`,
      );
    }
    if (ours.checksum !== checksum) {
      throw refused(`migration ${number} (${name}) was applied from another text: restore that file, add a new one`);
    }
  }
  return migrations.slice(applied.length);
}

const CREATE_RECORD = `CREATE TABLE IF NOT EXISTS schema_migrations
(
    number UInt32,
    name String,
    checksum String,
    applied_at DateTime64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(applied_at)
ORDER BY number`;

const READ_RECORD = 'SELECT number, name, checksum FROM schema_migrations FINAL ORDER BY number';

function recordOf({ number, name, checksum }: Migration): string {
  const values = [literal('UInt32', number), literal('String', name), literal('String', checksum), 'now64(3)'];
  return `INSERT INTO schema_migrations (number, name, checksum, applied_at) SETTINGS async_insert = 0 VALUES (${values.join(', ')})`;
}

function refused(reason: string): AnalyticsError {
  return new AnalyticsError('rejected', `The analytics store cannot be used by this version: ${reason}`);
}
