import { findOnPath } from '@throughline/local-servers/find-on-path';
import { installRelease, isInstalled, releaseFolder } from './install-release.ts';
import type { Release } from './peer.ts';
import { RELEASES } from './peers.ts';

/** `bench install-peers [name …]`: all of them where none is named. @returns the exit code: 1 where one could not be installed. */
export async function installPeers(names: readonly string[]): Promise<number> {
  const unknown = names.find((name) => !RELEASES.some((release) => release.name === name));
  if (unknown !== undefined) {
    const known = RELEASES.map(({ name }) => name).join(', ');
    process.stderr.write(`There is no ${JSON.stringify(unknown)}: there are ${known}.\n`);
    return 2;
  }
  let failures = 0;
  for (const release of RELEASES.filter(({ name }) => names.length === 0 || names.includes(name))) {
    if (!(await install(release))) failures++;
  }
  return failures === 0 ? 0 : 1;
}

async function install(release: Release): Promise<boolean> {
  const title = `${release.name} ${release.version}`;
  if (isInstalled(release)) {
    console.log(`${title} is there: ${releaseFolder(release)}`);
    return true;
  }
  const missing = release.needs.filter((program) => findOnPath(program) === undefined);
  if (missing.length > 0) {
    console.log(`${title} is left out: it needs ${missing.join(' and ')}`);
    return false;
  }
  console.log(`${title} is installed …`);
  try {
    await installRelease(release);
    console.log(`${title} is there: ${releaseFolder(release)}`);
    return true;
  } catch (error) {
    console.log(`${title} could not be installed: ${(error as Error).message}`);
    return false;
  }
}
