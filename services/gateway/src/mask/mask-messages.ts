import type { CallReading, CapturedBody } from '@throughline/contracts/request-event';
import type { ReadEvent } from '@throughline/providers/call-of-event';
import type { MaskingRules } from './masking-rules.ts';

/** What the masking thread is started with. */
export interface MaskThreadData {
  readonly rules: MaskingRules;
  /** Of a body that is stored. */
  readonly bytesMax: number;
}

export interface MaskJob {
  readonly id: number;
  readonly call: ReadEvent;
  readonly isChanged: boolean;
}

export type MaskAnswer =
  | {
      readonly id: number;
      /** null: as it came. */
      readonly request: CapturedBody | null;
      readonly response: CapturedBody | null;
      /** null: nothing was masked. */
      readonly reading: CallReading | null;
      readonly failure?: undefined;
    }
  /** The name of an error. */
  | { readonly id: number; readonly failure: string };
