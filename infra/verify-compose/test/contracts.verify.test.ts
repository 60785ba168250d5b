import { analyticsContract } from '@throughline/analytics/contract';
import { eventLogContract } from '@throughline/event-log/contract';
import { sessionTotalsContract } from '@throughline/session-totals/contract';
import { httpUnderTest } from '../../../packages/analytics/test/contract/http-under-test.ts';
import { kafkaLogHarness } from '../../../packages/event-log/test/kafka-log-harness.ts';
import { redisFixture } from '../../../packages/session-totals/test/contract/redis-fixture.ts';
import { given } from './given.ts';

// What the adapters promise, on the servers that the compose file runs. Each makes topics, keys and databases of its own.

analyticsContract('ClickHouse of the compose file', () => {
  // Read from the environment there; without it a server of the test kit would be started.
  given('TEST_CLICKHOUSE_URL');
  return httpUnderTest();
});

sessionTotalsContract('Redis of the compose file', () => redisFixture(given('TEST_REDIS_URL')));

eventLogContract(
  'outbox and Kafka of the compose file',
  () => kafkaLogHarness(given('TEST_KAFKA_BROKERS').split(',')),
  {
    skip: [
      {
        test: 'delivers nothing that is not durable yet',
        reason: 'the broker has an event when its copies have it, whatever the disk of the outbox has synced',
      },
      {
        test: 'goes on behind a damaged tail, and names what it lost',
        reason: "brokers check their files themselves; a damaged outbox is a test of the outbox's own",
      },
    ],
  },
);
