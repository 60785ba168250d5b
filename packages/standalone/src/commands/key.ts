import { PERMISSIONS, type Permission } from '@throughline/contracts/keys';
import type { Administration } from '@throughline/query/tenants/administration';
import { withAdministration } from '../administration-client.ts';
import { readConfig } from '../config.ts';
import { StartError } from '../start-error.ts';

type Env = Readonly<Record<string, string | undefined>>;
type ListedKey = Awaited<ReturnType<Administration['listKeys']>>[number];

/** `throughline key create <tenant> <name> [<permissions>] | list <tenant> | revoke <id>`, embedded and over servers. */
export async function runKey(args: readonly string[], env: Env): Promise<number> {
  const json = args.includes('--json');
  const [action, first, name, permissions, ...rest] = args.filter((arg) => arg !== '--json');
  const config = readConfig(env);
  const write = (value: unknown, text: string) =>
    void process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : text);
  if (action === 'create' && first !== undefined && name !== undefined && rest.length === 0) {
    const wanted = { tenantId: first, name, permissions: permissions && readPermissions(permissions) };
    await withAdministration(config, async (administration) => {
      const made = await administration.createKey({ ...wanted, permissions: wanted.permissions || undefined });
      write(made, `Key ${made.id} of tenant ${first}, shown this once: ${made.key}\n`);
    });
  } else if (action === 'list' && first !== undefined && name === undefined) {
    await withAdministration(config, async (administration) => {
      const keys = await administration.listKeys({ id: first });
      write(keys, keys.length === 0 ? 'none\n' : keys.map(keyLine).join(''));
    });
  } else if (action === 'revoke' && first !== undefined && name === undefined) {
    await withAdministration(config, (administration) => administration.revokeKey({ id: first }));
    write({ id: first }, `key ${first} is revoked\n`);
  } else {
    process.stderr.write('throughline: key create <tenant> <name> [<permissions>], list <tenant>, or revoke <id>\n');
    return 2;
  }
  return 0;
}

function readPermissions(text: string): Permission[] {
  return text.split(',').map((part) => {
    const permission = PERMISSIONS.find((known) => known === part);
    if (permission) return permission;
    throw new StartError(
      `${JSON.stringify(part)} is no permission: ${PERMISSIONS.join(', ')}, or several with commas.`,
    );
  });
}

function keyLine({ id, name, hint, permissions, expiresAtMs, lastUsedAtMs }: ListedKey): string {
  const used = lastUsedAtMs === null ? 'never used' : `last used ${new Date(lastUsedAtMs).toISOString()}`;
  const ends = expiresAtMs === null ? '' : `, expires ${new Date(expiresAtMs).toISOString()}`;
  return `${id}  ${JSON.stringify(name)} …${hint} ${permissions.join(',')}, ${used}${ends}\n`;
}
