import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { ApiKeyRow } from '@throughline/analytics/table-rows';
import { encodeRows } from '@throughline/analytics/tables';
import { bootstrapKeyId, generateKey, hashKey, KEY_HINT_LENGTH } from '@throughline/contracts/keys';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';

type KeyTables = Pick<AnalyticsStore, 'query' | 'insert'>;

/**
 * The bootstrap key of tenant `default`, with all rights, in `api_keys`: the given one in place of any earlier one, or a
 * new one where there is none.
 *
 * @param given `THROUGHLINE_API_KEY`; `''` when it is not set.
 * @returns the key when it was made just now: nobody can show it again.
 */
export async function storeBootstrapKey(analytics: KeyTables, given: string, now: number): Promise<string | undefined> {
  if (given === '' && (await readStored(analytics)).length > 0) return undefined;
  const key = given === '' ? generateKey() : given;
  await storeBootstrapRow(analytics, { hash: hashKey(key), hint: key.slice(-KEY_HINT_LENGTH) }, now);
  return given === '' ? key : undefined;
}

/**
 * This one as the bootstrap key in `api_keys`, in place of any other. Nothing where it is already.
 *
 * @param key `hint` is `''` where nobody knows the key any more.
 */
export async function storeBootstrapRow(
  analytics: KeyTables,
  key: { readonly hash: string; readonly hint: string },
  now: number,
): Promise<void> {
  const stored = await readStored(analytics);
  if (stored.length === 1 && stored[0]!.hash === key.hash) return;
  const replaced = stored.filter((row) => row.hash !== key.hash);
  const version = await versionAbove(analytics, [key.hash, ...replaced.map((row) => row.hash)], now);
  const rows = [
    keyRow({ ...key, createdAt: now, version, isDeleted: 0 }),
    ...replaced.map(({ hash, hint, created_at_ms }) =>
      keyRow({ hash, hint, createdAt: Number(created_at_ms), version, isDeleted: 1 }),
    ),
  ];
  await analytics.insert(encodeRows('api_keys', rows));
}

interface StoredKey {
  readonly hash: string;
  readonly hint: string;
  readonly created_at_ms: string;
}

async function readStored(analytics: KeyTables): Promise<StoredKey[]> {
  return await analytics.query<StoredKey>({
    sql: `
SELECT hash, hint, toUnixTimestamp64Milli(created_at) AS created_at_ms
FROM api_keys FINAL
WHERE is_bootstrap AND tenant_id = {tenant:String}`,
    params: { tenant: DEFAULT_TENANT },
  });
}

/** The newest version wins, whatever this machine's clock says, and also over a key that was deleted before. */
async function versionAbove(analytics: KeyTables, hashes: readonly string[], now: number): Promise<bigint> {
  const [last] = await analytics.query<{ version: string }>({
    sql: 'SELECT max(version) AS version FROM api_keys WHERE hash IN {hashes:Array(String)}',
    params: { hashes },
  });
  const above = BigInt(last?.version ?? 0) + 1n;
  return above > BigInt(now) ? above : BigInt(now);
}

interface KeyFacts {
  readonly hash: string;
  readonly hint: string;
  readonly createdAt: number;
  readonly version: bigint;
  readonly isDeleted: 0 | 1;
}

function keyRow({ hash, hint, createdAt, version, isDeleted }: KeyFacts): ApiKeyRow {
  return {
    hash,
    key_id: bootstrapKeyId(hash),
    tenant_id: DEFAULT_TENANT,
    name: 'bootstrap',
    hint,
    permissions: ['rw', 'operator'],
    is_bootstrap: true,
    created_at: createdAt,
    expires_at: null,
    version,
    is_deleted: isDeleted,
  };
}
