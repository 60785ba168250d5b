import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { KeyRecord } from '@throughline/contracts/keys';
import type { Request } from 'express';
import type { Access } from './auth/access.ts';

/** What a route works with. */
export interface RouteCall {
  readonly key: KeyRecord;
  readonly req: Request;
  /** Parsed JSON; undefined without a body. */
  readonly body: unknown;
  /** The store for this call: its queries end when the caller hangs up. */
  readonly analytics: Pick<AnalyticsStore, 'query'>;
}

/** What it answers: the envelope is put around `data`. */
export interface RouteAnswer {
  readonly data: unknown;
  /** 200 when absent. */
  readonly status?: number;
  /** Beside `data` and `error` in the envelope. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** Which stores it was read from: decides `Throughline-As-Of`. */
  readonly from: 'totals' | 'snapshots';
}

/** One endpoint. There is no way to mount one without saying what a key needs for it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly access: Access;
  readonly handle: (call: RouteCall) => Promise<RouteAnswer>;
}
