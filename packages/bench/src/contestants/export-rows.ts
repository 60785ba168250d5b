import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connectHttpAnalytics, type HttpAnalyticsStore } from '@throughline/analytics/http/connect-http-analytics';
import { insertColumns } from '@throughline/analytics/tables';
import { rowsFileName } from './rows-file.ts';

/** As many as the aggregator inserts at a time. */
const ROWS_PER_FILE = 4_000;

/** Writes what `requests` and `request_bodies` hold to files, encoded as the aggregator sends them. @returns bytes. */
export async function exportRows(url: string, folder: string, partitions: number): Promise<number> {
  const { origin, pathname } = new URL(url);
  const analytics = connectHttpAnalytics({ url });
  try {
    let batch = 0;
    let bytes = 0;
    for (let partition = 0; partition < partitions; partition++) {
      const end = await endOf(analytics, partition);
      for (let from = 0; from < end; from += ROWS_PER_FILE, batch++) {
        const range = `source_partition = ${partition} AND source_offset >= ${from} AND source_offset < ${from + ROWS_PER_FILE}`;
        const [found] = await analytics.query<{ rows: string }>({
          sql: `SELECT count() AS rows FROM requests FINAL WHERE ${range}`,
        });
        for (const table of ['requests', 'request_bodies'] as const) {
          const sql = `SELECT ${insertColumns(table)} FROM ${table} FINAL WHERE ${range} ORDER BY source_offset FORMAT RowBinary`;
          const answer = await fetch(`${origin}/?database=${pathname.slice(1)}`, { method: 'POST', body: sql });
          const encoded = Buffer.from(await answer.arrayBuffer());
          if (!answer.ok) throw new Error(`rows could not be read: ${encoded}`);
          await writeFile(join(folder, rowsFileName({ batch, table, rows: Number(found!.rows) })), encoded);
          bytes += encoded.length;
        }
      }
    }
    return bytes;
  } finally {
    await analytics.close();
  }
}

async function endOf(analytics: HttpAnalyticsStore, partition: number): Promise<number> {
  const [found] = await analytics.query<{ end: string }>({
    sql: `SELECT max(source_offset) + 1 AS end FROM requests WHERE source_partition = ${partition}`,
  });
  return Number(found!.end);
}
