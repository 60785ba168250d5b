import type { CallReading, CapturedBody } from '@throughline/contracts/request-event';
import type { MaskingRules } from '@throughline/masking/masking-rules';
import type { ReadEvent } from '@throughline/providers/call-of-event';

/** What the masking thread is started with. */
export interface MaskThreadData {
  readonly rules: MaskingRules;
  /** Of a body that is stored. */
  readonly bytesMax: number;
}

export interface MaskJob {
  readonly call: ReadEvent;
  readonly isChanged: boolean;
  /** It has a reading, which holds: bodies that were left out say less. */
  readonly isRead: boolean;
}

export interface MaskResult {
  /** null: as it came. */
  readonly request: CapturedBody | null;
  readonly response: CapturedBody | null;
  /** null: nothing was masked, or it was read before. */
  readonly reading: CallReading | null;
}
