/** What a broker's file of settings depends on. */
export interface KafkaSettings {
  readonly ports: KafkaPorts;
  readonly logDir: string;
  /** Lines that win over what is set here. */
  readonly properties?: Readonly<Record<string, string>>;
}

export interface KafkaPorts {
  /** Clients come here and are told to come here. */
  readonly client: number;
  /** The broker's own connections, which no proxy may be in the way of. */
  readonly internal: number;
  readonly controller: number;
  /** Clients come to `listen` through a proxy, and are told to come to the proxy's port. */
  readonly proxied?: readonly { readonly listen: number; readonly advertise: number }[];
}

export const NODE_ID = 1;

/** The text of `server.properties` for one process that is broker and controller, on loopback, small and quick. */
export function kafkaProperties({ ports, logDir, properties }: KafkaSettings): string {
  const proxied = ports.proxied ?? [];
  const names = ['CLIENT', 'INTERNAL', ...proxied.map((_, i) => `PROXIED${i}`)];
  const listen = [ports.client, ports.internal, ...proxied.map((one) => one.listen)];
  const advertise = [ports.client, ports.internal, ...proxied.map((one) => one.advertise)];
  const at = (list: readonly number[]) => list.map((port, i) => `${names[i]}://127.0.0.1:${port}`);
  const settings: Record<string, string | number> = {
    'process.roles': 'broker,controller',
    'node.id': NODE_ID,
    'log.dirs': logDir,
    listeners: [...at(listen), `CONTROLLER://127.0.0.1:${ports.controller}`].join(','),
    'advertised.listeners': at(advertise).join(','),
    'listener.security.protocol.map': [...names, 'CONTROLLER'].map((name) => `${name}:PLAINTEXT`).join(','),
    'inter.broker.listener.name': 'INTERNAL',
    'controller.listener.names': 'CONTROLLER',
    'controller.quorum.voters': `${NODE_ID}@127.0.0.1:${ports.controller}`,
    // As in production: a topic that nobody created is an error.
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': 0,
    // Tests choose time-outs far below the 6 s that brokers allow by default.
    'group.min.session.timeout.ms': 1_000,
    // After a kill a broker is let back in when its old session has ended: 9 s by default.
    'broker.session.timeout.ms': 2_000,
    'broker.heartbeat.interval.ms': 400,
    ...replicatedOnce('offsets.topic', 'transaction.state.log', 'share.coordinator.state.topic'),
    // Threads and buffers for one machine with a few clients; the cleaner's buffer alone is 128 MB by default.
    'num.network.threads': 2,
    'num.io.threads': 2,
    'background.threads': 2,
    'log.cleaner.dedupe.buffer.size': 4 * 1024 * 1024,
    ...properties,
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name}=${escapeValue(String(value))}\n`)
    .join('');
}

/** Kafka's own topics, as small as one broker needs: each partition of them takes time at a start. */
function replicatedOnce(...topics: string[]): Record<string, number> {
  return Object.fromEntries(
    topics.flatMap((topic) => [
      [`${topic}.num.partitions`, 1],
      [`${topic}.replication.factor`, 1],
      ...(topic === 'offsets.topic' ? [] : [[`${topic}.min.isr`, 1]]),
    ]),
  );
}

/** As Java reads a file of properties. */
function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
