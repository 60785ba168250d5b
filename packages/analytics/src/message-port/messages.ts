import type { AnalyticsErrorCode, AnalyticsQuery, EncodedRows } from '../analytics-store.ts';

/** From the thread that asks. `id` names the call until it is answered. */
export type AnalyticsCall =
  | { readonly id: number; readonly call: 'query'; readonly query: Omit<AnalyticsQuery, 'signal'> }
  | { readonly id: number; readonly call: 'insert'; readonly rows: EncodedRows }
  | { readonly id: number; readonly call: 'instance-id' }
  /** The caller of `id` has given up. It is not answered any more. */
  | { readonly id: number; readonly call: 'abort' };

/** From the thread that owns the engine. `value`: the rows' bytes, nothing, or the instance id. */
export type AnalyticsAnswer =
  | { readonly id: number; readonly value: Uint8Array | string | undefined }
  | { readonly id: number; readonly error: AnalyticsFailure };

/** An `AnalyticsError` without what cannot be cloned. */
export interface AnalyticsFailure {
  readonly code: AnalyticsErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly engineCode: number | undefined;
}
