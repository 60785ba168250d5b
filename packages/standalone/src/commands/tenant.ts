import type { Administration, TenantRetention } from '@throughline/query/tenants/administration';
import type { Tenant } from '@throughline/query/tenants/tenants';
import { withAdministration } from '../administration-client.ts';
import { readConfig } from '../config.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * `throughline tenant create <id> [<name>] | update <id> | list | disable <id> | enable <id>`, embedded and over servers;
 * `create` and `update` take `--retention-days <n>` and `--body-retention-days <n>`, or `default` for the installation's. With `--json`
 * each prints the tenants as JSON, a change the one that it was made of.
 */
export async function runTenant(args: readonly string[], env: Env): Promise<number> {
  const json = args.includes('--json');
  const { options, others } = takeRetention(args.filter((arg) => arg !== '--json'));
  const [action, id, name, ...rest] = others;
  const config = readConfig(env);
  const write = (value: unknown, text: string) =>
    void process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
  /** @param text what is said to people; with `--json`, the tenant as it is then. */
  const change = (work: (administration: Administration) => Promise<void>, text: string) =>
    withAdministration(config, async (administration) => {
      await work(administration);
      write(json ? (await administration.listTenants()).find((tenant) => tenant.id === id) : undefined, text);
    });
  if (action === 'list' && id === undefined) {
    await withAdministration(config, async (administration) => {
      const tenants = await administration.listTenants();
      write(tenants, tenants.map(tenantLine).join(''));
    });
  } else if (action === 'create' && id !== undefined && rest.length === 0) {
    await change(
      (administration) => administration.createTenant({ id, name, ...options }),
      `tenant ${id} is there; \`throughline key create ${id} <name>\` makes its first key\n`,
    );
  } else if (action === 'update' && id !== undefined && name === undefined && Object.keys(options).length > 0) {
    await change((administration) => administration.updateTenant({ id, ...options }), `tenant ${id} is changed\n`);
  } else if (action === 'disable' && id !== undefined && name === undefined) {
    await change(
      (administration) => administration.disableTenant({ id }),
      `tenant ${id} is disabled: its keys are refused\n`,
    );
  } else if (action === 'enable' && id !== undefined && name === undefined) {
    await change((administration) => administration.enableTenant({ id }), `tenant ${id} is enabled\n`);
  } else {
    process.stderr.write(
      'throughline: tenant list, or create <id> [<name>], update <id>, disable <id>, enable <id>; create and update take --retention-days <n> and --body-retention-days <n>\n',
    );
    return 2;
  }
  return 0;
}

const RETENTION_OPTIONS = new Map<string, keyof TenantRetention>([
  ['--retention-days', 'retentionDays'],
  ['--body-retention-days', 'bodyRetentionDays'],
]);

/** Nothing at all where an option has no value that it could have: then the usage is said. */
function takeRetention(args: readonly string[]): { options: TenantRetention; others: string[] } {
  const options: { -readonly [K in keyof TenantRetention]: TenantRetention[K] } = {};
  const others: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const option = RETENTION_OPTIONS.get(args[i]!);
    if (option === undefined) {
      others.push(args[i]!);
      continue;
    }
    const value = args[++i] ?? '';
    if (value !== 'default' && !/^\d{1,9}$/.test(value)) return { options: {}, others: [] };
    options[option] = value === 'default' ? null : Number(value);
  }
  return { options, others };
}

function tenantLine({ id, name, keys, disabledAtMs, retentionDays, bodyRetentionDays }: Tenant): string {
  const state = disabledAtMs === null ? '' : `, disabled since ${new Date(disabledAtMs).toISOString()}`;
  const kept = retentionDays === null ? '' : `, kept ${retentionDays} d`;
  const bodies = bodyRetentionDays === null ? '' : `, bodies ${bodyRetentionDays} d`;
  return `${id}  ${JSON.stringify(name)}, ${keys} ${keys === 1 ? 'key' : 'keys'}${kept}${bodies}${state}\n`;
}
