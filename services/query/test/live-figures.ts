import type { SessionState } from '@throughline/session-totals/session-state';
import type { PartitionState, SessionKey, TenantCounters } from '@throughline/session-totals/session-totals';
import type { LivePorts } from '../src/live/live-ports.ts';

/** A log of one partition whose tenants, sessions and progress a test says. */
export interface LiveFigures {
  readonly ports: LivePorts;
  /** How often the state was read. */
  readonly reads: number;
  /** How often it was asked how far stores are: once for each look, or twice. */
  readonly looks: number;
  /** Commit what has changed, as the next offset; lists show it once it is shown. */
  commit(change: LiveChange): void;
  /** Lists show everything committed. */
  show(): void;
  stop(): void;
}

export interface LiveChange {
  readonly tenants?: Readonly<Record<string, Partial<TenantCounters>>>;
  /** Undefined: it is deleted. */
  readonly session?: readonly [SessionKey, Partial<SessionState> | undefined];
}

export function liveFigures(): LiveFigures {
  const stopping = new AbortController();
  const sessions = new Map<string, Partial<SessionState>>();
  let tenants: ReadonlyMap<string, TenantCounters> = new Map();
  const progress = { totals: -1, snapshots: -1 };
  let reads = 0;
  let looks = 0;
  const nameOf = ({ tenantId, sessionId }: SessionKey) => JSON.stringify([tenantId, sessionId]);
  const fence = () => ({ logId: 'log', offset: progress.totals, epoch: 1 });
  return {
    get reads() {
      return reads;
    },
    get looks() {
      return looks;
    },
    ports: {
      partitions: 1,
      totals: {
        loadPartition: async () => {
          reads++;
          return { fence: fence(), tenants } as PartitionState;
        },
        read: async (key) => {
          const state = sessions.get(nameOf(key));
          return state && { state: state as SessionState, fence: fence() };
        },
      },
      progress: () => {
        looks++;
        return { ...progress };
      },
      stopping: stopping.signal,
    },
    commit({ tenants: changed = {}, session }) {
      const next = Object.entries(changed).map(([id, one]) => [id, { ...NONE, ...tenants.get(id), ...one }] as const);
      tenants = new Map([...tenants, ...next]);
      if (session?.[1]) sessions.set(nameOf(session[0]), session[1]);
      else if (session) sessions.delete(nameOf(session[0]));
      progress.totals++;
    },
    show() {
      progress.snapshots = progress.totals;
    },
    stop: () => stopping.abort(),
  };
}

const NONE: TenantCounters = {
  requests: 0,
  errors: 0,
  unpriced: 0,
  costPico: 0n,
  promptTokens: 0n,
  completionTokens: 0n,
  annotations: 0,
  exceptions: {},
};
