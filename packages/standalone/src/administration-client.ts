import type { Administration } from '@throughline/query/tenants/administration';
import type { Config } from './config.ts';
import { askRunningProcess } from './control-client.ts';
import { dataDirAt } from './data-dir.ts';
import { StartError } from './start-error.ts';

/**
 * Tenants and keys of the process that runs on the data directory or, with `KAFKA_BROKERS` set, of the services over
 * servers.
 *
 * @throws StartError when nothing runs there, ControlError and AdministrationRefused with what is wrong.
 */
export async function withAdministration(
  config: Config,
  work: (administration: Administration) => Promise<void>,
): Promise<void> {
  if (config.KAFKA_BROKERS.length === 0) return work(ofRunningProcess(config));
  const { withServerAdministration } = await import('./services/server-administration.ts');
  await withServerAdministration(config, work);
}

/** What the control socket lets through. */
export const ADMINISTRATION: readonly (keyof Administration)[] = [
  'listTenants',
  'createTenant',
  'updateTenant',
  'disableTenant',
  'enableTenant',
  'listKeys',
  'createKey',
  'revokeKey',
];

function ofRunningProcess(config: Config): Administration {
  const dirs = dataDirAt(config.THROUGHLINE_DATA_DIR);
  const ask =
    (name: keyof Administration) =>
    async (argument: object = {}) => {
      const query = new URLSearchParams({ argument: JSON.stringify(argument) });
      const answer = await askRunningProcess(dirs.controlSocket, 'POST', `/administration/${name}?${query}`);
      if (answer !== undefined) return answer;
      throw new StartError(`nothing runs on ${dirs.root}: start it, or set THROUGHLINE_DATA_DIR to the folder in use.`);
    };
  return Object.fromEntries(ADMINISTRATION.map((name) => [name, ask(name)])) as unknown as Administration;
}
