import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeWithServers } from '@throughline/local-servers/describe-with-servers';
import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import { type ClickHouseProcess, startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';
import { findFreePort } from '@throughline/testkit/process/free-port';
import { runThroughline, startService } from '@throughline/testkit/process/service-process';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { waitFor } from '@throughline/testkit/wait-for';

/** Servers up, and each test, on a busy machine. */
const START_MS_MAX = 180_000;
const TEST_MS_MAX = 120_000;

describeWithServers(['kafka'], 'a service that was given settings of another installation', () => {
  let kafka: KafkaServer;
  let clickhouse: ClickHouseProcess;
  let dir: TempDir;
  let env: Record<string, string>;
  beforeAll(async () => {
    [kafka, clickhouse, dir] = await Promise.all([startKafka(), startClickHouse(), createTempDir('refused')]);
    env = {
      KAFKA_BROKERS: kafka.brokers.join(','),
      REDIS_URL: `redis://127.0.0.1:${await findFreePort()}`,
      CLICKHOUSE_URL: clickhouse.url,
      HOST: '127.0.0.1',
      THROUGHLINE_DATA_DIR: dir.path,
    };
    const migration = await runThroughline(['migrate'], { ...env, KAFKA_PARTITIONS: '4' });
    expect([migration.code, migration.stderr]).toEqual([0, expect.any(String)]);
  }, START_MS_MAX);
  afterAll(async () => {
    await clickhouse?.stop();
    await kafka?.remove();
    await dir?.remove();
  }, TEST_MS_MAX);

  test.each(['migrate', 'gateway', 'aggregator', 'query'])(
    'refuses a number of partitions that the topic does not have, and says what to do: %s',
    async (command) => {
      const { code, stderr } = await runThroughline([command], { ...env, PORT: '0', KAFKA_PARTITIONS: '8' });
      expect(stderr).toContain('the log has 4 partitions, KAFKA_PARTITIONS is 8');
      expect(stderr).toContain('set KAFKA_PARTITIONS=4');
      expect(stderr.trim().split('\n')).toHaveLength(1);
      expect(code).toBe(1);
    },
    TEST_MS_MAX,
  );

  test.each(['query', 'aggregator'])(
    'says that Redis cannot be reached, takes the topic as it is, and stops when it is told to: %s',
    async (command) => {
      // Takes connections, and never says a word.
      const silent = createServer(() => {});
      await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
      const { port } = silent.address() as { port: number };
      await using service = await startService(command, {
        env: { ...env, REDIS_URL: `redis://127.0.0.1:${port}` },
        untilReady: false,
        readyTimeoutMs: TEST_MS_MAX,
      });
      await waitFor(() => /Redis (?:cannot be reached|has not answered) yet/.test(service.stdout), {
        timeoutMs: TEST_MS_MAX,
      });
      expect((await service.kill('SIGTERM')).code).toBe(0);
      silent.close();
    },
    TEST_MS_MAX,
  );
});
