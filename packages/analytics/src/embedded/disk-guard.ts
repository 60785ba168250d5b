import { statfs } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { AnalyticsError } from '../analytics-store.ts';
import { parseRows } from '../json-rows.ts';
import { quote } from '../literal.ts';
import type { EngineConnection } from './engine.ts';

/**
 * Keeps the engine from writing to a disk that is full, and undoes it where that came too late.
 *
 * ClickHouse 26.7 commits parts whose last writes found no room: files of marks or columns are empty, and the part
 * cannot be read, at once or after the next start. So below `RESERVE_BYTES` nothing is inserted and merges are stopped;
 * an insert or merge during which the room ran out is checked. A broken part gives way when its table is loaded anew: to
 * the parts that were merged, which stay for `OLD_PARTS_SECONDS`, or to nothing, and its insert fails.
 */
export interface DiskGuard {
  /**
   * Before an insert.
   *
   * @returns for `confirm`.
   * @throws AnalyticsError `unavailable`, retryable, when there is too little room.
   */
  begin(table: string): Promise<number>;
  /**
   * After an insert, before anybody is told that its rows are stored.
   *
   * @throws AnalyticsError `unavailable`, retryable, when they may not be.
   */
  confirm(table: string, begun: number): Promise<void>;
  /** The engine could not write or read a file: look now. */
  suspect(): void;
  /** A table is away for a moment: a query that misses it may be tried again. */
  readonly reloading: boolean;
  close(): Promise<void>;
}

export interface DiskGuardConfig {
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

export function guardDisk({ dir, connection, exclusive, report = () => {} }: DiskGuardConfig): DiskGuard {
  const checked = new Set<string>();
  const reloads = new Map<string, number>();
  let stoppedAt: number | undefined;
  let suspected = false;
  let reloading = false;
  let closed = false;
  let looking: Promise<void> | undefined;
  let mending: Promise<void> = Promise.resolve();

  const reloadsOf = (table: string) => reloads.get(table) ?? 0;
  const hasRoom = async () => (await roomIn(dir)) >= RESERVE_BYTES;

  async function look(): Promise<void> {
    const mayWrite = !suspected && (await hasRoom());
    if (stoppedAt === undefined && mayWrite) return;
    suspected = false;
    if (stoppedAt === undefined) {
      stoppedAt = Date.now() / 1000;
      await connection.command('SYSTEM STOP MERGES');
    }
    await mend(stoppedAt);
    if (!mayWrite) return;
    await connection.command('SYSTEM START MERGES');
    stoppedAt = undefined;
    checked.clear();
  }

  /** One at a time. A part may have been written badly before the disk was seen to be full; older ones cannot be undone. */
  function mend(since: number): Promise<void> {
    const next = mending.then(() => mendParts(Math.floor(since) - OLD_PARTS_SECONDS));
    mending = next.catch(() => {});
    return next;
  }

  async function mendParts(since: number): Promise<void> {
    const parts = await read<{ table: string; name: string }>(
      `SELECT table, name FROM system.parts WHERE database = currentDatabase() AND active AND toUnixTimestamp(modification_time) >= ${since}`,
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
        report(`The part ${name} of '${table}' was written without room and is unreadable: ${answer?.message}`);
      }
    }
    for (const table of broken) await exclusive(() => reload(table));
  }

  async function reload(table: string): Promise<void> {
    reloading = true;
    reloads.set(table, reloadsOf(table) + 1);
    try {
      await connection.command(`DETACH TABLE ${table} SYNC`);
      // Without the table, nothing else works either.
      while (!closed) {
        try {
          await connection.command(`ATTACH TABLE ${table}`);
          report(`Loaded '${table}' anew, with the parts from before that one`);
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
    async begin(table) {
      if (await hasRoom()) return reloadsOf(table);
      throw noRoom(
        `Less than ${RESERVE_BYTES / 1024 ** 2} MiB are free in ${dir}: nothing is inserted until there are`,
      );
    },
    async confirm(table, begun) {
      if (await hasRoom()) {
        // A part that is being given up at this moment may be this insert's.
        await mending;
      } else {
        suspected = true;
        await mend(Date.now() / 1000);
      }
      if (reloadsOf(table) !== begun) throw noRoom(`The disk of ${dir} was full while rows were inserted`);
    },
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
      await mending;
    },
  };
}

/** The engine tells a table that is away from one that never was only by the moment. */
export function isTableAway(error: unknown): boolean {
  return error instanceof AnalyticsError && error.engineCode === UNKNOWN_TABLE;
}

const UNKNOWN_TABLE = 60;

function noRoom(message: string): AnalyticsError {
  return new AnalyticsError('unavailable', message, { retryable: true });
}

async function roomIn(dir: string): Promise<number> {
  const { bavail, bsize } = await statfs(dir);
  return bavail * bsize;
}
