import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalServer, type LocalServerOptions, startLocalServer } from './local-server.ts';
import { findRedis, type RedisProgram } from './redis-program.ts';
import { runCommand } from './run-command.ts';

export interface RedisOptions extends LocalServerOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Keeps every write in the append-only file, synced every second. Default true; false: a restart starts empty. */
  readonly appendOnly?: boolean;
  /** Clients must give it; the url holds it. */
  readonly password?: string;
  /** Lines of `redis.conf`, e.g. `{ maxmemory: '8mb' }`. They win over what is set here. */
  readonly config?: Readonly<Record<string, string>>;
  /** Default: the one that `findRedis` finds. */
  readonly program?: RedisProgram;
}

/** A real Redis server on loopback. */
export interface RedisServer extends LocalServer {
  /** `redis://127.0.0.1:<port>`, with the password where one was set. */
  readonly url: string;
  readonly port: number;
  /** Runs one command through `redis-cli`: what it prints, without the last line break. @throws on an error reply. */
  cli(...command: string[]): Promise<string>;
}

/** A start with a large append-only file to load, on a busy machine. */
const START_MS_MAX = 60_000;
/** A command that a paused server will not answer fails after this. */
const CLI_MS_MAX = 10_000;

/**
 * Starts Redis in a process of its own and waits until it serves: loopback only, never evicting, append-only file on.
 *
 * @throws ServerUnavailable where this machine cannot have it.
 */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const program = options.program ?? (await findRedis());
  const { server, ports } = await startLocalServer('Redis', options, [options.port], async (dir, [port]) => {
    const file = join(dir, 'redis.conf');
    writeFileSync(file, redisConf({ ...settingsOf(options, port!, dir), ...options.config }));
    return {
      command: program.server,
      args: [file],
      env: program.env,
      // Written after the port is bound and the append-only file is loaded, and by this process for certain: another
      // server that took the port in between would answer a PING as well.
      ready: (log) => log.includes('Ready to accept connections'),
      startTimeoutMs: START_MS_MAX,
    };
  });
  const port = ports[0]!;
  const password = options.password;
  return Object.assign(server, {
    url: password ? `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}` : `redis://127.0.0.1:${port}`,
    port,
    cli: (...command: string[]) => redisCli(program, port, command, password),
  });
}

/** `-e`: an error reply is a failure, not text. */
export async function redisCli(
  program: RedisProgram,
  port: number,
  command: readonly string[],
  password?: string,
): Promise<string> {
  const said = await runCommand(program.cli, ['-e', '-h', '127.0.0.1', '-p', String(port), ...command], {
    env: { ...program.env, ...(password && { REDISCLI_AUTH: password }) },
    timeoutMs: CLI_MS_MAX,
  });
  return said.replace(/\n$/, '');
}

/** The text of a `redis.conf`. A value of several words stays several words, as Redis reads them. */
export function redisConf(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value === '' ? '""' : value}\n`)
    .join('');
}

function settingsOf(options: RedisOptions, port: number, dir: string): Record<string, string> {
  return {
    bind: '127.0.0.1',
    port: String(port),
    dir: JSON.stringify(dir),
    save: '',
    appendonly: options.appendOnly === false ? 'no' : 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    // A replica that comes up is served at once rather than after five seconds of waiting for others.
    'repl-diskless-sync-delay': '0',
    ...(options.password && { requirepass: JSON.stringify(options.password) }),
  };
}
