import { join } from 'node:path';
import { openKafkaAppender } from '@throughline/event-log/kafka/kafka-appender';
import { createKafka } from '@throughline/event-log/kafka/kafka-options';
import { createLogger } from '@throughline/telemetry/logger';
import type { Config } from '../config.ts';
import { type DeadLetterAnswers, deadLetterAnswers } from '../dead-letter-answers.ts';
import { openBodyStore, sendBodiesTo } from './body-store.ts';
import { openServers } from './open-servers.ts';
import { kafkaOptions } from './servers.ts';

/** Opens the stores, and an outbox once something is replayed. */
export async function withServerDeadLetters(
  config: Config,
  work: (answers: DeadLetterAnswers) => Promise<void>,
): Promise<void> {
  const logger = createLogger('throughline-dead-letters', { level: config.LOG_LEVEL, to: 'stderr' });
  await using servers = await openServers(config, logger);
  await work(
    deadLetterAnswers(servers.analytics, async (event) => {
      const bodies = await openBodyStore(config);
      const appender = await openKafkaAppender({
        kafka: createKafka(kafkaOptions(config, logger)),
        topic: config.KAFKA_TOPIC,
        messageBytesMax: config.KAFKA_MESSAGE_BYTES_MAX,
        ...(bodies && { beforeSend: sendBodiesTo(bodies, config) }),
        root: join(config.THROUGHLINE_DATA_DIR, 'outbox'),
        partitions: servers.bounds.size,
        onWarn: (text: string) => logger.warn(text),
        onError: (text: string) => logger.error(text),
      });
      try {
        return await appender.append(event);
      } finally {
        await appender.close();
        await bodies?.close();
      }
    }),
  );
}
