import type { CallReading } from '@throughline/contracts/request-event';
import type { ReadEvent } from '@throughline/providers/call-of-event';

export interface OmissionJob {
  readonly call: ReadEvent;
  /** Tokens that the provider did not tell are estimated, as whoever stores calls does of others. */
  readonly estimatesTokens: boolean;
}

export interface OmissionResult {
  readonly reading: CallReading;
}
