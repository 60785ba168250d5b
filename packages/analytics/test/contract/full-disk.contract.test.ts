import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { mountSmallDisk } from '@throughline/testkit/small-disk';
import { waitFor } from '@throughline/testkit/wait-for';
import { openEmbeddedAnalytics } from '../../src/embedded/open-embedded-analytics.ts';
import { sampleRequestRow } from '../../src/sample-rows.ts';
import { encodeRows } from '../../src/tables.ts';

const DISK_BYTES = 160 * 1024 ** 2;

/** Without the guard of merges, about one in 80 leaves a table that cannot be read. */
const FILLINGS = 150;

const ROWS_PER_INSERT = 100;

const disk = mountSmallDisk(DISK_BYTES);
afterAll(() => disk?.unmount());

(disk ? describe : describe.skip)(
  'tables on a disk that is full again and again (needs the right to mount one)',
  () => {
    test('hold every row that was said to be stored, and can be read', async () => {
      const random = createRandom(seedFromEnv('full disk under the engine'));
      const dir = join(disk!.path, 'clickhouse');
      mkdirSync(dir);
      const store = await openEmbeddedAnalytics({
        dir,
        insertInMemory: false,
      });
      const stored = new Set<number>();
      let filling = true;
      const inserting = (async () => {
        for (let n = 0; filling; n++) {
          const rows = Array.from({ length: ROWS_PER_INSERT }, (_, i) => sampleRequestRow(n * ROWS_PER_INSERT + i));
          await store.insert(encodeRows('requests', rows)).then(
            () => stored.add(n),
            () => delay(10),
          );
        }
      })();
      for (let i = 0; i < FILLINGS; i++) {
        await delay(random.integer(20, 100));
        disk!.fill();
        await delay(random.integer(20, 100));
        disk!.makeRoom();
      }
      filling = false;
      await inserting;
      const visible = await waitFor(
        async () => {
          const rows = await store.query<{ n: number }>({
            sql: `SELECT DISTINCT toUInt32(intDiv(source_offset, ${ROWS_PER_INSERT})) AS n, sipHash64(*) AS all FROM requests`,
          });
          return new Set(rows.map(({ n }) => n));
        },
        { what: 'a table that can be read', timeoutMs: 20_000 },
      );
      await store.close();
      expect(stored.size).toBeGreaterThan(FILLINGS / 4);
      expect([...stored].filter((n) => !visible.has(n))).toEqual([]);
    }, 120_000);
  },
);
