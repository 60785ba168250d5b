import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '@throughline/local-servers/cache-folder';
import { unpackDebianPackages } from '@throughline/local-servers/debian-packages';
import { prepareOnce } from '@throughline/local-servers/prepare-once';
import { libraryFolders, systemName } from '@throughline/local-servers/redis-program';
import { runCommand } from '@throughline/local-servers/run-command';

/** How to run nginx on this machine. */
export interface NginxProgram {
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * The system's own nginx, else Debian's package unpacked into the cache folder: no root, no service that starts by itself.
 *
 * @returns the reason where this machine can have neither.
 */
export async function findNginx(): Promise<NginxProgram | string> {
  // It lives where only root's PATH looks.
  for (const command of ['nginx', '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/opt/homebrew/bin/nginx']) {
    if (await runs({ command, env: {} })) return { command, env: {} };
  }
  try {
    const root = await prepareOnce(join(cacheFolder(), `nginx-${systemName()}`), (folder) =>
      unpackDebianPackages(['nginx', 'nginx-light'], folder),
    );
    const program = {
      command: join(root, 'usr/sbin/nginx'),
      env: { LD_LIBRARY_PATH: libraryFolders(root).filter(existsSync).join(':') },
    };
    return (await runs(program)) ? program : 'the nginx of the unpacked package does not run here';
  } catch (error) {
    return `nginx is not installed and could not be fetched: ${(error as Error).message.split('\n')[0]}`;
  }
}

function runs({ command, env }: NginxProgram): Promise<boolean> {
  return runCommand(command, ['-v'], { env }).then(
    () => true,
    () => false,
  );
}
