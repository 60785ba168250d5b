import { PARTITIONS_MAX } from '@throughline/contracts/ids';
import { EventLogError } from '../event-log.ts';

/** What `<topic>.meta` says about a topic. Written by `migrateTopic` and `placePartition` alone. */
export interface TopicMeta {
  /** Minted with the topic: a topic created anew has another one. Every record carries it. */
  readonly logId: string;
  /** Partitions that events are spread over: fixed for the life of the log. */
  readonly partitions: number;
  /** Epoch ms. */
  readonly createdAt: number;
  /** One per partition; undefined where the log has not been given positions yet. */
  readonly starts: readonly (PartitionStart | undefined)[];
}

/**
 * Where a partition's positions begin. Kafka counts every topic from 0, but a position is never given twice, because
 * rows end with it: the events of a topic that takes the place of a lost one lie behind everything that came before.
 */
export interface PartitionStart {
  /** The first Kafka offset that belongs to the log. */
  readonly kafkaOffset: number;
  /** Its position in the log. */
  readonly position: number;
}

/** Key of the one record in `<topic>.meta`. */
export const META_KEY = 'meta';

/** Header of every record: the id of the log that its producer sent it to. */
export const LOG_ID_HEADER = 'throughline-log';

export const metaTopicOf = (topic: string) => `${topic}.meta`;

/** The usual case: positions are Kafka's offsets. */
export const FROM_ZERO: PartitionStart = { kafkaOffset: 0, position: 0 };

/**
 * The log's id as fences carry it. Positions of one partition are only comparable under one start, so any start but the
 * usual one is part of it: whoever knows an older one is told apart.
 */
export function positionedLogId(logId: string, { kafkaOffset, position }: PartitionStart): string {
  return kafkaOffset === 0 && position === 0 ? logId : `${logId}@${kafkaOffset}=${position}`;
}

/** The topic is being created anew: its records have no meaning until there is another log id. */
export const VOID_META = JSON.stringify({ void: true });

export function encodeMeta({ logId, partitions, createdAt, starts }: TopicMeta): string {
  const isUsual = starts.every((start) => start !== undefined && start.kafkaOffset === 0 && start.position === 0);
  return JSON.stringify({
    log_id: logId,
    partitions,
    created_at: createdAt,
    ...(isUsual
      ? {}
      : { starts: starts.map((start) => start && { offset: start.kafkaOffset, position: start.position }) }),
  });
}

/**
 * @returns `void` while the topic is being created anew.
 * @throws EventLogError `mismatch`: another program wrote there, or a newer version of this one.
 */
export function parseMeta(text: string): TopicMeta | 'void' {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw malformed(text);
  }
  if (!isRecord(json)) throw malformed(text);
  if (json.void === true) return 'void';
  const { log_id: logId, partitions, created_at: createdAt, starts = null } = json;
  if (typeof logId !== 'string' || logId === '' || !isPartitionCount(partitions) || !isCount(createdAt)) {
    throw malformed(text);
  }
  if (starts === null) return { logId, partitions, createdAt, starts: Array(partitions).fill(FROM_ZERO) };
  if (!Array.isArray(starts) || starts.length !== partitions) throw malformed(text);
  return {
    logId,
    partitions,
    createdAt,
    starts: starts.map((start: unknown) => {
      if (start === null) return undefined;
      if (!isRecord(start) || !isCount(start.offset) || !isCount(start.position)) throw malformed(text);
      return { kafkaOffset: start.offset, position: start.position };
    }),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function malformed(text: string): EventLogError {
  return new EventLogError('mismatch', `the topic's meta record cannot be read: ${text.slice(0, 200)}`);
}

function isPartitionCount(value: unknown): value is number {
  return isCount(value) && value >= 1 && value <= PARTITIONS_MAX;
}
