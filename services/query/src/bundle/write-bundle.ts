import { setImmediate as turn } from 'node:timers/promises';
import type { AnalyticsStore } from '@throughline/analytics/analytics-store';
import { ApiError } from '@throughline/contracts/errors';
import { BUNDLE_FORMAT, BUNDLE_VERSION, type BundleHeader } from '@throughline/contracts/session-bundle';
import { describeSession } from '@throughline/session-totals/describe-session';
import { describePaths } from '@throughline/session-totals/path-tree';
import type { SessionState } from '@throughline/session-totals/session-state';
import { sessionAnswer } from '../render/session-answer.ts';
import { BundleLines } from './bundle-lines.ts';
import { bundleAnnotations, bundleTotals } from './bundle-totals.ts';
import { maskAnnotations, maskJson, maskStoredCall } from './mask-bundle.ts';
import { callPlaces, storedCalls } from './stored-calls.ts';

export interface BundleOptions {
  /** API keys and tokens are replaced. */
  readonly isMasked: boolean;
  /** Of the product. */
  readonly version: string;
  /** Epoch ms. */
  readonly nowMs: number;
}

/**
 * The lines of a session's file, as it is in `state`: what was called since is not in it.
 *
 * @throws ApiError `session-changed` before the first line, Error behind it, when not all requests are there any more that the
 *   session counts: half of a session is no file of it.
 */
export async function* writeBundle(
  analytics: Pick<AnalyticsStore, 'query'>,
  state: SessionState,
  { isMasked, version, nowMs }: BundleOptions,
): AsyncGenerator<Buffer> {
  const { tenantId, sessionId } = state;
  const between = [state.createdAt, state.latestRequestAt] as const;
  const stored = { tenantId, sessionId, between, through: state.applied };
  const places = await callPlaces(analytics, stored);
  if (places.length !== state.requests) throw new ApiError('session-changed');
  const lines = new BundleLines();
  const session = sessionAnswer(describeSession(state), 0, nowMs);
  const tree = describePaths(state);
  const annotations = bundleAnnotations(state);
  const header: BundleHeader = {
    kind: 'session',
    format: BUNDLE_FORMAT,
    version: BUNDLE_VERSION,
    exported_at: new Date(nowMs).toISOString(),
    exported_by: `throughline ${version}`,
    masked: isMasked,
    session_id: sessionId,
    session: { ...(isMasked ? maskJson(session) : session), session_id: sessionId },
    totals: bundleTotals(state),
    ...(isMasked ? maskJson(tree) : tree),
    tree: [...(isMasked ? maskJson(tree.tree) : tree.tree)],
    annotations: isMasked ? maskAnnotations(annotations) : annotations,
  };
  yield lines.header(header);
  let requests = 0;
  for await (const call of storedCalls(analytics, stored, places)) {
    requests++;
    yield lines.request({ kind: 'request', ...(isMasked ? maskStoredCall(call) : call) });
    // Masking and writing a call takes a while where its bodies are long: others are let in between.
    await turn();
  }
  if (requests !== state.requests) {
    throw new Error(`of ${state.requests} requests of the session ${requests} are stored: it changed meanwhile`);
  }
  yield lines.end();
}
