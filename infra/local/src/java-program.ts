import { join } from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { installDebianPackages } from './debian-packages.ts';
import { findOnPath } from './find-on-path.ts';
import { alone } from './prepare-once.ts';
import { type ServerName, ServerUnavailable } from './server-unavailable.ts';

/** Kafka 4 and S3Proxy need Java 17. Debian 12's packages. */
const PACKAGES = { java: 'openjdk-17-jre-headless', mvn: 'maven' };

/**
 * Paths of `java` and `mvn`. Where one is missing, this runs as root and the system has apt, both are installed.
 *
 * @param wanted what is needed now.
 * @param server that wants them, for the error.
 * @throws ServerUnavailable
 */
export async function findJavaPrograms<Name extends 'java' | 'mvn'>(
  wanted: readonly Name[],
  say: (line: string) => void,
  server: ServerName = 'kafka',
): Promise<Record<Name, string>> {
  const lookUp = () => Object.fromEntries(wanted.map((name) => [name, findProgram(name)]));
  const missing = () => wanted.filter((name) => findProgram(name) === undefined);
  if (missing().length > 0) {
    await alone(join(cacheFolder(), 'java-install.lock'), async () => {
      const packages = missing().map((name) => PACKAGES[name]);
      if (packages.length > 0) await install(server, packages, say);
    });
  }
  return lookUp() as Record<Name, string>;
}

async function install(server: ServerName, packages: readonly string[], say: (line: string) => void): Promise<void> {
  const reason = `it needs ${packages.join(' and ')}`;
  const remedy = `Install Java 17 or newer and Maven (\`apt-get install ${Object.values(PACKAGES).join(' ')}\`).`;
  if (process.getuid?.() !== 0) throw new ServerUnavailable(server, `${reason}, and only root can install it`, remedy);
  if (!findProgram('apt-get')) throw new ServerUnavailable(server, `${reason}, and there is no apt-get`, remedy);
  try {
    say(`Installing ${packages.join(' and ')} (Debian packages), once`);
    await installDebianPackages(packages);
  } catch (error) {
    throw new ServerUnavailable(server, `${reason}, and apt-get failed (${(error as Error).message})`, remedy, error);
  }
}

/** `JAVA_HOME` first, for `java`; then `PATH`. */
function findProgram(name: string): string | undefined {
  const { JAVA_HOME } = process.env;
  return findOnPath(name, name === 'java' && JAVA_HOME ? [join(JAVA_HOME, 'bin')] : []);
}
