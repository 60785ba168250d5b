import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { unpackDebianPackages } from './debian-packages.ts';
import { prepareOnce } from './prepare-once.ts';
import { runCommand } from './run-command.ts';
import { ServerUnavailable } from './server-unavailable.ts';

/** How to run Redis on this machine. */
export interface RedisProgram {
  readonly server: string;
  readonly cli: string;
  /** To be added to the environment of both. */
  readonly env: Readonly<Record<string, string>>;
  /** e.g. `7.0.15` */
  readonly version: string;
}

export interface FindRedisOptions {
  /** False: take the unpacked package even where the system has Redis. */
  readonly useInstalled?: boolean;
  /** Told what takes long. */
  readonly say?: (line: string) => void;
}

/**
 * The system's own `redis-server`, else Debian's package unpacked into the cache folder (once per machine; needs
 * neither root nor Docker, and starts no service).
 *
 * @throws ServerUnavailable
 */
export async function findRedis(options: FindRedisOptions = {}): Promise<RedisProgram> {
  const { useInstalled = true, say = () => {} } = options;
  if (useInstalled) {
    const installed = await asProgram('redis-server', 'redis-cli', {}).catch(() => undefined);
    if (installed) return installed;
  }
  try {
    const root = await prepareOnce(join(cacheFolder(), `redis-${systemName()}`), async (folder) => {
      say('Fetching Redis (2 MB, Debian package redis-server), once');
      await unpackDebianPackages(['redis-server', 'redis-tools'], folder);
    });
    const env = { LD_LIBRARY_PATH: libraryFolders(root).join(':') };
    return await asProgram(join(root, 'usr/bin/redis-server'), join(root, 'usr/bin/redis-cli'), env);
  } catch (error) {
    throw new ServerUnavailable(
      'redis',
      `redis-server is not installed and could not be fetched (${(error as Error).message})`,
      'Install Redis 7 or newer, so that `redis-server` and `redis-cli` are found (`apt-get install redis-server`, `brew install redis`).',
      error,
    );
  }
}

async function asProgram(server: string, cli: string, env: Record<string, string>): Promise<RedisProgram> {
  const said = await runCommand(server, ['--version'], { env });
  await runCommand(cli, ['--version'], { env });
  return { server, cli, env, version: /v=(\S+)/.exec(said)?.[1] ?? 'unknown' };
}

/** Names this system for folders of unpacked packages: their libraries fit the system that they were fetched on. */
export function systemName(): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const field = (name: string) => new RegExp(`^${name}="?([\\w.]+)`, 'm').exec(release)?.[1];
  return `${field('ID') ?? process.platform}${field('VERSION_ID') ?? ''}-${process.arch}`;
}

/** `usr/lib/x86_64-linux-gnu` and its like under `root`, whatever the machine's name for them. */
export function libraryFolders(root: string): string[] {
  return ['usr/lib', 'lib']
    .map((part) => join(root, part))
    .filter((path) => existsSync(path))
    .flatMap((path) => readdirSync(path).map((name) => join(path, name)))
    .filter((path) => path.includes('-linux-'));
}
