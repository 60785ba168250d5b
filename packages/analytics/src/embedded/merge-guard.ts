import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AnalyticsError } from '../analytics-store.ts';
import { parseRows } from '../json-rows.ts';
import { quote } from '../literal.ts';
import type { EngineConnection } from './engine.ts';

/**
 * Keeps merges away from a disk that is full, and undoes one that was not.
 *
 * ClickHouse 26.7 commits a merge whose last write found no room: its files of marks and columns are empty, and the rows
 * cannot be read. (Inserts are not affected: none of 1,000 in 250 fillings.) The parts that were merged are still there
 * for `OLD_PARTS_SECONDS`, and come back when the table is loaded anew, as they do at a start.
 */
export interface MergeGuard {
  /** The engine could not write or read a file: look now. */
  suspect(): void;
  /** A table is away for a moment: a query that misses it may be tried again. */
  readonly reloading: boolean;
  close(): Promise<void>;
}

export interface MergeGuardConfig {
  /** Folder of the tables. */
  readonly dir: string;
  /** For this guard alone. */
  readonly connection: EngineConnection;
  /** Runs a task while no insert runs. */
  exclusive(task: () => Promise<void>): Promise<void>;
  /** Told in a sentence what was found and done. */
  report?(message: string): void;
}

/** How long merged parts stay: many times what it takes to notice that the disk is full, and little to hold meanwhile. */
export const OLD_PARTS_SECONDS = 30;

/** Less room than this is none: what one insert, its merge and the log may write before the next look. */
const RESERVE_BYTES = 64 * 1024 ** 2;

const LOOK_MS = 500;

export function guardMerges({ dir, connection, exclusive, report = () => {} }: MergeGuardConfig): MergeGuard {
  const checked = new Set<string>();
  let stoppedAt: number | undefined;
  let suspected = false;
  let reloading = false;
  let closed = false;
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const hasRoom = !suspected && (await roomIn(dir)) >= RESERVE_BYTES;
    if (stoppedAt === undefined && hasRoom) return;
    suspected = false;
    if (stoppedAt === undefined) {
      stoppedAt = Date.now() / 1000;
      await connection.command('SYSTEM STOP MERGES');
    }
    // A merge may have ended badly before the disk was seen to be full; older ones cannot be undone.
    await mend(stoppedAt - OLD_PARTS_SECONDS);
    if (!hasRoom) return;
    await connection.command('SYSTEM START MERGES');
    stoppedAt = undefined;
    checked.clear();
  }

  async function mend(since: number): Promise<void> {
    const parts = await read<{ table: string; name: string }>(
      `SELECT table, name FROM system.parts WHERE database = currentDatabase() AND active AND toUnixTimestamp(modification_time) >= ${Math.floor(since)}`,
    );
    const broken = new Set<string>();
    for (const { table, name } of parts) {
      if (checked.has(`${table} ${name}`)) continue;
      const [answer] = await read<{ is_passed: number; message: string }>(
        `CHECK TABLE ${table} PART ${quote(name)} SETTINGS check_query_single_value_result = 0`,
      );
      if (answer?.is_passed) checked.add(`${table} ${name}`);
      else {
        broken.add(table);
        report(`A merge of '${table}' found no room and left the part ${name} unreadable: ${answer?.message}`);
      }
    }
    for (const table of broken) await exclusive(() => reload(table));
  }

  async function reload(table: string): Promise<void> {
    reloading = true;
    try {
      await connection.command(`DETACH TABLE ${table} SYNC`);
      // Without the table, nothing else works either.
      while (!closed) {
        try {
          await connection.command(`ATTACH TABLE ${table}`);
          report(`Loaded '${table}' anew with the parts from before that merge`);
          return;
        } catch (error) {
          report(`'${table}' cannot be loaded yet: ${(error as Error).message}`);
          await delay(LOOK_MS);
        }
      }
    } finally {
      reloading = false;
    }
  }

  async function read<Row>(sql: string): Promise<Row[]> {
    return parseRows<Row>(await connection.read(`${sql} FORMAT JSONEachRow`));
  }

  function lookOnce(): void {
    looking ??= look()
      .catch((error) => {
        if (closed) return;
        // With merges stopped or not, the next look begins where this one ended.
        report(`Parts of tables cannot be checked: ${(error as Error).message}`);
      })
      .finally(() => {
        looking = undefined;
      });
  }

  const timer = setInterval(lookOnce, LOOK_MS);
  timer.unref();

  return {
    suspect() {
      suspected = true;
    },
    get reloading() {
      return reloading;
    },
    async close() {
      closed = true;
      clearInterval(timer);
      await looking;
    },
  };
}

/** The engine tells a table that is away from one that never was only by the moment. */
export function isTableAway(error: unknown): boolean {
  return error instanceof AnalyticsError && error.engineCode === UNKNOWN_TABLE;
}

const UNKNOWN_TABLE = 60;

async function roomIn(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
