import { UNITS_EACH_MAX } from '@throughline/call-state/limits/rate-limits';
import type { NewRequestEvent } from '@throughline/contracts/request-event';
import type { Uncounted } from '@throughline/providers/estimate/estimate-call';
import type { TokenCounter } from '@throughline/providers/estimate/token-counter';

/** What a call cost, in picodollars up to `UNITS_EACH_MAX`, as its row will say. */
export interface CallCost {
  /** 0 where nobody knows, or where it is to be estimated. */
  readonly known: number;
  /**
   * What it is taken to have cost where its provider does not say. A thread takes some time for it. Undefined: there is nothing
   * to estimate.
   *
   * @throws Error where the thread has too much to do, or has failed.
   */
  readonly estimate: (() => Promise<number>) | undefined;
}

/** Reads what calls cost that are over. What that takes is loaded with the first of them (about 40 ms). */
export interface CallCosts {
  of(event: NewRequestEvent): Promise<CallCost>;
  close(): Promise<void>;
}

/** @param estimatesTokens what a provider does not say is estimated, as it will be in the call's row. */
export function createCallCosts({ estimatesTokens }: { readonly estimatesTokens: boolean }): CallCosts {
  let opened: Readers | undefined;
  let counter: TokenCounter | undefined;
  let underWay = 0;

  async function estimated({ createTokenCounter }: Readers, { encoding, texts, complete }: Uncounted): Promise<number> {
    if (underWay >= ESTIMATES_MAX) throw new Error(`${underWay} costs are being estimated already`);
    counter ??= createTokenCounter();
    underWay++;
    try {
      return unitsOf(complete(await counter.count(encoding, texts, AbortSignal.timeout(ESTIMATE_MS_MAX))).costPico);
    } finally {
      underWay--;
    }
  }

  return {
    async of(event) {
      opened ??= await openReaders();
      const { callOf, readCallToEstimate } = opened;
      const { reading, uncounted } = readCallToEstimate(callOf(event));
      if (!uncounted || !estimatesTokens) return { known: unitsOf(reading.costPico), estimate: undefined };
      const readers = opened;
      return { known: 0, estimate: () => estimated(readers, uncounted) };
    },
    close: async () => counter?.close(),
  };
}

/** More of them come faster than they are done, and their texts are held meanwhile. */
const ESTIMATES_MAX = 1_000;
const ESTIMATE_MS_MAX = 10_000;

type Readers = Awaited<ReturnType<typeof openReaders>>;

async function openReaders() {
  const [{ callOf }, { readCallToEstimate }, { createTokenCounter }] = await Promise.all([
    import('@throughline/providers/call-of-event'),
    import('@throughline/providers/estimate/estimate-call'),
    import('@throughline/providers/estimate/token-counter'),
  ]);
  return { callOf, readCallToEstimate, createTokenCounter };
}

function unitsOf(costPico: bigint | null): number {
  if (costPico === null || costPico <= 0n) return 0;
  return costPico < UNITS_EACH_MAX ? Number(costPico) : UNITS_EACH_MAX;
}
