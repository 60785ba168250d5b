import { describe, expect, test } from '@jest/globals';
import { loadMigrations } from '../migrations.ts';
import { renderForServer } from './server-statement.ts';

const TABLE = `-- Why; it is there.
CREATE TABLE IF NOT EXISTS t
(
    a String CODEC(ZSTD(1)) SETTINGS (min_compress_block_size = 1),
    b UInt64
)
ENGINE = ReplacingMergeTree(b)
ORDER BY a`;

describe('on one server', () => {
  test('tables sync what is inserted, beside settings of their own', () => {
    expect(renderForServer(`${TABLE}\nSETTINGS index_granularity = 64`, undefined)).toMatch(
      /^CREATE TABLE IF NOT EXISTS t\n[\s\S]*\nENGINE = ReplacingMergeTree\(b\)\nORDER BY a\nSETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 64$/,
    );
    expect(renderForServer(TABLE, undefined)).toMatch(
      /SETTINGS \(min_compress_block_size = 1\),[\s\S]*ORDER BY a\nSETTINGS fsync_after_insert = 1, fsync_part_directory = 1$/,
    );
  });

  test('other statements are left as they are', () => {
    const alter = 'ALTER TABLE t ADD COLUMN IF NOT EXISTS c String';
    expect(renderForServer(alter, undefined)).toBe(alter);
  });
});

describe('on a cluster', () => {
  const onCluster = (sql: string) => renderForServer(sql, { cluster: '{cluster}' });

  test('tables are made everywhere, with the replicated engine', () => {
    const rendered = onCluster(`${TABLE}\nSETTINGS index_granularity = 64`);
    expect(rendered).toMatch(/^CREATE TABLE IF NOT EXISTS t ON CLUSTER '\{cluster\}'\n\(/);
    expect(rendered).toMatch(
      /\nENGINE = ReplicatedReplacingMergeTree\(b\)\nORDER BY a\nSETTINGS index_granularity = 64$/,
    );
  });

  test('other statements run everywhere', () => {
    expect(onCluster('ALTER TABLE t ADD COLUMN IF NOT EXISTS c String')).toBe(
      "ALTER TABLE t ON CLUSTER '{cluster}' ADD COLUMN IF NOT EXISTS c String",
    );
    expect(onCluster('DROP TABLE IF EXISTS t')).toBe("DROP TABLE IF EXISTS t ON CLUSTER '{cluster}'");
  });

  test('a name of a cluster stays a name', () => {
    expect(renderForServer('DROP TABLE IF EXISTS t', { cluster: "x' SYNC --" })).toBe(
      "DROP TABLE IF EXISTS t ON CLUSTER 'x\\' SYNC --'",
    );
  });
});

test('every statement of the migrations can be rendered for both', () => {
  for (const { statements } of loadMigrations()) {
    for (const statement of statements) {
      const single = renderForServer(statement, undefined);
      const replicated = renderForServer(statement, { cluster: 'c' });
      expect(replicated).toContain(" ON CLUSTER 'c'");
      if (!/^CREATE/m.test(statement)) continue;
      expect(single.match(/^SETTINGS fsync_after_insert = 1/gm)).toHaveLength(1);
      expect(replicated.match(/^ENGINE = Replicated/gm)).toHaveLength(1);
    }
  }
});

test.each(['SELECT 1', 'CREATE TABLE t (a String) ENGINE = MergeTree ORDER BY a', 'OPTIMIZE TABLE t'])(
  'refuses what it cannot render: %s',
  (sql) => {
    expect(() => renderForServer(sql, undefined)).toThrow(expect.objectContaining({ code: 'rejected' }));
  },
);

test('refuses a table of another engine', () => {
  const memory = 'CREATE TABLE IF NOT EXISTS t (a String)\nENGINE = Memory';
  expect(() => renderForServer(memory, undefined)).toThrow('ENGINE = …MergeTree');
  expect(() => renderForServer(memory, { cluster: 'c' })).toThrow('ENGINE = …MergeTree');
});
