import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@throughline/testkit/wait-for';
import { type LocalServer, startLocalServer } from './local-server.ts';
import { type RedisServer, redisCli, redisConf, startRedis } from './redis.ts';
import { findRedis } from './redis-program.ts';

/** A master, its replica and one sentinel that watches them, on loopback. */
export interface RedisSentinelSetup extends AsyncDisposable {
  /** The name under which clients ask for the master. */
  readonly masterName: string;
  /** For a client's list of sentinels. */
  readonly sentinels: readonly { readonly host: string; readonly port: number }[];
  /** Both servers: the first master, then the first replica. */
  readonly servers: readonly [RedisServer, RedisServer];
  readonly sentinel: LocalServer & { readonly port: number };
  /** The server that the sentinel names as master now. */
  master(): Promise<RedisServer>;
  /**
   * Makes the other server the master: in order where the present one runs; where it was killed or paused, this waits
   * for the sentinel to do it. @returns the new master.
   */
  failover(): Promise<RedisServer>;
  /** Ends all three at once and removes their folders. */
  remove(): Promise<void>;
}

const MASTER_NAME = 'throughline';
/** A master silent for this long is given up. */
const DOWN_AFTER_MS = 1_500;
const PERIOD_MS = 500;
/** Until the sentinel knows the replica, and for a promotion, on a busy machine. */
const SETTLE_MS_MAX = 60_000;

/**
 * Starts the three and waits until the sentinel could replace the master.
 *
 * @throws ServerUnavailable where this machine cannot have Redis.
 */
export async function startRedisSentinel(): Promise<RedisSentinelSetup> {
  const program = await findRedis();
  const started: LocalServer[] = [];
  const remove = async () => void (await Promise.all(started.map((server) => server.remove())));
  try {
    const first = await startRedis({ program });
    started.push(first);
    const second = await startRedis({ program, config: { replicaof: `127.0.0.1 ${first.port}` } });
    started.push(second);
    const servers = [first, second] as const;
    const { server, ports } = await startLocalServer('Sentinel', {}, [undefined], async (dir, [port]) => {
      const file = join(dir, 'sentinel.conf');
      writeFileSync(file, sentinelConf(port!, dir, first.port));
      return {
        command: program.server,
        args: [file, '--sentinel'],
        env: program.env,
        ready: (log) => log.includes('+monitor master'),
        startTimeoutMs: SETTLE_MS_MAX,
      };
    });
    started.push(server);
    const port = ports[0]!;
    const ask = (...command: string[]) => redisCli(program, port, ['SENTINEL', ...command]);

    const masterPort = async () => Number((await ask('GET-MASTER-ADDR-BY-NAME', MASTER_NAME)).split('\n')[1]);
    const master = async () => {
      const now = await masterPort();
      return servers.find((one) => one.port === now)!;
    };
    // Else it asks servers about their replicas every 10 s, and lets a deposed master be for 8 s.
    await ask('DEBUG', 'INFO-PERIOD', String(PERIOD_MS), 'PUBLISH-PERIOD', String(PERIOD_MS));
    // Only a replica that is known and in step can succeed the master.
    const canFailOver = async () => {
      const replicas = await ask('REPLICAS', MASTER_NAME);
      return replicas.includes('master-link-status\nok') && /\nflags\nslave\n/.test(replicas);
    };
    await waitFor(canFailOver, { timeoutMs: SETTLE_MS_MAX, intervalMs: 100, what: 'a replica in step' });

    return {
      masterName: MASTER_NAME,
      sentinels: [{ host: '127.0.0.1', port }],
      servers,
      sentinel: Object.assign(server, { port }),
      master,
      async failover() {
        const before = await master();
        const successor = servers.find((one) => one !== before)!;
        if ((await before.cli('PING').catch(() => '')) === 'PONG') {
          // Refused while the sentinel has not yet heard of the replica again after an earlier change.
          await waitFor(async () => (await ask('FAILOVER', MASTER_NAME)) === 'OK', {
            timeoutMs: SETTLE_MS_MAX,
            intervalMs: 200,
            what: 'a failover by the sentinel',
          });
        }
        await waitFor(async () => (await masterPort()) === successor.port && (await isMaster(successor)), {
          timeoutMs: SETTLE_MS_MAX,
          intervalMs: 50,
          what: `the promotion of ${successor.port}`,
        });
        return successor;
      },
      remove,
      [Symbol.asyncDispose]: remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function isMaster(server: RedisServer): Promise<boolean> {
  return (await server.cli('ROLE')).startsWith('master');
}

function sentinelConf(port: number, dir: string, masterPort: number): string {
  const watch = (what: string, ...values: unknown[]) => `sentinel ${what} ${MASTER_NAME} ${values.join(' ')}\n`;
  return [
    redisConf({ bind: '127.0.0.1', port: String(port), dir: JSON.stringify(dir), 'protected-mode': 'no' }),
    watch('monitor', '127.0.0.1', masterPort, 1),
    watch('down-after-milliseconds', DOWN_AFTER_MS),
    watch('failover-timeout', SETTLE_MS_MAX / 6),
  ].join('');
}
