import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTemplate, findKafka, KAFKA_START_MS_MAX, KAFKA_STARTED, type KafkaProgram } from './kafka-program.ts';
import { kafkaProperties } from './kafka-properties.ts';
import { type LocalServer, type LocalServerOptions, startLocalServer } from './local-server.ts';

export interface KafkaOptions extends LocalServerOptions {
  /** Port for clients. Default: a free one. */
  readonly port?: number;
  /**
   * Ports of proxies that clients shall go through: a broker names its own address to its clients, who then leave a
   * proxy that they began with. For each port there is one more listener, which names that port; point the proxy at
   * the entry of `proxyTargets` with the same index.
   */
  readonly proxyPorts?: readonly number[];
  /** Lines of `server.properties`. They win over what is set here. Clients' listener is called CLIENT. */
  readonly properties?: Readonly<Record<string, string>>;
  /** Further arguments for Java, after ours, e.g. `-Xmx1g` or `-XX:TieredStopAtLevel=4` for a benchmark. */
  readonly javaArgs?: readonly string[];
  /** Default: the one that `findKafka` finds. */
  readonly program?: KafkaProgram;
}

/** A real Kafka broker on loopback, with its controller in the same process. */
export interface KafkaServer extends LocalServer {
  /** `127.0.0.1:<port>`, as clients take it. */
  readonly brokers: string[];
  readonly port: number;
  /** What a proxy on `proxyPorts[i]` is to connect to. */
  readonly proxyTargets: readonly { readonly host: string; readonly port: number }[];
  /** Topics' files are in it, a folder for each partition; `<topic>-<partition>`. */
  readonly dataDir: string;
}

/** The heap of a broker that serves a few clients; about 300 MB of memory in all. */
const HEAP_MB = 384;

/**
 * Starts Kafka in a process of its own and waits until it serves clients. Topics are not created by use, consumer
 * groups form without delay.
 *
 * @throws ServerUnavailable where this machine cannot have it.
 */
export async function startKafka(options: KafkaOptions = {}): Promise<KafkaServer> {
  const { proxyPorts = [] } = options;
  const program = options.program ?? (await findKafka((line) => process.stderr.write(`${line}\n`)));
  const wanted = [options.port, undefined, undefined, ...proxyPorts.map(() => undefined)];
  const { server, ports } = await startLocalServer('Kafka', options, wanted, async (dir, [client, ...others]) => {
    const [internal, controller, ...listening] = others as [number, number, ...number[]];
    const logDir = join(dir, DATA);
    const proxied = listening.map((listen, i) => ({ listen, advertise: proxyPorts[i]! }));
    const file = join(dir, 'server.properties');
    const all = { client: client!, internal, controller, proxied };
    writeFileSync(file, kafkaProperties({ ports: all, logDir, properties: options.properties }));
    copyTemplate(program, logDir);
    return {
      command: program.java,
      args: [`-Xmx${HEAP_MB}m`, '-Xms64m', ...program.javaArgs, ...(options.javaArgs ?? []), 'kafka.Kafka', file],
      ready: (log) => log.includes(KAFKA_STARTED),
      startTimeoutMs: KAFKA_START_MS_MAX,
    };
  });
  const port = ports[0]!;
  return Object.assign(server, {
    brokers: [`127.0.0.1:${port}`],
    port,
    proxyTargets: ports.slice(3).map((listening) => ({ host: '127.0.0.1', port: listening })),
    dataDir: join(server.dir, DATA),
  });
}

const DATA = 'data';
