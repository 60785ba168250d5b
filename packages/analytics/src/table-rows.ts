/** One value of one property of a session, table `session_properties`: finds sessions by rare values. */
export interface SessionPropertyRow {
  readonly tenant_id: string;
  readonly key: string;
  readonly value: string;
  /** The session's current `created_at`, as in its snapshot. */
  readonly created_at: number;
  readonly session_id: string;
  readonly version: bigint;
  /** 1: the session has moved to another `created_at`. */
  readonly is_deleted: 0 | 1;
}

/** A day of one partition that was found whole, per tenant, table `ledger_seals`. */
export interface LedgerSealRow {
  readonly source_partition: number;
  /** Midnight UTC of the day of `received_at`, epoch ms. */
  readonly day: number;
  /** `''` for the offsets that belong to no tenant. */
  readonly tenant_id: string;
  /** First and last offset of the partition on that day; the same in the rows of all tenants. */
  readonly first_offset: number;
  readonly last_offset: number;
  readonly requests: number;
  readonly errors: number;
  readonly unpriced: number;
  readonly cost_pico: bigint;
  readonly prompt_tokens: bigint;
  readonly completion_tokens: bigint;
  readonly annotations: number;
  /** Offsets that became no row, by kind of `LedgerExceptionRow`. */
  readonly exceptions: readonly (readonly [kind: string, offsets: number])[];
  readonly sealed_at: number;
  readonly version: bigint;
}

export interface TenantRow {
  readonly tenant_id: string;
  readonly name: string;
  readonly created_at: number;
  /** Null: its keys are in force. */
  readonly disabled_at: number | null;
  /** Null: as the installation is set. */
  readonly retention_days: number | null;
  readonly body_retention_days: number | null;
  readonly version: bigint;
  readonly is_deleted: 0 | 1;
}

/** An API key, never the key itself, table `api_keys`. */
export interface ApiKeyRow {
  /** SHA-256, hex, see `hashKey` of the contracts. */
  readonly hash: string;
  readonly key_id: string;
  readonly tenant_id: string;
  readonly name: string;
  /** The last characters, by which its owner knows it again. */
  readonly hint: string;
  readonly permissions: readonly string[];
  /** The bootstrap key, which the configuration replaces. */
  readonly is_bootstrap: boolean;
  readonly created_at: number;
  /** Null: until it is deleted. */
  readonly expires_at: number | null;
  readonly version: bigint;
  readonly is_deleted: 0 | 1;
}

/** When a key was last used, table `api_key_uses`: the latest time wins. */
export interface ApiKeyUseRow {
  readonly tenant_id: string;
  readonly key_id: string;
  readonly last_used_at: number;
  /** The same instant. */
  readonly version: bigint;
}

/** One thing that was done with keys or tenants, table `audit_log`. */
export interface AuditRow {
  readonly at: number;
  readonly audit_id: string;
  /** Whose key did it; `''` for a local command. */
  readonly actor_tenant_id: string;
  readonly actor_key_id: string;
  readonly action: string;
  /** The tenant it was done to. */
  readonly tenant_id: string;
  /** The key's id, or the tenant's. */
  readonly target: string;
  readonly details: readonly (readonly [name: string, value: string])[];
  readonly version: bigint;
}

/** A property that a tenant does not want to see, table `hidden_properties`. */
export interface HiddenPropertyRow {
  readonly tenant_id: string;
  readonly key: string;
  readonly hidden_at: number;
  readonly version: bigint;
  readonly is_deleted: 0 | 1;
}

/** A named place of the dashboard, table `views`. */
export interface ViewRow {
  readonly tenant_id: string;
  /** No two views of a tenant have the same. */
  readonly name: string;
  readonly view_id: string;
  /** Path and query. */
  readonly url: string;
  readonly created_at: number;
  readonly updated_at: number;
  readonly version: bigint;
  readonly is_deleted: 0 | 1;
}

/** Where a tenant wants to be told of calls, table `webhooks`. */
export interface WebhookRow {
  readonly tenant_id: string;
  readonly webhook_id: string;
  /** `''` when it was given none. */
  readonly name: string;
  readonly destination: string;
  /** What is sent is signed with it, so it is kept as it is; `''` in the row that marks the deletion. */
  readonly secret: string;
  /** More is sent than the ids and the beginnings of the bodies. */
  readonly include_data: boolean;
  /** Percent of the calls. */
  readonly sample_rate: number;
  /** Properties that a call must have, each with this value. */
  readonly property_filters: readonly (readonly [key: string, value: string])[];
  /** Scheme, host and port by which whoever made it reached the API, for links; `''` where that was not said. */
  readonly api_origin: string;
  readonly created_at: number;
  readonly version: bigint;
  readonly is_deleted: 0 | 1;
}

/** How telling one webhook of one call goes, table `webhook_deliveries`. No row: it was not tried yet. */
export interface WebhookDeliveryRow {
  readonly tenant_id: string;
  readonly webhook_id: string;
  /** Of the call; month by month, as calls are. */
  readonly received_at: number;
  readonly source_partition: number;
  readonly source_offset: number;
  readonly event_id: string;
  readonly request_id: string;
  readonly state: 'waiting' | 'delivered' | 'failed';
  readonly tries: number;
  /** HTTP status of the last answer; 0: there was none. */
  readonly status: number;
  /** Why it was not delivered, in a few words of ours; `''` when it was. */
  readonly reason: string;
  /** Null: it is not tried again. */
  readonly next_try_at: number | null;
  readonly updated_at: number;
  /** Delivered is above all else, then failed, then the number of tries. */
  readonly version: bigint;
}
