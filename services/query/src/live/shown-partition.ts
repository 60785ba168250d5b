import {
  isRebuilding,
  type PartitionState,
  type SessionTotals,
  type TenantCounters,
} from '@throughline/session-totals/session-totals';

/** One partition as lists show it: its tenants' counters, never ahead of the snapshots. */
export interface ShownPartition {
  /** By tenant; undefined before the first look. */
  readonly tenants: ReadonlyMap<string, TenantCounters> | undefined;
  /**
   * Reads the state where it has moved on.
   *
   * @returns what is shown from now on, where that changed since the last look.
   */
  look(): Promise<ShownChange | undefined>;
}

export interface ShownChange {
  /** Undefined: any tenant's may have changed. */
  readonly before: ReadonlyMap<string, TenantCounters> | undefined;
  readonly after: ReadonlyMap<string, TenantCounters>;
}

/**
 * Totals are committed before snapshots are published, so counters are read when totals move on and are held until the
 * snapshots have come as far: whoever asks for a list because of them finds in it what they count.
 *
 * @param progress the last offset that each store shows.
 */
export function createShownPartition(
  partition: number,
  totals: Pick<SessionTotals, 'loadPartition'>,
  progress: () => { readonly totals: number; readonly snapshots: number },
): ShownPartition {
  let shown: PartitionState['tenants'] | undefined;
  /** What the snapshots do not show yet. */
  let held: PartitionState | undefined;
  /** Of the state that was read last. */
  let offset = Number.NEGATIVE_INFINITY;
  let wasShownEarly = false;

  const show = ({ tenants }: PartitionState): ShownChange => {
    const before = wasShownEarly ? undefined : shown;
    shown = tenants;
    return { before, after: tenants };
  };

  return {
    get tenants() {
      return shown;
    },
    async look() {
      if (!held) {
        if (progress().totals <= offset && shown) return undefined;
        const state = await totals.loadPartition(partition);
        // While totals are made anew from rows, what is there is a part.
        if (!state || isRebuilding(state.fence)) {
          shown ??= new Map();
          return undefined;
        }
        held = state;
        offset = state.fence.offset;
      }
      if (progress().snapshots >= held.fence.offset) {
        const change = show(held);
        held = undefined;
        wasShownEarly = false;
        return change;
      }
      if (shown) return undefined;
      // Somebody waits for the first figures. They are told once more when snapshots have come as far.
      wasShownEarly = true;
      return show(held);
    },
  };
}
