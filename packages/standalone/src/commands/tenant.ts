import type { Tenant } from '@throughline/query/tenants/tenants';
import { withAdministration } from '../administration-client.ts';
import { readConfig } from '../config.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** `throughline tenant create <id> [<name>] | list | disable <id> | enable <id>`, embedded and over servers. */
export async function runTenant(args: readonly string[], env: Env): Promise<number> {
  const json = args.includes('--json');
  const [action, id, name, ...rest] = args.filter((arg) => arg !== '--json');
  const config = readConfig(env);
  const say = (text: string) => void process.stdout.write(text);
  if (action === 'list' && id === undefined) {
    await withAdministration(config, async (administration) => {
      const tenants = await administration.listTenants();
      say(json ? `${JSON.stringify(tenants, null, 2)}\n` : tenants.map(tenantLine).join(''));
    });
  } else if (action === 'create' && id !== undefined && rest.length === 0) {
    await withAdministration(config, (administration) => administration.createTenant({ id, name }));
    say(`tenant ${id} is there; \`throughline key create ${id} <name>\` makes its first key\n`);
  } else if (action === 'disable' && id !== undefined && name === undefined) {
    await withAdministration(config, (administration) => administration.disableTenant({ id }));
    say(`tenant ${id} is disabled: its keys are refused\n`);
  } else if (action === 'enable' && id !== undefined && name === undefined) {
    await withAdministration(config, (administration) => administration.enableTenant({ id }));
    say(`tenant ${id} is enabled\n`);
  } else {
    process.stderr.write('throughline: tenant list, or create <id> [<name>], disable <id>, enable <id>\n');
    return 2;
  }
  return 0;
}

function tenantLine({ id, name, keys, disabledAtMs }: Tenant): string {
  const state = disabledAtMs === null ? '' : `, disabled since ${new Date(disabledAtMs).toISOString()}`;
  return `${id}  ${JSON.stringify(name)}, ${keys} ${keys === 1 ? 'key' : 'keys'}${state}\n`;
}
