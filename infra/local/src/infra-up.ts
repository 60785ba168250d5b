import { join } from 'node:path';
import { isFreePort } from '@throughline/testkit/process/free-port';
import { waitFor } from '@throughline/testkit/wait-for';
import { startClickHouseServer } from './clickhouse.ts';
import { endProcess } from './end-process.ts';
import {
  type InfraServerName,
  readInfraState,
  SERVER_NAMES,
  type StartedServer,
  writeInfraState,
} from './infra-state.ts';
import { startKafka } from './kafka.ts';
import { findKafka } from './kafka-program.ts';
import type { LocalServerOptions } from './local-server.ts';
import { alone } from './prepare-once.ts';
import { identifyProcess } from './process-identity.ts';
import { startRedis } from './redis.ts';
import { findRedis } from './redis-program.ts';

export interface InfraUpOptions {
  /** Where state and data are kept. */
  readonly folder: string;
  /** Told in words what happens. */
  readonly say: (line: string) => void;
}

/** A server that was still starting when an earlier call was interrupted is given this long. */
const ANSWER_MS_MAX = 60_000;

/**
 * Starts Kafka, Redis and ClickHouse, each in a process that outlives this one; what runs already is left alone. Where
 * one cannot be started, those that this call started are ended again.
 *
 * @returns the settings of services over them: `KAFKA_BROKERS`, `REDIS_URL`, `CLICKHOUSE_URL`.
 * @throws ServerUnavailable, Error with what a server wrote when it does not start.
 */
export function infraUp({ folder, say }: InfraUpOptions): Promise<Record<string, string>> {
  return alone(join(folder, 'lock'), async () => {
    const before = readInfraState(folder);
    const started: Partial<Record<InfraServerName, StartedServer>> = { ...before.started };
    const ports: Partial<Record<InfraServerName, number>> = { ...before.ports };
    const save = () => writeInfraState(folder, { started, ports });
    try {
      for (const name of SERVER_NAMES) {
        const running = before.started[name];
        if (running) {
          await waitUntilAnswers(name, running);
          say(`${TITLES[name]} runs already: port ${running.port}, process ${running.process.pid}`);
          continue;
        }
        const server = await START[name](
          {
            dir: join(folder, name),
            detached: true,
            // Known from here on, so that `infra:down` ends it even where this process is interrupted right now.
            onSpawn: (pid, port) => {
              const identity = identifyProcess(pid);
              if (!identity) return;
              started[name] = { process: identity, port };
              ports[name] = port;
              save();
            },
          },
          await freeAgain(ports[name]),
          say,
        );
        say(`${TITLES[name]} runs: port ${server.port}, process ${server.pid}, data and log in ${server.dir}`);
      }
    } catch (error) {
      for (const name of SERVER_NAMES) {
        const own = started[name];
        if (!own || before.started[name]) continue;
        await endProcess(own.process);
        delete started[name];
      }
      save();
      throw error;
    }
    return settingsFor(started as Record<InfraServerName, StartedServer>);
  });
}

const TITLES: Readonly<Record<InfraServerName, string>> = { kafka: 'Kafka', redis: 'Redis', clickhouse: 'ClickHouse' };

type Start = (
  options: LocalServerOptions,
  port: number | undefined,
  say: (line: string) => void,
) => Promise<{ readonly port: number; readonly pid: number | undefined; readonly dir: string }>;

const START: Readonly<Record<InfraServerName, Start>> = {
  kafka: async (options, port, say) => startKafka({ ...options, port, program: await findKafka(say) }),
  redis: async (options, port, say) => startRedis({ ...options, port, program: await findRedis({ say }) }),
  clickhouse: (options, port) => startClickHouseServer({ ...options, port }),
};

function settingsFor(servers: Readonly<Record<InfraServerName, StartedServer>>): Record<string, string> {
  return {
    KAFKA_BROKERS: `127.0.0.1:${servers.kafka.port}`,
    REDIS_URL: `redis://127.0.0.1:${servers.redis.port}`,
    CLICKHOUSE_URL: `http://127.0.0.1:${servers.clickhouse.port}`,
  };
}

async function freeAgain(port: number | undefined): Promise<number | undefined> {
  return port !== undefined && (await isFreePort(port)) ? port : undefined;
}

async function waitUntilAnswers(name: InfraServerName, { port, process }: StartedServer): Promise<void> {
  try {
    await waitFor(async () => !(await isFreePort(port)), { timeoutMs: ANSWER_MS_MAX });
  } catch (error) {
    throw new Error(`${TITLES[name]} (process ${process.pid}) does not listen on port ${port}; run infra:down first`, {
      cause: error,
    });
  }
}
