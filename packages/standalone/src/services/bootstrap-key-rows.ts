import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { ApiKeyRow } from '@throughline/analytics/table-rows';
import { encodeRows } from '@throughline/analytics/tables';
import { generateKey, hashKey } from '@throughline/contracts/keys';
import { DEFAULT_TENANT } from '@throughline/contracts/request-event';

/** Characters of a key's end by which its owner knows it again. */
const HINT_LENGTH = 4;

/**
 * The bootstrap key of tenant `default`, with all rights, in `api_keys`: the given one in place of any earlier one, or a
 * new one where there is none.
 *
 * @param given `THROUGHLINE_API_KEY`; `''` when it is not set.
 * @returns the key when it was made just now: nobody can show it again.
 */
export async function storeBootstrapKey(
  analytics: Pick<AnalyticsStore, 'query' | 'insert'>,
  given: string,
  now: number,
): Promise<string | undefined> {
  const stored = await analytics.query<{ hash: string; hint: string; created_at_ms: string }>({
    sql: `
SELECT hash, hint, toUnixTimestamp64Milli(created_at) AS created_at_ms
FROM api_keys FINAL
WHERE is_bootstrap AND tenant_id = {tenant:String}`,
    params: { tenant: DEFAULT_TENANT },
  });
  if (given === '' && stored.length > 0) return undefined;
  const key = given === '' ? generateKey() : given;
  const hash = hashKey(key);
  if (stored.length === 1 && stored[0]!.hash === hash) return undefined;
  const replaced = stored.filter((row) => row.hash !== hash);
  const rows = [
    keyRow({ hash, hint: key.slice(-HINT_LENGTH), createdAt: now, now, isDeleted: 0 }),
    ...replaced.map((row) =>
      keyRow({ hash: row.hash, hint: row.hint, createdAt: Number(row.created_at_ms), now, isDeleted: 1 }),
    ),
  ];
  await analytics.insert(encodeRows('api_keys', rows));
  return given === '' ? key : undefined;
}

interface KeyFacts {
  readonly hash: string;
  readonly hint: string;
  readonly createdAt: number;
  readonly now: number;
  readonly isDeleted: 0 | 1;
}

function keyRow({ hash, hint, createdAt, now, isDeleted }: KeyFacts): ApiKeyRow {
  return {
    hash,
    key_id: `bootstrap-${hash.slice(0, 16)}`,
    tenant_id: DEFAULT_TENANT,
    name: 'bootstrap',
    hint,
    permissions: ['rw', 'operator'],
    is_bootstrap: true,
    created_at: createdAt,
    version: BigInt(now),
    is_deleted: isDeleted,
  };
}
