import { randomBytes, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { EventLogError } from '../event-log.ts';
import { FRAME_MARK_BYTES } from './frame.ts';
import { syncFolderNow } from './log-file-system.ts';
import { listSegments } from './segment-files.ts';

/** Version of the folder's layout and of the frames. A folder of another version is not opened. */
const FORMAT = 1;
const FILE_NAME = 'log.json';

/** What a log folder says about itself, written once, when the folder is made. */
export interface LogMeta {
  readonly logId: string;
  /** Begins every frame of this log; see `frame.ts`. */
  readonly mark: Buffer;
}

/**
 * @throws EventLogError `mismatch` when the folder is not a log of this format. `failed` when it cannot be read.
 */
export function readLogMeta(dir: string): LogMeta | undefined {
  const file = path.join(dir, FILE_NAME);
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EventLogError('failed', `cannot read ${file}`, { cause });
  }
  const meta = parse(text);
  if (meta === undefined) throw new EventLogError('mismatch', `${file} is damaged: it does not describe an event log`);
  if (meta.format !== FORMAT) {
    throw new EventLogError('mismatch', `${file} has format ${meta.format}, this version reads format ${FORMAT}`);
  }
  return meta;
}

/**
 * Reads the folder's meta file, or makes it in a new folder, so that it survives a power cut before the first event.
 *
 * @throws EventLogError `mismatch` when there are segments but no meta file: without its mark nothing can be read.
 */
export function openLogMeta(dir: string, nowMs: number): LogMeta {
  const existing = readLogMeta(dir);
  if (existing) return existing;
  if (listSegments(dir).length > 0) {
    throw new EventLogError('mismatch', `${dir} holds segments but no ${FILE_NAME}; restore it or use another folder`);
  }
  const meta: LogMeta = { logId: randomUUID(), mark: randomBytes(FRAME_MARK_BYTES) };
  const file = path.join(dir, FILE_NAME);
  const text = JSON.stringify({
    format: FORMAT,
    log_id: meta.logId,
    frame_mark: meta.mark.toString('hex'),
    created_at: new Date(nowMs).toISOString(),
  });
  fs.writeFileSync(`${file}.new`, `${text}\n`, { flush: true });
  fs.renameSync(`${file}.new`, file);
  syncFolderNow(fs, dir);
  return meta;
}

function parse(text: string): (LogMeta & { readonly format: number }) | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { format, log_id: logId, frame_mark: hex } = value as Record<string, unknown>;
  if (typeof format !== 'number' || typeof logId !== 'string' || typeof hex !== 'string') return undefined;
  const mark = Buffer.from(hex, 'hex');
  return mark.length === FRAME_MARK_BYTES ? { format, logId, mark } : undefined;
}
