import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from './run-command.ts';

/**
 * Unpacks Debian packages, with what they need beyond what this system has, into a folder: no root, no service that
 * starts by itself, nothing changed on the system.
 *
 * @param folder exists and is empty; afterwards it holds `usr/bin` and so on.
 * @throws CommandFailed where apt is missing, or knows no such package.
 */
export async function unpackDebianPackages(packages: readonly string[], folder: string): Promise<void> {
  const work = join(folder, '.apt');
  await mkdir(work);
  try {
    await download(packages, work, []);
  } catch (error) {
    if ((error as { missing?: boolean }).missing) throw error;
    // Images often come without package lists, or with lists that name versions since replaced. Lists of our own need
    // no root.
    const ownLists = await updateOwnLists(work);
    await download(packages, work, ownLists);
  }
  for (const file of await readdir(work)) {
    if (file.endsWith('.deb')) await runCommand('dpkg', ['-x', join(work, file), folder]);
  }
  await rm(work, { recursive: true });
}

/** Installs packages on this system. Root only. @throws CommandFailed */
export async function installDebianPackages(packages: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  // Images begin with a system update in the background at times.
  const wait = ['-o', 'DPkg::Lock::Timeout=300'];
  await runCommand('apt-get', [...wait, 'update'], { env });
  await runCommand('apt-get', [...wait, 'install', '-y', '--no-install-recommends', ...packages], { env });
}

async function download(packages: readonly string[], folder: string, options: readonly string[]): Promise<void> {
  const plan = await runCommand('apt-get', [...options, '-s', 'install', '--no-install-recommends', ...packages]);
  // Installed ones are not in the plan, and are wanted all the same.
  const wanted = new Set([...packages, ...newPackages(plan)]);
  await runCommand('apt-get', [...options, 'download', ...wanted], { cwd: folder });
}

/** Names in apt's plan that the system does not have. An upgrade (`Inst name [old] (new)`) is none: the old one does. */
export function newPackages(plan: string): string[] {
  return [...plan.matchAll(/^Inst (\S+) \(/gm)].map((match) => match[1]!);
}

async function updateOwnLists(work: string): Promise<string[]> {
  const state = join(work, 'state');
  const cache = join(work, 'cache');
  for (const part of [join(state, 'lists', 'partial'), join(cache, 'archives', 'partial')]) {
    await mkdir(part, { recursive: true });
  }
  const options = [`Dir::State=${state}`, 'Dir::State::status=/var/lib/dpkg/status', `Dir::Cache=${cache}`];
  // As root apt would fetch as a user of its own, who may not write here.
  const flags = [...options, 'APT::Sandbox::User=root'].flatMap((option) => ['-o', option]);
  await runCommand('apt-get', [...flags, 'update']);
  return flags;
}
