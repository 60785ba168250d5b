import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { KeyDirectory } from '@throughline/contracts/keys';
import type { MaskingRules } from '@throughline/masking/masking-rules';
import type { Resolve } from '@throughline/outbound/checked-lookup';
import type { ProviderOrigins } from '@throughline/providers/find-provider';
import type { SessionTotals } from '@throughline/session-totals/session-totals';
import type { Logger } from '@throughline/telemetry/logger';
import type { Metrics } from '@throughline/telemetry/metrics';
import type { Tracer } from '@throughline/telemetry/tracer';
import type { AnnotationPorts } from './annotate/annotation-ports.ts';
import type { LivePorts } from './live/live-ports.ts';
import type { LoginTokens } from './login/login-tokens.ts';
import type { GatewayCaller } from './replay/replay-ports.ts';
import type { SystemPorts } from './system/system-ports.ts';

export interface QueryConfig {
  /** Keys with `w` alone may read too. */
  readonly allowWriteKeysToRead: boolean;
  /** `/docs` and `/openapi.json` ask for a key, of any permission. */
  readonly closePublicRoutes: boolean;
  /** Largest body of a call of the API, bytes. */
  readonly bodyBytesMax: number;
  /** Queries of one tenant that the analytics store runs at once: fewer than it runs in all. */
  readonly tenantQueriesMax: number;
  /** Of one tenant that wait beside them, and for how long at most. */
  readonly tenantWaitingMax: number;
  readonly tenantWaitMsMax: number;
  /**
   * Signs `signed_body_url`, at least 32 characters or bytes that nobody can guess. The same for all processes that answer
   * under one address. Undefined: this process draws one, and opens none but its own links, until it ends.
   */
  readonly bodyUrlSecret?: string | Uint8Array;
  /** Hosts that webhooks may be sent to although their address is not public: `ALLOWED_TARGETS`. */
  readonly allowedTargets: readonly string[];
  /** `PROVIDER_<NAME>_URL` of the gateways, by NAME: where plans of replays say that calls go. */
  readonly providerOrigins: ProviderOrigins;
  /** How long a call that changes something may take until what it changed shows, ms. */
  readonly annotationWaitMs: number;
}

/** Of the three queries that the embedded engine runs at once, one tenant has two. */
const QUERY_DEFAULTS: QueryConfig = {
  tenantQueriesMax: 2,
  tenantWaitingMax: 64,
  tenantWaitMsMax: 10_000,
  allowWriteKeysToRead: false,
  closePublicRoutes: false,
  bodyBytesMax: 10 * 1024 * 1024,
  allowedTargets: [],
  providerOrigins: {},
  annotationWaitMs: 2_000,
};

export interface QueryDeps {
  readonly analytics: AnalyticsStore;
  /** Live totals, read only. */
  readonly totals: Pick<SessionTotals, 'read'>;
  readonly keys: KeyDirectory;
  /** What is said after the fact goes here. */
  readonly annotations: AnnotationPorts;
  readonly live: LivePorts;
  readonly system: SystemPorts;
  /** Links to sign in with. Left out: there are none. */
  readonly logins?: Pick<LoginTokens, 'take'>;
  /** Sends what is replayed. Left out: replay is not offered. */
  readonly replayGateway?: GatewayCaller;
  /** Up to which instant each store reflects what was recorded, epoch ms. */
  readonly freshness: { totalsAsOf(): number; snapshotsAsOf(): number };
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Left out: no spans. */
  readonly tracer?: Tracer;
  /** Stands in for `dns.lookup` in tests. */
  readonly resolve?: Resolve;
  /** Epoch ms. */
  readonly clock: { now(): number };
  /** Of the product, as `/openapi.json` names it. */
  readonly version?: string;
  /** Serves the dashboard that lies in this folder. Left out: none. */
  readonly dashboard?: Promise<string>;
  /** What is masked in sessions that are imported. Left out: nothing. */
  readonly masking?: MaskingRules;
  /** Where files lie while they are imported. Left out: the system's folder for temporary files. */
  readonly spoolFolder?: string;
  readonly config?: Partial<QueryConfig>;
}

/** The whole configuration: what is given, and defaults for the rest. */
export function queryConfig({ config }: Pick<QueryDeps, 'config'>): QueryConfig {
  return { ...QUERY_DEFAULTS, ...config };
}
