import { randomUUID } from 'node:crypto';
import type { Admin, ITopicConfig, Kafka } from 'kafkajs';
import kafkajs from 'kafkajs';
import { EventLogError } from '../event-log.ts';
import { disconnect } from './disconnect.ts';
import { isOfType, toEventLogError } from './kafka-errors.ts';
import { changeMeta } from './meta-lock.ts';
import { readTopicMeta } from './read-topic-meta.ts';
import { FROM_ZERO, metaTopicOf, type TopicMeta } from './topic-meta.ts';

/** How the topic of events is made, and what an existing one must be. */
export interface TopicSettings {
  readonly topic: string;
  /** Undefined: as many as the topic has, `PARTITIONS_DEFAULT` where there is none. */
  readonly partitions: number | undefined;
  readonly replicationFactor: number;
  /** Copies that must have a record before its producer is answered. */
  readonly minInsyncReplicas: number;
  /** How long the broker keeps a record that it has appended, ms; −1: for ever. */
  readonly retentionMs: number;
  /** Largest record batch: above the largest event that is sent. */
  readonly messageBytesMax: number;
}

/** Partitions of a topic that is made: as many aggregators can share the work. */
export const PARTITIONS_DEFAULT = 16;

/** What a service needs of the topic, beside what every event log needs. */
export interface TopicExpectations {
  /** Undefined: as many as it has. */
  readonly partitions?: number | undefined;
  readonly messageBytesMax?: number;
  readonly minInsyncReplicas?: number;
  readonly replicationFactor?: number;
  readonly retentionMs?: number;
}

export interface MigrateOptions {
  /**
   * True when a store knows positions of an earlier log: the new one is then put behind them by `rebase`. Asked when a
   * log without a predecessor is about to be given positions from 0.
   */
  readonly hasHistory?: () => Promise<boolean>;
  /** Epoch ms. */
  readonly clock?: () => number;
}

/**
 * Makes the topic and its `<topic>.meta`, or checks that those that exist fit; a topic made, or found without a log id,
 * is given one. May be run again after a crash and by several at once: one of them gives the id.
 *
 * A log that takes the place of an earlier one has no positions yet (`starts` undefined): its partitions wait until each
 * is put behind what the stores know (`rebase`).
 *
 * @throws EventLogError `mismatch`, naming each setting of an existing topic that does not fit: nothing is altered.
 *   `failed`, retryable when the brokers cannot be reached.
 */
export async function migrateTopic(
  kafka: Kafka,
  settings: TopicSettings,
  options: MigrateOptions = {},
): Promise<TopicMeta & { readonly isNew: boolean }> {
  const { topic } = settings;
  const { hasHistory = async () => false, clock = Date.now } = options;
  const admin = kafka.admin();
  try {
    await admin.connect();
    await ensureMetaTopic(admin, settings);
    return await changeMeta(kafka, topic, async ({ current, write }) => {
      const exists = await topicExists(admin, topic);
      if (exists && current !== undefined && current !== 'void') {
        await requireFit(admin, topic, current, settings);
        return { ...current, isNew: false };
      }
      if (!exists) {
        // Before there is a topic: no record of the new log can ever be read under the old log's id.
        if (current !== undefined && current !== 'void') await write('void');
        await createTopic(admin, settings);
      }
      const partitions = settings.partitions ?? (exists ? await countPartitions(admin, topic) : PARTITIONS_DEFAULT);
      const starts = Array<undefined>(partitions).fill(undefined);
      const meta: TopicMeta = { logId: randomUUID(), partitions, createdAt: clock(), starts };
      await requireFit(admin, topic, meta, settings);
      const isFirst = current === undefined && (await isUnused(admin, topic)) && !(await hasHistory());
      const given = isFirst ? { ...meta, starts: starts.map(() => FROM_ZERO) } : meta;
      await write(given);
      return { ...given, isNew: true };
    });
  } catch (cause) {
    throw toEventLogError(`cannot migrate ${topic}`, cause);
  } finally {
    await disconnect(admin);
  }
}

/**
 * What each service asks before it starts: is there a log, and does its topic keep what it is given?
 *
 * @throws EventLogError `mismatch`: there is no such log (`throughline migrate` makes it) or it does not fit, each reason
 *   named. `failed`, retryable when the brokers cannot be reached.
 */
export async function checkTopic(kafka: Kafka, topic: string, expected: TopicExpectations = {}): Promise<TopicMeta> {
  const meta = await readTopicMeta(kafka, topic);
  if (meta === undefined) throw noLog(topic);
  const admin = kafka.admin();
  try {
    await admin.connect();
    await requireFit(admin, topic, meta, expected);
    return meta;
  } catch (cause) {
    if (isOfType(cause, 'UNKNOWN_TOPIC_OR_PARTITION')) throw noLog(topic);
    throw toEventLogError(`cannot check ${topic}`, cause);
  } finally {
    await disconnect(admin);
  }
}

async function ensureMetaTopic(admin: Admin, { topic, replicationFactor, minInsyncReplicas }: TopicSettings) {
  const metaTopic = metaTopicOf(topic);
  await create(admin, {
    topic: metaTopic,
    numPartitions: 1,
    replicationFactor,
    configEntries: [
      { name: 'cleanup.policy', value: 'compact' },
      { name: 'min.insync.replicas', value: String(minInsyncReplicas) },
      { name: 'unclean.leader.election.enable', value: 'false' },
    ],
  });
  const configs = await configsOf(admin, metaTopic);
  if (configs.get('cleanup.policy') !== 'compact') {
    throw unfit(metaTopic, [`cleanup.policy is ${configs.get('cleanup.policy')}, must be compact`]);
  }
}

async function createTopic(admin: Admin, settings: TopicSettings): Promise<void> {
  await create(admin, {
    topic: settings.topic,
    numPartitions: settings.partitions ?? PARTITIONS_DEFAULT,
    replicationFactor: settings.replicationFactor,
    configEntries: [
      { name: 'min.insync.replicas', value: String(settings.minInsyncReplicas) },
      { name: 'retention.ms', value: String(settings.retentionMs) },
      { name: 'max.message.bytes', value: String(settings.messageBytesMax) },
      ...[...REQUIRED].map(([name, { value }]) => ({ name, value })),
    ],
  });
}

/** Whether somebody else makes it at the same moment does not matter. */
async function create(admin: Admin, config: ITopicConfig): Promise<void> {
  await admin.createTopics({ topics: [config], waitForLeaders: true, timeout: CREATE_TIMEOUT_MS });
}

/** A cluster under load takes seconds to elect the leaders of dozens of partitions. */
const CREATE_TIMEOUT_MS = 30_000;

/** What every log needs, with the reason. */
const REQUIRED: ReadonlyMap<string, { readonly value: string; readonly reason: string }> = new Map([
  ['cleanup.policy', { value: 'delete', reason: 'compaction removes events' }],
  ['retention.bytes', { value: '-1', reason: 'a limit of bytes deletes what may not have been read' }],
  ['unclean.leader.election.enable', { value: 'false', reason: 'an unclean election loses acknowledged events' }],
  [
    'compression.type',
    { value: 'producer', reason: 'readers do not know every way in which a broker compresses anew' },
  ],
  [
    'message.timestamp.type',
    { value: 'LogAppendTime', reason: 'else what an outbox sends late is expired when it arrives' },
  ],
]);

async function countPartitions(admin: Admin, topic: string): Promise<number> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  return topics[0]?.partitions.length ?? 0;
}

async function requireFit(admin: Admin, topic: string, meta: TopicMeta, expected: TopicExpectations): Promise<void> {
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = topics[0]?.partitions ?? [];
  const configs = await configsOf(admin, topic);
  const problems: string[] = [];
  if (partitions.length !== meta.partitions) {
    problems.push(`it has ${partitions.length} partitions, the log has ${meta.partitions}`);
  }
  if (expected.partitions !== undefined && expected.partitions !== meta.partitions) {
    problems.push(otherPartitions(meta.partitions, expected.partitions));
  }
  const replicas = Math.min(...partitions.map((partition) => partition.replicas.length));
  if (expected.replicationFactor !== undefined && replicas < expected.replicationFactor) {
    problems.push(`replication factor is ${replicas}, must be at least ${expected.replicationFactor}`);
  }
  for (const [name, { value, reason }] of REQUIRED) {
    if (configs.get(name) !== value) problems.push(`${name} is ${configs.get(name)}, must be ${value}: ${reason}`);
  }
  const atLeast = (name: string, least: number | undefined) => {
    const value = Number(configs.get(name));
    if (least !== undefined && value < least) problems.push(`${name} is ${value}, must be at least ${least}`);
  };
  atLeast('min.insync.replicas', expected.minInsyncReplicas);
  atLeast('max.message.bytes', expected.messageBytesMax);
  const retentionMs = Number(configs.get('retention.ms'));
  const keptMs = expected.retentionMs === -1 ? Number.POSITIVE_INFINITY : (expected.retentionMs ?? 0);
  if (retentionMs >= 0 && retentionMs < keptMs) {
    const needed = expected.retentionMs === -1 ? '-1 (for ever)' : `at least ${expected.retentionMs}`;
    problems.push(`retention.ms is ${retentionMs}, must be ${needed}`);
  }
  if (problems.length > 0) throw unfit(topic, problems);
}

function noLog(topic: string): EventLogError {
  return new EventLogError('mismatch', `there is no log on topic ${topic}: run \`throughline migrate\` first`);
}

/** What is wrong with a number of partitions that a topic does not have, and what to do. */
export function otherPartitions(existing: number, configured: number): string {
  return (
    `the log has ${existing} partitions, KAFKA_PARTITIONS is ${configured}, and their number is fixed when the topic is made: ` +
    `set KAFKA_PARTITIONS=${existing}, or leave it unset; for another number drain what runs, then run \`throughline migrate\` with another KAFKA_TOPIC`
  );
}

function unfit(topic: string, problems: readonly string[]): EventLogError {
  return new EventLogError('mismatch', `topic ${topic} does not fit: ${problems.join('; ')}`);
}

async function configsOf(admin: Admin, topic: string): Promise<ReadonlyMap<string, string>> {
  const { resources } = await admin.describeConfigs({
    resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic }],
    includeSynonyms: false,
  });
  return new Map(resources[0]?.configEntries.map(({ configName, configValue }) => [configName, configValue]));
}

/** Asked of the controller, which decides: brokers hear of a new topic some time later. */
async function topicExists(admin: Admin, topic: string): Promise<boolean> {
  const isFree = await admin.createTopics({ topics: [{ topic }], validateOnly: true, waitForLeaders: false });
  return !isFree;
}

async function isUnused(admin: Admin, topic: string): Promise<boolean> {
  return (await admin.fetchTopicOffsets(topic)).every(({ high }) => Number(high) === 0);
}
