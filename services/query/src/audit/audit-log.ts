import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { PAGE } from '@throughline/analytics/read-settings';
import { encodeRows } from '@throughline/analytics/tables';
import { newEventId } from '@throughline/contracts/ids';
import { decodeCursor, encodeCursor } from '../cursor.ts';

/** Who does something: a key, or whoever may run a command on the machine itself. */
export interface Actor {
  readonly tenantId: string;
  readonly keyId: string;
}

/** `throughline tenant` and `throughline key`: the right to run them is that of the machine's user. */
export const COMMAND: Actor = { tenantId: '', keyId: 'command' };

export type Action =
  | 'key.create'
  | 'key.rotate'
  | 'key.change'
  | 'key.delete'
  | 'tenant.create'
  | 'tenant.disable'
  | 'tenant.enable'
  | 'tenant.retention'
  | 'session.delete'
  | 'user.delete'
  | 'dead-letter.replay'
  | 'webhook.create'
  | 'webhook.delete';

export interface AuditEntry {
  readonly id: string;
  readonly atMs: number;
  readonly actor: Actor;
  readonly action: Action;
  /** The tenant it was done to. */
  readonly tenantId: string;
  /** Id of the key, tenant or deletion. */
  readonly target: string;
  /** What was asked: never a key, nor a hash. */
  readonly details: Readonly<Record<string, string>>;
}

/**
 * Write down what is about to be done. Before it is done: an action that cannot be written down does not happen, and one
 * that failed afterwards was at least asked for.
 */
export async function recordAction(
  analytics: Pick<AnalyticsStore, 'insert'>,
  entry: Omit<AuditEntry, 'id'>,
): Promise<void> {
  const { actor, atMs, action, tenantId, target, details } = entry;
  const row = {
    at: atMs,
    audit_id: newEventId(0, atMs),
    actor_tenant_id: actor.tenantId,
    actor_key_id: actor.keyId,
    action,
    tenant_id: tenantId,
    target,
    details: Object.entries(details),
    version: BigInt(atMs),
  };
  await analytics.insert(encodeRows('audit_log', [row]));
}

/** A page of the log, newest first. */
export interface AuditPage {
  readonly entries: AuditEntry[];
  /** Null: this is the last page. */
  readonly nextCursor: string | null;
}

/** Of the cursor: the log has one order only. */
const ORDER = 'audit';

/**
 * What was done to every tenant: for operators, who act across them.
 *
 * @throws ApiError `invalid-cursor`
 */
export async function listActions(
  analytics: Pick<AnalyticsStore, 'query'>,
  page: { readonly limit: number; readonly cursor: string | undefined },
): Promise<AuditPage> {
  const [atMs, id] = page.cursor === undefined ? [] : decodeCursor(page.cursor, ORDER, ['time', 'text']);
  const after = atMs === undefined ? '' : 'WHERE (toUnixTimestamp64Milli(at), audit_id) < ({at:Int64}, {id:String})';
  const rows = await analytics.query<StoredEntry>({
    sql: `
SELECT audit_id, toUnixTimestamp64Milli(at) AS at_ms, actor_tenant_id, actor_key_id, action, tenant_id, target, details
FROM audit_log FINAL
${after}
ORDER BY at DESC, audit_id DESC
LIMIT {limit:UInt32}`,
    // One more than asked for tells whether there are more.
    params: { limit: page.limit + 1, ...(atMs !== undefined && { at: BigInt(atMs), id: id! }) },
    settings: PAGE,
  });
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return {
    entries: shown.map((row) => ({
      id: row.audit_id,
      atMs: Number(row.at_ms),
      actor: { tenantId: row.actor_tenant_id, keyId: row.actor_key_id },
      action: row.action,
      tenantId: row.tenant_id,
      target: row.target,
      details: row.details,
    })),
    nextCursor: last && rows.length > page.limit ? encodeCursor(ORDER, [last.at_ms, last.audit_id]) : null,
  };
}

interface StoredEntry {
  readonly audit_id: string;
  readonly at_ms: string;
  readonly actor_tenant_id: string;
  readonly actor_key_id: string;
  readonly action: Action;
  readonly tenant_id: string;
  readonly target: string;
  readonly details: Record<string, string>;
}
