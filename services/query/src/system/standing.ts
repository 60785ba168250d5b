import type { QueryDeps } from '../query-deps.ts';

/** How far one partition has come. */
export interface Standing {
  readonly partition: number;
  /** Events that the log has given a place; null: it does not answer. */
  readonly logged: number | null;
  /** Of them, those that totals show, and those that lists show. */
  readonly applied: number;
  readonly shown: number;
  /** The oldest event that is not applied has waited so long at most; null while nobody has applied any. */
  readonly behindMs: number | null;
}

/** Of every partition. */
export async function readStandings({ live, system, clock }: Deps): Promise<Standing[]> {
  // What the log says later counts what is applied meanwhile.
  const progress = Array.from({ length: live.partitions }, (_, partition) => live.progress(partition));
  const ends = await system.logEnds().catch(() => undefined);
  return progress.map(({ totals, snapshots }, partition) => {
    const logged = ends?.get(partition) ?? null;
    const applied = totals + 1;
    const asOf = system.totalsAsOf(partition);
    const behindMs = logged !== null && logged <= applied ? 0 : Math.max(0, clock.now() - asOf);
    return { partition, logged, applied, shown: snapshots + 1, behindMs: asOf === 0 && behindMs > 0 ? null : behindMs };
  });
}

type Deps = Pick<QueryDeps, 'live' | 'system' | 'clock'>;
