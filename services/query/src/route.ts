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

/** What it answers: the envelope is put around `data`, unless it is bare. */
export interface RouteAnswer {
  readonly data: unknown;
  /** 200 when absent. */
  readonly status?: number;
  /** Beside `data` and `error` in the envelope. */
  readonly extra?: Readonly<Record<string, unknown>>;
  /** `data` is the whole answer. */
  readonly isBare?: true;
  readonly headers?: Readonly<Record<string, string>>;
  /** Which stores it was read from: decides `Throughline-As-Of`. */
  readonly from: 'totals' | 'snapshots';
}

/** One endpoint for callers with a key. There is no way to mount one without saying what a key needs for it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly access: Access;
  readonly handle: (call: RouteCall) => Promise<RouteAnswer>;
}

/** An endpoint that asks for no key: the URL itself was signed for whoever was given it. */
export interface SignedRoute {
  readonly method: 'get';
  readonly path: string;
  readonly access: 'public-signed';
  /** Checks the signature before anything else. */
  readonly handle: (call: Omit<RouteCall, 'key'>) => Promise<RouteAnswer>;
}
