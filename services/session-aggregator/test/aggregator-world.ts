import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AnalyticsQuery, AnalyticsStore, EncodedRows } from '@throughline/analytics/analytics-store';
import type { PartitionReader } from '@throughline/event-log/event-log';
import { openLmdbSessionTotals } from '@throughline/session-totals/lmdb/lmdb-session-totals';
import type { Fence, SessionTotals } from '@throughline/session-totals/session-totals';
import { createLogger } from '@throughline/telemetry/logger';
import { createMetrics } from '@throughline/telemetry/metrics';
import type { Tracer } from '@throughline/telemetry/tracer';
import { createTempDir, type TempDir } from '@throughline/testkit/temp-dir';
import { AGGREGATOR_DEFAULTS, type AggregatorConfig, type AggregatorDeps } from '../src/aggregator-deps.ts';
import { auditPartition } from '../src/audit/audit-partition.ts';
import type { PartitionAudit } from '../src/audit/audit-report.ts';
import { shareBodies } from '../src/bodies/shared-bodies.ts';
import type { AggregatorCrashPoint } from '../src/crash-points.ts';
import { createAggregatorMetrics } from '../src/metrics.ts';
import { ownPartition } from '../src/own-partition.ts';
import { createPace } from '../src/pace.ts';
import { MemoryLog } from './memory-log.ts';

/** Thrown where a process would die. */
export class Crash extends Error {}

/** A store whose calls can be made to fail, and that knows how many are under way. */
export class FaultyStore implements AnalyticsStore {
  readonly #store: AnalyticsStore;
  #underWay = new Set<Promise<unknown>>();
  /** Asked before each call; what it returns is thrown instead. */
  fault: (call: { insert?: EncodedRows; query?: AnalyticsQuery }) => Error | undefined = () => undefined;
  instance = 'first';

  constructor(store: AnalyticsStore) {
    this.#store = store;
  }

  async insert(rows: EncodedRows): Promise<void> {
    const error = this.fault({ insert: rows });
    if (error) throw error;
    await this.#watch(this.#store.insert(rows));
  }

  async query<Row>(query: AnalyticsQuery): Promise<Row[]> {
    const error = this.fault({ query });
    if (error) throw error;
    return await this.#watch(this.#store.query<Row>(query));
  }

  async instanceId(): Promise<string> {
    return this.instance;
  }

  async close(): Promise<void> {}

  /** Resolves when nothing of a crashed owner is still on its way into the tables. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  #watch<T>(call: Promise<T>): Promise<T> {
    this.#underWay.add(call);
    const done = () => this.#underWay.delete(call);
    call.then(done, done);
    return call;
  }
}

/** One owner of the partition, from its start to its end. */
export interface Life {
  /** Undefined when it ended in order, else why it stopped. */
  readonly ended: Promise<unknown>;
  /** Until everything logged is applied and published. @throws why the owner stopped, when it stops before. */
  caughtUp(): Promise<void>;
  stop(): Promise<unknown>;
  readonly crashed: string | undefined;
  readonly metrics: ReturnType<typeof createMetrics>;
  readonly deps: AggregatorDeps;
}

export interface LifeOptions {
  readonly config?: Partial<AggregatorConfig>;
  /** Called at each crash point; throws `Crash` to die there. */
  readonly crashPoint?: (name: AggregatorCrashPoint) => void;
  readonly now?: () => number;
  readonly totals?: SessionTotals;
  readonly analytics?: AnalyticsStore;
  readonly reader?: (revoked: AbortSignal) => PartitionReader;
  readonly readMax?: number;
  readonly tracer?: Tracer;
  readonly bodies?: AggregatorDeps['bodies'];
  readonly tokens?: AggregatorDeps['tokens'];
  readonly webhooks?: AggregatorDeps['webhooks'];
}

let partitions = 0;

/** A partition with a tenant of its own: log, totals and tables, that outlive the owners started on them. */
export class World {
  readonly partition = ++partitions;
  readonly tenant = `tenant-${this.partition}`;
  log = new MemoryLog(this.partition);
  readonly store: FaultyStore;
  readonly raw: AnalyticsStore;
  totals: SessionTotals;
  readonly #dir: TempDir;

  private constructor(store: AnalyticsStore, dir: TempDir) {
    this.raw = store;
    this.store = new FaultyStore(store);
    this.#dir = dir;
    this.totals = openLmdbSessionTotals({ dir: join(dir.path, 'totals') });
  }

  static async create(store: AnalyticsStore): Promise<World> {
    return new World(store, await createTempDir('aggregator'));
  }

  start(options: LifeOptions = {}): Life {
    const revocation = new AbortController();
    const metrics = createMetrics();
    let crashed: string | undefined;
    let published = -1;
    const waiting = new Set<() => void>();
    const deps: AggregatorDeps = {
      totals: options.totals ?? this.totals,
      analytics: options.analytics ?? this.store,
      progress: {
        totals: () => {},
        snapshots: (_partition, fence: Fence) => {
          published = fence.offset;
          for (const look of waiting) look();
        },
      },
      config: {
        ...AGGREGATOR_DEFAULTS,
        cycleMs: 0,
        largeBatch: undefined,
        retryWaitMaxMs: 20,
        reclaimAfterMs: 10,
        ...options.config,
      },
      logger: createLogger('test', { level: 'silent' }),
      metrics,
      ...(options.tracer && { tracer: options.tracer }),
      ...(options.bodies && { bodies: options.bodies }),
      ...(options.tokens && { tokens: options.tokens }),
      ...(options.webhooks && { webhooks: options.webhooks }),
      now: options.now ?? Date.now,
      crashPoint: (name) => {
        try {
          options.crashPoint?.(name);
        } catch (error) {
          if (error instanceof Crash) {
            crashed = name;
            revocation.abort();
          }
          throw error;
        }
      },
    };
    const reader = options.reader?.(revocation.signal) ?? this.log.reader(revocation.signal, options.readMax);
    const ownMetrics = createAggregatorMetrics(metrics, deps.now);
    const shared = { bodies: shareBodies(deps, ownMetrics), pace: createPace(() => deps.config.cycleMs) };
    const ended = ownPartition(deps, ownMetrics, reader, shared).then(
      () => undefined,
      (error: unknown) => error,
    );
    return {
      ended,
      metrics,
      deps,
      get crashed() {
        return crashed;
      },
      caughtUp: async () => {
        let isOver = false;
        const stopped = ended.then((error) => {
          isOver = true;
          for (const look of waiting) look();
          return error;
        });
        await new Promise<void>((resolve) => {
          const look = () => {
            if (!isOver && published + 1 < this.log.high) return;
            waiting.delete(look);
            resolve();
          };
          waiting.add(look);
          look();
        });
        if (isOver) throw (await stopped) ?? new Error('the owner ended before it had caught up');
      },
      stop: async () => {
        revocation.abort();
        return await ended;
      },
    };
  }

  /** An owner that dies where `crashPoint` says; then everything it had begun settles. */
  async liveUntilCrash(options: LifeOptions): Promise<string | undefined> {
    const life = this.start(options);
    await life.caughtUp().catch((error: unknown) => {
      if (!(error instanceof Crash)) throw error;
    });
    await life.stop();
    await this.store.settled();
    return life.crashed;
  }

  /** An owner that applies everything and stops. */
  async live(options: LifeOptions = {}): Promise<void> {
    const life = this.start(options);
    await life.caughtUp();
    const error = await life.stop();
    if (error) throw error;
  }

  async audit(): Promise<PartitionAudit> {
    const bounds = { logId: this.log.logId, low: this.log.low, high: this.log.high };
    return await auditPartition({ totals: this.totals, analytics: this.raw }, this.partition, bounds);
  }

  /** The totals are gone, as if their folder had been deleted. */
  async loseTotals(): Promise<void> {
    await this.totals.close();
    const dir = join(this.#dir.path, 'totals');
    rmSync(dir, { recursive: true });
    this.totals = openLmdbSessionTotals({ dir });
  }

  async destroy(): Promise<void> {
    // A revoked owner may be on its last turn.
    await sleep(0);
    await this.totals.close();
    await this.#dir.remove();
  }
}

/** Dies when `point` is reached for the n-th time. */
export function crashAt(point: AggregatorCrashPoint, times = 1): (name: AggregatorCrashPoint) => void {
  let left = times;
  return (name) => {
    if (name === point && --left === 0) throw new Crash(name);
  };
}

/** The same totals, whose commits go through `around`: it is given the real one. */
export function withCommit(
  totals: SessionTotals,
  around: (commit: () => ReturnType<SessionTotals['commit']>) => ReturnType<SessionTotals['commit']>,
): SessionTotals {
  return {
    loadPartition: (partition) => totals.loadPartition(partition),
    loadMany: (...given) => totals.loadMany(...given),
    commit: (...given) => around(() => totals.commit(...given)),
    dropPartition: (partition) => totals.dropPartition(partition),
    read: (key) => totals.read(key),
    idle: (...given) => totals.idle(...given),
    size: () => totals.size(),
    close: () => totals.close(),
  };
}
