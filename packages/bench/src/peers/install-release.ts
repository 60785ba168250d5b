import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '@throughline/local-servers/cache-folder';
import { alone } from '@throughline/local-servers/prepare-once';
import type { Release } from './peer.ts';

/** Where it is or would be: a folder of its own per version, in the cache that `infra/local` has as well. */
export function releaseFolder({ name, version }: Release): string {
  return join(cacheFolder(), 'peers', `${name}-${version}`);
}

export function isInstalled(release: Release): boolean {
  return existsSync(join(releaseFolder(release), COMPLETE));
}

/**
 * Installs it from its registry, once per machine. What was begun and not finished is begun anew: environments of Python
 * know where they are, and cannot be moved to their place when they are complete.
 *
 * @throws CommandFailed
 */
export async function installRelease(release: Release): Promise<void> {
  const folder = releaseFolder(release);
  await alone(`${folder}.lock`, async () => {
    if (isInstalled(release)) return;
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await release.install(folder);
    await writeFile(join(folder, COMPLETE), '');
  });
}

const COMPLETE = '.complete';
