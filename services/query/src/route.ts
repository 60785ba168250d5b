import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import type { ErrorCode } from '@throughline/contracts/errors';
import type { KeyRecord } from '@throughline/contracts/keys';
import type { Request, Response } from 'express';
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

/** What it answers bit by bit. */
export interface StreamAnswer {
  /**
   * Writes the answer and ends it. Headers are set when it is called, and not sent.
   *
   * @param signal aborted when the caller has gone.
   */
  readonly stream: (res: Response, signal: AbortSignal) => Promise<void>;
  readonly headers: Readonly<Record<string, string>>;
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
  /** One, or those that a caller chooses from; `application/json` when absent. */
  readonly bodyContentType?: readonly string[];
  /** Query parameters; null where there are none. */
  readonly query: z.ZodObject | null;
  /** The whole of a successful answer. */
  readonly answer: z.ZodType;
  /** One, or those that a caller chooses from; `application/json` when absent. */
  readonly contentType?: string | readonly string[];
  /** 200 when absent. */
  readonly status?: 201;
  /** What comes in its place to callers who accept `text/event-stream`. */
  readonly events?: z.ZodType;
  /** The whole of an answer of status 202, to those calls that begin something which goes on. */
  readonly accepted?: z.ZodType;
  /** Refusals of its own, beside those that all endpoints have in common. */
  readonly errors: readonly ErrorCode[];
}

/** One endpoint for callers with a key. There is no way to mount one without saying what a key needs for it. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  readonly path: string;
  readonly access: Access;
  readonly doc: RouteDoc;
  /** The handler reads what is sent from `req`, bit by bit; there is no `body`. */
  readonly isStreamed?: true;
  readonly handle: (call: RouteCall) => Promise<RouteAnswer | StreamAnswer>;
}

/**
 * An endpoint that asks for no key. `public-signed`: the URL itself was signed for whoever was given it. `public-login`: the
 * body holds the token of a link by which somebody signs in.
 */
export interface SignedRoute {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly access: 'public-signed' | 'public-login';
  readonly doc: RouteDoc;
  /** Checks signature or token before anything else. */
  readonly handle: (call: Omit<RouteCall, 'key'>) => Promise<RouteAnswer>;
}

/** Whether no key is asked for. */
export function isPublic<R extends { readonly access: Route['access'] | SignedRoute['access'] }>(
  route: R,
): route is R & { readonly access: SignedRoute['access'] } {
  return route.access === 'public-signed' || route.access === 'public-login';
}
