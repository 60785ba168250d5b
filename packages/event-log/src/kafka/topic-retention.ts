import kafkajs, { type Kafka } from 'kafkajs';
import { disconnect } from './disconnect.ts';
import { toEventLogError } from './kafka-errors.ts';

/**
 * How long after it was appended a record may at most be read from the topic, ms; undefined: for ever. A broker deletes
 * whole segments, once the newest record in one has had its time: so it is the retention and the age of a segment.
 *
 * @throws EventLogError, retryable when the brokers cannot be reached.
 */
export async function readableForMs(kafka: Kafka, topic: string): Promise<number | undefined> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      resources: [
        { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ['retention.ms', 'segment.ms'] },
      ],
      includeSynonyms: false,
    });
    const settingOf = (name: string) =>
      Number(resources[0]?.configEntries.find(({ configName }) => configName === name)?.configValue ?? -1);
    const [retentionMs, segmentMs] = [settingOf('retention.ms'), settingOf('segment.ms')];
    return retentionMs < 0 || segmentMs < 0 ? undefined : retentionMs + segmentMs;
  } catch (cause) {
    throw toEventLogError(`cannot ask how long ${topic} keeps events`, cause);
  } finally {
    await disconnect(admin);
  }
}
