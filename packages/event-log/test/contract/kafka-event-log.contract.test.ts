import { afterAll, beforeAll, jest } from '@jest/globals';
import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import { eventLogContract } from '../../src/contract.ts';
import { kafkaLogHarness } from '../kafka-log-harness.ts';

jest.setTimeout(120_000);

let kafka: KafkaServer;
beforeAll(async () => {
  kafka = await startKafka();
});
afterAll(() => kafka.remove());

eventLogContract('outbox and Kafka topic', () => kafkaLogHarness(kafka.brokers), {
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
});
