import type { LogFileSystem } from '../files/log-file-system.ts';
import type { OutboxCrashPointHook } from './crash-points.ts';
import type { DrainLimits } from './drain-limits.ts';
import type { BeforeSend } from './drainer.ts';
import type { OutboxTarget } from './outbox-target.ts';

/** How an outbox is kept and emptied. Bytes and milliseconds; whatever is left out has the default named. */
export interface OutboxOptions {
  /** Holds a folder per producer, of this process and of those before it; several processes may share it. */
  readonly root: string;
  /** Name of the log: folders of another one are left alone. */
  readonly targetName: string;
  readonly target: OutboxTarget;
  /** Partitions to assume when neither the log nor an earlier start tells. */
  readonly partitions: number;
  /** When an append is done: once the system has it (`process`, default), or once it is synced (`disk`). */
  readonly durability?: 'process' | 'disk';
  /** Of all folders that this process holds (`OUTBOX_BYTES_MAX`). 10 GiB. */
  readonly bytesMax?: number;
  /** Of the oldest event that waits (`OUTBOX_AGE_MAX_HOURS`). 168. */
  readonly ageMaxHours?: number;
  /** Of one encoded event. 40 MiB; without `beforeSend`, no more than the log takes. */
  readonly eventBytesMax?: number;
  /** 16 MiB, or an eighth of `bytesMax` if that is less: the newest segment is the last to go. */
  readonly segmentBytesMax?: number;
  readonly syncIntervalMs?: number;
  readonly probeIntervalMs?: number;
  readonly limits?: Partial<DrainLimits>;
  readonly beforeSend?: BeforeSend;
  /** At the first start of all, how long the log is waited for, to learn its partitions. 10 s. */
  readonly startWaitMs?: number;
  /** How often folders left behind are looked for. 10 s. */
  readonly adoptIntervalMs?: number;
  /** How often it is checked that the log is still the same. 5 min; at once when it turns out to be missing. */
  readonly verifyIntervalMs?: number;
  /** A partition that takes nothing for so long is an error that somebody should look at. 1 min. */
  readonly alarmAfterMs?: number;
  /** How long `close` waits for the outbox to empty. 5 s; what remains is sent by the next start. */
  readonly closeWaitMs?: number;
  /**
   * Reads the keys that may write: tenant by hash. What it gives must not be older than the call; it rejects when they
   * cannot be read. Left out: nothing can be parked, and folders of parked events are left to others.
   */
  readonly readKeys?: (() => Promise<ReadonlyMap<string, string>>) | undefined;
  /** How often that is tried while events are parked. 5 s. */
  readonly readKeysIntervalMs?: number;
  /** Every 10 s while they change: the highest number given per partition. For whoever looks for what a disk has lost. */
  readonly onNumbers?: (numbers: ProducerNumbers) => void;
  /** Epoch ms. `Date.now`. */
  readonly clock?: () => number;
  /** Something odd happened, nothing is lost. */
  readonly onWarn?: (message: string) => void;
  /** Events are being lost or do not get through for a reason that does not pass: a person is needed. */
  readonly onError?: (message: string) => void;
  readonly crashPoint?: OutboxCrashPointHook;
  readonly files?: LogFileSystem;
}

export interface ProducerNumbers {
  readonly producerId: string;
  /** Highest number given per partition; partitions without one are left out. */
  readonly lastSeq: Readonly<Record<number, number>>;
}

export type CompleteOutboxOptions = Required<Omit<OutboxOptions, OptionalOption>> & Pick<OutboxOptions, OptionalOption>;

type OptionalOption = 'beforeSend' | 'crashPoint' | 'files' | 'limits' | 'readKeys';

const MIB = 1024 * 1024;
const EVENT_BYTES_MAX = 40 * MIB;
/** What goes around an event in a request. */
const FRAMING_BYTES = 16 * 1024;

export function withOutboxDefaults(given: OutboxOptions): CompleteOutboxOptions {
  const bytesMax = given.bytesMax ?? 10 * 1024 * MIB;
  const takenByLog = given.beforeSend ? EVENT_BYTES_MAX : Math.max(given.target.batchBytesMax - FRAMING_BYTES, 1);
  return {
    root: given.root,
    targetName: given.targetName,
    target: given.target,
    partitions: given.partitions,
    durability: given.durability ?? 'process',
    bytesMax,
    ageMaxHours: given.ageMaxHours ?? 168,
    eventBytesMax: given.eventBytesMax ?? Math.min(EVENT_BYTES_MAX, takenByLog),
    segmentBytesMax: given.segmentBytesMax ?? Math.min(16 * MIB, Math.ceil(bytesMax / 8)),
    syncIntervalMs: given.syncIntervalMs ?? 20,
    probeIntervalMs: given.probeIntervalMs ?? 250,
    limits: given.limits,
    beforeSend: given.beforeSend,
    startWaitMs: given.startWaitMs ?? 10_000,
    adoptIntervalMs: given.adoptIntervalMs ?? 10_000,
    verifyIntervalMs: given.verifyIntervalMs ?? 5 * 60_000,
    alarmAfterMs: given.alarmAfterMs ?? 60_000,
    readKeys: given.readKeys,
    readKeysIntervalMs: given.readKeysIntervalMs ?? 5_000,
    closeWaitMs: given.closeWaitMs ?? 5_000,
    onNumbers: given.onNumbers ?? (() => {}),
    clock: given.clock ?? Date.now,
    onWarn: given.onWarn ?? (() => {}),
    onError: given.onError ?? (() => {}),
    crashPoint: given.crashPoint,
    files: given.files,
  };
}
