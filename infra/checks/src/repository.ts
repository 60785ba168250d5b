import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** A file's text. @param path from the root. */
export function readText(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/** What of a package.json matters here. */
export interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

export function readManifest(path: string): Manifest {
  return JSON.parse(readText(path)) as Manifest;
}

/** Folders of the workspace's packages of ours, from the root, by package name. */
export function workspacePackages(): Map<string, string> {
  const homes = ['packages', 'services', 'infra'];
  const folders = homes.flatMap((home) => readdirSync(join(ROOT, home)).map((name) => `${home}/${name}`));
  const packages = folders.filter((folder) => existsSync(join(ROOT, folder, 'package.json')));
  return new Map(packages.map((folder) => [readManifest(`${folder}/package.json`).name, folder]));
}

/** Folders of the packages that `name` needs when it runs, itself among them. */
export function productionFolders(name: string): string[] {
  const packages = workspacePackages();
  const needed = new Set<string>([name]);
  // A set grows while it is walked through.
  for (const one of needed) {
    const { dependencies = {} } = readManifest(`${packages.get(one)}/package.json`);
    for (const other of Object.keys(dependencies)) if (packages.has(other)) needed.add(other);
  }
  return [...needed].map((one) => packages.get(one)!).sort();
}
