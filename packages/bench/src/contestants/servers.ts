import { type KafkaServer, startKafka } from '@throughline/local-servers/kafka';
import { type RedisServer, startRedis } from '@throughline/local-servers/redis';
import { type ClickHouseProcess, startClickHouse } from '@throughline/testkit/clickhouse-server/start-clickhouse';

/** Real servers on loopback, each a process of its own; ended and removed with this object. */
export interface Servers extends AsyncDisposable {
  readonly kafka: KafkaServer;
  readonly redis: RedisServer;
  readonly clickhouse: ClickHouseProcess;
}

export async function startServers(): Promise<Servers> {
  await using opening = new AsyncDisposableStack();
  const [kafka, redis, clickhouse] = await Promise.all([
    startBenchKafka().then((server) => opening.adopt(server, (one) => one.remove())),
    startRedis().then((server) => opening.adopt(server, (one) => one.remove())),
    startClickHouse().then((server) => opening.adopt(server, (one) => one.stop())),
  ]);
  const opened = opening.move();
  return { kafka, redis, clickhouse, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

/** With both of Java's compilers, as in production; where tests run, a quick start matters more. */
export function startBenchKafka(): Promise<KafkaServer> {
  return startKafka({ javaArgs: ['-XX:TieredStopAtLevel=4'] });
}
