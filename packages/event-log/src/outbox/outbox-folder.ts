import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { EventLogError } from '../event-log.ts';
import { acquireFolderLock, type FolderLock } from '../files/folder-lock.ts';
import { syncFolderNow } from '../files/log-file-system.ts';

/** Version of the folder's layout. A folder of another version is left alone. */
const FORMAT = 1;
/** Of a folder of parked events, which a version that knows none must not send as they lie there. */
const PARKED_FORMAT = 2;
const META_NAME = 'outbox.json';
/** Takes the place of the meta file once everything in the folder is stored in the log. */
const EMPTIED_NAME = 'emptied.json';
/** All that a folder holds before its meta file is written. */
const NEW_FOLDER_NAMES = new Set(['lock', 'lock-journal', 'lock-holder.json', `${META_NAME}.new`]);
const LOG_NAME = 'log';

/** What an outbox folder says about itself. */
export interface OutboxFolderMeta {
  /** Name of the log that it is emptied into. */
  readonly target: string;
  /** Whose events lie in it: each start of a process makes a folder and a producer. */
  readonly producerId: string;
  /** Partitions that the events in it were spread over when they were appended. */
  readonly partitions: number;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Its events wait until their keys can be looked up: none of them has a tenant, a partition or a number. */
  readonly isParked?: boolean | undefined;
  /** The log that its events may have been sent to; undefined: nothing has been sent. */
  readonly sentTo?: string | undefined;
  /** How its events are sent: of parked ones, or when `partitions` turned out to be wrong before anything was sent. */
  readonly restamped?: { readonly producerId: string; readonly partitions: number } | undefined;
}

/**
 * A folder under `outbox/`: the segments of one producer, how far they have been emptied, and a lock that ends with its
 * process. Whoever finds it unlocked may take it, empty it and delete it.
 */
export class OutboxFolder {
  readonly dir: string;
  readonly logDir: string;
  readonly #lock: FolderLock;
  #meta: OutboxFolderMeta;

  constructor(dir: string, lock: FolderLock, meta: OutboxFolderMeta) {
    this.dir = dir;
    this.logDir = path.join(dir, LOG_NAME);
    this.#lock = lock;
    this.#meta = meta;
  }

  get meta(): OutboxFolderMeta {
    return this.#meta;
  }

  /** Changes what the folder says; survives a power cut once this returns. @throws when it cannot be written. */
  update(changes: Partial<OutboxFolderMeta>): void {
    const meta = { ...this.#meta, ...changes };
    writeMeta(this.dir, meta);
    this.#meta = meta;
  }

  /** Bytes of its segments. */
  get bytes(): number {
    let bytes = 0;
    for (const name of list(this.logDir)) {
      bytes += fs.statSync(path.join(this.logDir, name), { throwIfNoEntry: false })?.size ?? 0;
    }
    return bytes;
  }

  /** Deletes the folder, all of which is stored in the log; says so first, for whoever finds what a crash leaves. */
  remove(): void {
    fs.renameSync(path.join(this.dir, META_NAME), path.join(this.dir, EMPTIED_NAME));
    syncFolderNow(fs, this.dir);
    removeEmptied(this.dir);
    this.#lock.release();
  }

  /** Leaves the folder to whoever takes it next. */
  release(): void {
    this.#lock.release();
  }
}

/** Makes a folder of its own for a new producer. @throws EventLogError `failed`: it cannot be made. */
export function createOutboxFolder(
  root: string,
  meta: Pick<OutboxFolderMeta, 'target' | 'partitions' | 'isParked'>,
  nowMs: number,
): OutboxFolder {
  for (;;) {
    const producerId = randomUUID();
    const dir = path.join(root, producerId);
    let lock: FolderLock;
    try {
      lock = acquireFolderLock(dir);
    } catch (error) {
      // Somebody who looks for folders left behind has found it between its making and its locking.
      if ((error as EventLogError).code === 'locked') continue;
      throw error;
    }
    const complete: OutboxFolderMeta = { ...meta, producerId, createdAt: nowMs };
    try {
      writeMeta(dir, complete);
      syncFolderNow(fs, root);
    } catch (cause) {
      lock.release();
      throw new EventLogError('failed', `cannot make the outbox ${dir}: ${(cause as Error).message}`, { cause });
    }
    return new OutboxFolder(dir, lock, complete);
  }
}

export type Claim =
  | { readonly outcome: 'claimed'; readonly folder: OutboxFolder }
  /** Another process has it, it belongs to another log, or it is gone. */
  | { readonly outcome: 'not-ours' }
  /** It cannot be understood, and stays as it is. */
  | { readonly outcome: 'unreadable'; readonly reason: string };

/** Takes a folder that its process has left behind. */
export function claimOutboxFolder(dir: string, target: string): Claim {
  // Asked before the lock is: taking it makes the folder anew when somebody has just deleted it.
  if (!fs.existsSync(dir)) return { outcome: 'not-ours' };
  let lock: FolderLock;
  try {
    lock = acquireFolderLock(dir);
  } catch {
    return { outcome: 'not-ours' };
  }
  try {
    const meta = readMeta(dir);
    if (meta?.target === target) return { outcome: 'claimed', folder: new OutboxFolder(dir, lock, meta) };
    const names = meta === undefined ? fs.readdirSync(dir) : [];
    const isLeftOver = names.includes(EMPTIED_NAME) || names.every((name) => NEW_FOLDER_NAMES.has(name));
    if (meta === undefined && isLeftOver) removeEmptied(dir);
    lock.release();
    if (meta !== undefined || isLeftOver) return { outcome: 'not-ours' };
    return { outcome: 'unreadable', reason: `${dir} holds no ${META_NAME}` };
  } catch (error) {
    lock.release();
    return { outcome: 'unreadable', reason: (error as Error).message };
  }
}

/** The folders under `root`, oldest name first. */
export function listOutboxFolders(root: string): string[] {
  return fs
    .readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(root, name))
    .sort();
}

/**
 * Lets a folder be sent to another log than the one it has been sent to before: for an operator who knows that the new
 * log's stores still know its producer, so that what they have is not counted again.
 *
 * @throws EventLogError `locked`: a running process has it. `mismatch`: it is not an outbox.
 */
export function releaseOutboxFromLog(dir: string): void {
  const lock = acquireFolderLock(dir);
  try {
    const meta = readMeta(dir);
    if (meta === undefined) throw new EventLogError('mismatch', `${dir} is not an outbox`);
    writeMeta(dir, { ...meta, sentTo: undefined });
  } finally {
    lock.release();
  }
}

/** In an order in which what is left can be told from an outbox at every moment. */
function removeEmptied(dir: string): void {
  for (const name of fs.readdirSync(dir)) {
    if (name !== EMPTIED_NAME) fs.rmSync(path.join(dir, name), { recursive: true, force: true });
  }
  fs.rmSync(dir, { recursive: true, force: true });
}

function list(dir: string): string[] {
  try {
    return fs.readdirSync(dir);
  } catch {
    return [];
  }
}

function writeMeta(dir: string, meta: OutboxFolderMeta): void {
  const file = path.join(dir, META_NAME);
  const text = JSON.stringify({
    format: meta.isParked ? PARKED_FORMAT : FORMAT,
    target: meta.target,
    producer_id: meta.producerId,
    partitions: meta.partitions,
    created_at: meta.createdAt,
    sent_to: meta.sentTo,
    restamped: meta.restamped && {
      producer_id: meta.restamped.producerId,
      partitions: meta.restamped.partitions,
    },
  });
  fs.writeFileSync(`${file}.new`, `${text}\n`, { flush: true });
  fs.renameSync(`${file}.new`, file);
  syncFolderNow(fs, dir);
}

/** @returns undefined when there is none. @throws EventLogError `mismatch` when it cannot be understood. */
function readMeta(dir: string): OutboxFolderMeta | undefined {
  const file = path.join(dir, META_NAME);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EventLogError('failed', `cannot read ${file}`, { cause });
  }
  const damaged = () => new EventLogError('mismatch', `${file} is damaged: it does not describe an outbox`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw damaged();
  }
  if (typeof json !== 'object' || json === null) throw damaged();
  const { format, target, producer_id, partitions, created_at, sent_to, restamped } = json as Record<string, unknown>;
  if (format !== FORMAT && format !== PARKED_FORMAT) {
    const known = `${FORMAT} and ${PARKED_FORMAT}`;
    throw new EventLogError('mismatch', `${file} has format ${format}, this version reads formats ${known}`);
  }
  if (typeof target !== 'string' || typeof producer_id !== 'string' || !isCount(partitions)) throw damaged();
  if (typeof created_at !== 'number' || (sent_to !== undefined && typeof sent_to !== 'string')) throw damaged();
  const again = restamped as { producer_id?: unknown; partitions?: unknown } | undefined;
  if (again !== undefined && (typeof again.producer_id !== 'string' || !isCount(again.partitions))) throw damaged();
  return {
    target,
    producerId: producer_id,
    partitions,
    createdAt: created_at,
    isParked: format === PARKED_FORMAT,
    sentTo: sent_to,
    restamped: again && { producerId: again.producer_id as string, partitions: again.partitions as number },
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
