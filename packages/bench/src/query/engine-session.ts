import { join } from 'node:path';
import { Session } from 'chdb';

/** What the engine says that a query took. */
export interface ReadStatistics {
  readonly rows: number;
  readonly bytes: number;
}

/** Statements that the product has no use for, on the engine that a store of this process has opened. */
export interface EngineSession {
  run(sql: string): Promise<void>;
  rows<Row>(sql: string): Promise<Row[]>;
  /** Runs a query and says what it read. */
  statistics(sql: string): Promise<ReadStatistics>;
  close(): void;
}

/** @param dir of the store, which must be open already: it decides how the engine runs. */
export async function openEngineSession(dir: string): Promise<EngineSession> {
  const session = new Session(join(dir, 'engine'));
  const read = async (sql: string) =>
    JSON.parse((await session.queryAsync(sql, { format: 'JSON' })).text()) as {
      data: unknown[];
      statistics: { rows_read: number; bytes_read: number };
    };
  await session.queryAsync('USE throughline');
  return {
    run: async (sql) => void (await session.queryAsync(sql)),
    rows: async <Row>(sql: string) => (await read(sql)).data as Row[],
    async statistics(sql) {
      const { rows_read: rows, bytes_read: bytes } = (await read(sql)).statistics;
      return { rows, bytes };
    },
    close: () => session.close(),
  };
}
