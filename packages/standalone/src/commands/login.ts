import { readConfig } from '../config.ts';
import { askRunningProcess } from '../control-client.ts';
import { dataDirAt } from '../data-dir.ts';
import { LINK_WORKS } from '../login-link.ts';
import { StartError } from '../start-error.ts';

/** `throughline login [--json]`: a new link of the process that runs on the data directory. */
export async function runLogin(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<number> {
  const config = readConfig(env);
  if (config.KAFKA_BROKERS.length > 0) {
    throw new StartError('over servers one signs in with a key: `throughline key create` makes one.');
  }
  const dirs = dataDirAt(config.THROUGHLINE_DATA_DIR);
  const answer = await askRunningProcess<{ link: string }>(dirs.controlSocket, 'POST', '/login');
  if (!answer) {
    throw new StartError(`nothing runs on ${dirs.root}: start it, or set THROUGHLINE_DATA_DIR to the folder in use.`);
  }
  process.stdout.write(
    args.includes('--json') ? `${JSON.stringify(answer)}\n` : `${answer.link}\nIt works ${LINK_WORKS}.\n`,
  );
  return 0;
}
