import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A name of its own: containers and volumes of a real installation are not touched. */
export const PROJECT = 'throughline-verify';

/** Where the compose files publish what they run, and what the tests are told. */
export const ADDRESSES = {
  THROUGHLINE_URL: 'http://127.0.0.1:18585',
  TEST_KAFKA_BROKERS: '127.0.0.1:19092',
  TEST_REDIS_URL: 'redis://127.0.0.1:16379',
} as const;

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FILES = ['docker-compose.yml', 'infra/verify-compose/docker-compose.verify.yml'];

/** @returns the exit code and, where `capture` is set, what was written. */
export function dockerCompose(
  args: readonly string[],
  { env, capture = false }: { readonly env?: Readonly<Record<string, string>>; readonly capture?: boolean } = {},
): { readonly code: number | null; readonly stdout: string } {
  const files = FILES.flatMap((file) => ['--file', file]);
  const { status, stdout } = spawnSync('docker', ['compose', '--project-name', PROJECT, ...files, ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'],
    encoding: 'utf8',
  });
  return { code: status, stdout: stdout ?? '' };
}

/** A command of Docker on one container, e.g. `docker('kill', 'aggregator', 1)`. @throws where it fails. */
export function docker(command: string, service: string, index = 1): void {
  const { status } = spawnSync('docker', [command, `${PROJECT}-${service}-${index}`], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`docker ${command} ${service} ${index} failed`);
}
