import type { LedgerExceptionRow } from '@throughline/contracts/session-row';
import type { ProducerTracker } from './producer-progress.ts';

/** Follow the numbers of a producer through an exception as it was stored: as when the event itself was decided about. */
export function applyStoredException(
  producers: ProducerTracker,
  {
    kind,
    producer_id: id,
    producer_seq: seq,
    received_at,
  }: Pick<LedgerExceptionRow, 'kind' | 'producer_id' | 'producer_seq' | 'received_at'>,
): void {
  if (kind === 'control') producers.close(id, seq, received_at);
  else if (seq >= 0 && kind !== 'resent') producers.decide({ id, seq }, received_at);
}
