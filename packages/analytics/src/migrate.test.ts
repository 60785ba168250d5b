import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { checkSchema, type MigrationTarget, migrate } from './migrate.ts';
import { loadMigrations, type Migration } from './migrations.ts';

const migration = (number: number, checksum = `sum-${number}`): Migration => ({
  number,
  name: `step_${number}`,
  checksum,
  statements: [`FIRST OF ${number}`, `SECOND OF ${number}`],
});

/** A store that remembers statements and records; `failAt` makes one statement fail, as a crash would. */
function fakeTarget(recorded: readonly Migration[] = [], failAt?: string) {
  const statements: string[] = [];
  const record = recorded.map(({ number, name, checksum }) => ({ number, name, checksum }));
  const target: MigrationTarget = {
    async execute(sql) {
      if (sql === failAt) throw new Error('crash');
      const inserted = /^INSERT INTO schema_migrations .*CAST\('(\d+)', 'UInt32'\), '([^']*)', '([^']*)'/.exec(sql);
      if (inserted) record.push({ number: Number(inserted[1]), name: inserted[2]!, checksum: inserted[3]! });
      else if (!sql.startsWith('CREATE TABLE IF NOT EXISTS schema_migrations')) statements.push(sql);
    },
    // One row per number, as the table folds them.
    read: async () => [...new Map(record.map((row) => [row.number, row])).values()],
  };
  return { target, statements, record };
}

describe('migrate', () => {
  test('applies what is missing, in order, and records it', async () => {
    const { target, statements, record } = fakeTarget([migration(1)]);
    expect(await migrate(target, [migration(1), migration(2), migration(3)])).toEqual([2, 3]);
    expect(statements).toEqual(['FIRST OF 2', 'SECOND OF 2', 'FIRST OF 3', 'SECOND OF 3']);
    expect(record.map(({ number }) => number)).toEqual([1, 2, 3]);
    expect(await migrate(target, [migration(1), migration(2), migration(3)])).toEqual([]);
  });

  test('repeats the migration in which it was interrupted', async () => {
    const broken = fakeTarget([], 'SECOND OF 1');
    await expect(migrate(broken.target, [migration(1), migration(2)])).rejects.toThrow('crash');
    expect(broken.record).toEqual([]);
    const again = fakeTarget(broken.record as Migration[]);
    expect(await migrate(again.target, [migration(1), migration(2)])).toEqual([1, 2]);
  });

  test.each([
    ['was made by a newer version', [migration(1), migration(2)], [migration(1)], 'start a newer version'],
    ['has a migration whose text has changed', [migration(1, 'other')], [migration(1)], 'applied from another text'],
    ['lacks a migration in between', [migration(1), migration(3)], [1, 2, 3].map((n) => migration(n)), 'but not 2'],
  ])('refuses a store that %s', async (_, applied, ours, message) => {
    const { target, statements } = fakeTarget(applied);
    await expect(migrate(target, ours)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(message),
    });
    expect(statements).toEqual([]);
  });

  test('finds at its end that another version has migrated meanwhile', async () => {
    const { target, record } = fakeTarget();
    const { execute } = target;
    const meddling = {
      ...target,
      async execute(sql: string) {
        await execute(sql);
        if (sql === 'SECOND OF 1') record.push({ number: 2, name: 'later', checksum: 'x' });
      },
      read: async () => record.toSorted((a, b) => a.number - b.number),
    };
    await expect(migrate(meddling, [migration(1)])).rejects.toThrow('start a newer version');
  });

  test('may run twice at once', async () => {
    const { target, statements, record } = fakeTarget();
    const both = [migrate(target, [migration(1)]), migrate(target, [migration(1)])];
    await Promise.all(both);
    expect(new Set(statements)).toEqual(new Set(['FIRST OF 1', 'SECOND OF 1']));
    expect(record.map(({ number }) => number)).toContain(1);
  });
});

describe('checkSchema', () => {
  test('changes nothing', async () => {
    const { target, statements, record } = fakeTarget([migration(1)]);
    await checkSchema(target, [migration(1)]);
    expect([statements, record]).toEqual([[], [{ number: 1, name: 'step_1', checksum: 'sum-1' }]]);
  });

  test.each([
    ['older', [migration(1)], [migration(1), migration(2)], 'lacks migration 2 (step_2): run throughline migrate'],
    ['newer', [migration(1), migration(2)], [migration(1)], 'start a newer version'],
    ['another', [migration(1, 'other')], [migration(1)], 'applied from another text'],
  ])('refuses a schema that is %s', async (_, applied, ours, message) => {
    const { target } = fakeTarget(applied);
    await expect(checkSchema(target, ours)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(message),
    });
  });
});

describe('migration files', () => {
  test('those of this version are numbered without gaps and hold statements that may run twice', () => {
    const migrations = loadMigrations();
    expect(migrations.length).toBeGreaterThan(0);
    for (const { statements } of migrations) {
      expect(statements.length).toBeGreaterThan(0);
      // MATERIALIZE COLUMN knows no IF EXISTS: it writes the same values again.
      for (const statement of statements)
        expect(statement).toMatch(/IF (NOT )?EXISTS|MODIFY SETTING|MATERIALIZE COLUMN/);
    }
  });

  function inFolder<T>(files: Record<string, string>, run: (folder: string) => T): T {
    const folder = mkdtempSync(join(tmpdir(), 'throughline-migrations-'));
    try {
      for (const name in files) writeFileSync(join(folder, name), files[name]!);
      return run(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  test('are cut at semicolons that end a line, and keep their checksum whatever the line ends', () => {
    const text = "-- a; comment\nCREATE TABLE a (x String DEFAULT ';');\n\nCREATE TABLE b; \n-- the end\n";
    const [unix] = inFolder({ '0001_a.sql': text }, loadMigrations);
    const [dos] = inFolder({ '0001_a.sql': text.replaceAll('\n', '\r\n') }, loadMigrations);
    expect(unix!.statements).toEqual(["-- a; comment\nCREATE TABLE a (x String DEFAULT ';')", 'CREATE TABLE b']);
    expect(dos).toEqual(unix);
  });

  test.each([
    ['a gap', { '0001_a.sql': '', '0003_c.sql': '' }],
    ['the same number twice', { '0001_a.sql': '', '0001_b.sql': '' }],
    ['another name', { '1-a.sql': '' }],
  ])('refuses %s', (_, files) => {
    expect(() => inFolder(files, loadMigrations)).toThrow(expect.objectContaining({ code: 'rejected' }));
  });
});
