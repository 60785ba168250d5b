import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { ErrorCode } from '@throughline/contracts/errors';
import type { KeyRecord } from '@throughline/contracts/keys';
import type { Request } from 'express';
import type { z } from 'zod';
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

/**
 * What `GET /openapi.json` says of an endpoint. Names in its path are described in `PATH_PARAMETERS` of the contracts. Tests
 * hold every answer against it, and every refusal.
 */
export interface RouteDoc {
  /** One sentence, without a full stop. */
  readonly summary: string;
  /** What the handler parses the body with; null where there is none. */
  readonly body: z.ZodType | null;
  /** Query parameters; null where there are none. */
  readonly query: z.ZodObject | null;
  /** The whole of a successful answer. */
  readonly answer: z.ZodType;
  /** 200 when absent. */
  readonly status?: 201;
  /** Refusals of its own, beside those that all endpoints have in common. */
  readonly errors: readonly ErrorCode[];
}

/** One endpoint for callers with a key. There is no way to mount one without saying what a key needs for it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly access: Access;
  readonly doc: RouteDoc;
  readonly handle: (call: RouteCall) => Promise<RouteAnswer>;
}

/** An endpoint that asks for no key: the URL itself was signed for whoever was given it. */
export interface SignedRoute {
  readonly method: 'get';
  readonly path: string;
  readonly access: 'public-signed';
  readonly doc: RouteDoc;
  /** Checks the signature before anything else. */
  readonly handle: (call: Omit<RouteCall, 'key'>) => Promise<RouteAnswer>;
}
