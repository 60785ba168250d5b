import type { FakeUsage } from '../fake-provider/reply.ts';

/** What a client knows about one call it made: the side of the truth that no crash of the server can change. */
export interface LedgerCall {
  /** Unique in the ledger; sent as property `call`, so that a call is found even when its id never arrived. */
  readonly call: number;
  /** Chosen by the client, or told in `Helicone-Id`; null when no head arrived. */
  readonly requestId: string | null;
  /** Null: the call belongs to no session. */
  readonly sessionId: string | null;
  readonly sessionName: string;
  readonly sessionPath: string;
  readonly userId: string;
  /**
   * `full`: the protocol's end was seen, so the call must be visible once. Otherwise it may be visible once, never
   * twice. `refused`: it was answered with `Throughline-Recorded: no`. A call that was made again with its chosen id
   * is still one call.
   */
  readonly received: 'full' | 'partial' | 'none' | 'refused';
  /** As the provider sent it; 0 when nothing of the provider's arrived in full. */
  readonly status: number;
  /** What the provider told, for calls received in full; null where the client cannot know. */
  readonly usage: FakeUsage | null;
  /** Picodollars by the price table of this package; undefined where nothing can be expected. */
  readonly costPico: bigint | undefined;
}

/** All calls of one data folder, across kills and restarts of the server and several runs of the load. */
export interface Ledger {
  readonly calls: readonly LedgerCall[];
  /** The number for the next call. */
  nextCall(): number;
  add(call: LedgerCall): void;
  /**
   * From now on the calls from this number on may be missing, each as a whole: the disk lost what they left there. They
   * must still not be visible twice.
   *
   * @returns those that had been received in full.
   */
  forgiveSince(call: number): LedgerCall[];
}

export function createLedger(): Ledger {
  const calls: LedgerCall[] = [];
  let next = 0;
  return {
    calls,
    nextCall: () => next++,
    add: (call) => void calls.push(call),
    forgiveSince(first) {
      const forgiven: LedgerCall[] = [];
      for (const [at, call] of calls.entries()) {
        if (call.call < first || call.received !== 'full') continue;
        forgiven.push(call);
        calls[at] = { ...call, received: 'partial' };
      }
      return forgiven;
    },
  };
}

/** How many calls of each fate a ledger holds, for messages and notes. */
export function countFates(ledger: Ledger): Record<LedgerCall['received'], number> {
  const counts = { full: 0, partial: 0, none: 0, refused: 0 };
  for (const { received } of ledger.calls) counts[received]++;
  return counts;
}
