import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnalyticsError } from './analytics-store.ts';

/** One numbered step of the schema. */
export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  /** SHA-256, hex, of the file's text: an applied file never changes. */
  readonly checksum: string;
  /** Each may run again after a crash in the middle: `IF NOT EXISTS` everywhere. */
  readonly statements: readonly string[];
}

const FOLDER = join(import.meta.dirname, '..', 'migrations');
const FILE = /^(\d{4})_([a-z0-9_]+)\.sql$/;

/**
 * The migrations of this version, in order, from files `0001_name.sql`.
 *
 * @throws AnalyticsError `rejected` for a file that is named otherwise, twice the same number or a gap.
 */
export function loadMigrations(folder: string = FOLDER): Migration[] {
  const migrations = readdirSync(folder)
    .sort()
    .map((file) => {
      const match = FILE.exec(file);
      if (!match) throw new AnalyticsError('rejected', `${file} is not named like 0001_what_it_does.sql`);
      return toMigration(Number(match[1]), match[2]!, readFileSync(join(folder, file), 'utf8'));
    });
  for (const [index, { number, name }] of migrations.entries()) {
    if (number !== index + 1) {
      throw new AnalyticsError('rejected', `migration ${number} (${name}) should have number ${index + 1}`);
    }
  }
  return migrations;
}

function toMigration(number: number, name: string, text: string): Migration {
  // A checkout may change line ends; the migration is the same.
  const sql = text.replaceAll('\r\n', '\n');
  const statements = sql
    .split(/;[ \t]*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement.replaceAll(/^\s*--.*$/gm, '').trim() !== '');
  return { number, name, checksum: createHash('sha256').update(sql).digest('hex'), statements };
}
