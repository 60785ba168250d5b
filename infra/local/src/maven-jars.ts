import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findJavaPrograms } from './java-program.ts';
import { runCommand } from './run-command.ts';
import { type ServerName, ServerUnavailable } from './server-unavailable.ts';

/**
 * Copies the jars that a project file names, with what they need, from Maven's repository into `libs` of a folder.
 *
 * @param server that they are for, for the error.
 * @throws ServerUnavailable
 */
export async function fetchJars(
  server: ServerName,
  pom: string,
  folder: string,
  say: (line: string) => void,
): Promise<void> {
  const { mvn } = await findJavaPrograms(['mvn'], say, server);
  try {
    // Maven may write beside the file it reads.
    await copyFile(pom, join(folder, 'pom.xml'));
    const copy = ['dependency:copy-dependencies', `-DoutputDirectory=${join(folder, 'libs')}`];
    await runCommand(mvn, ['-B', '-q', ...copy, '-DincludeScope=runtime'], { cwd: folder });
  } catch (error) {
    throw new ServerUnavailable(
      server,
      `its jars could not be fetched from Maven Central (${(error as Error).message})`,
      'Check that `mvn` reaches a repository (see Maven’s settings.xml), or set THROUGHLINE_CACHE_DIR to a folder that holds them already.',
      error,
    );
  }
}
