import type { Ledger } from '@throughline/testkit/load/ledger';

/** The ledger as it is when some calls, which a broken disk may have taken, may be missing; none may be there twice. */
export function unsure(ledger: Ledger, calls: ReadonlySet<number>): Ledger {
  return {
    ...ledger,
    calls: ledger.calls.map((call) => (calls.has(call.call) ? { ...call, received: 'partial' as const } : call)),
  };
}
