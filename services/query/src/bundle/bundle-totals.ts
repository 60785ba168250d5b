import type { BundleAnnotations, BundleHeader, BundleTotals } from '@throughline/contracts/session-bundle';
import { latencyQuantile } from '@throughline/session-totals/latency-sketch';
import { describePaths } from '@throughline/session-totals/path-tree';
import type { SessionState } from '@throughline/session-totals/session-state';

/** What the requests of a session come to, without the rounding of an answer. */
export function bundleTotals(state: SessionState): BundleTotals {
  return {
    requests: state.requests,
    errors: state.errors,
    unpriced: state.unpriced,
    cost_pico: String(state.costPico),
    prompt_tokens: String(state.promptTokens),
    completion_tokens: String(state.completionTokens),
    reasoning_tokens: String(state.reasoningTokens),
    prompt_cache_read_tokens: String(state.promptCacheReadTokens),
    prompt_cache_write_tokens: String(state.promptCacheWriteTokens),
    prompt_audio_tokens: String(state.promptAudioTokens),
    completion_audio_tokens: String(state.completionAudioTokens),
    latency_ms_sum: String(state.latencyMsSum),
    p95_latency_ms: latencyQuantile(state.latencyBuckets, 95),
    first_request_at: state.createdAt,
    latest_request_at: state.latestRequestAt,
    latest_response_at: state.latestResponseAt,
    latency_buckets: ascending(state.latencyBuckets),
    statuses: ascending(state.statuses),
  };
}

/** What was said of a session itself. */
export function bundleAnnotations(state: SessionState): BundleAnnotations {
  return { tag: state.tag, feedback: state.feedback, scores: [...state.scores] };
}

export interface Difference {
  readonly what: string;
  readonly file: string | null;
  readonly here: string | null;
}

/** Where a session is not what the file of it says. @param state undefined: it is not there. */
export function differencesFrom(header: BundleHeader, state: SessionState | undefined): Difference[] {
  if (state === undefined) return [{ what: 'requests', file: String(header.totals.requests), here: null }];
  const { tree, tree_truncated } = describePaths(state);
  const scores = (pairs: BundleAnnotations['scores']) => pairs.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const { tag, feedback } = header.annotations;
  return [
    ...differing(header.totals, bundleTotals(state)),
    ...differing(
      {
        tree: header.tree,
        tree_truncated: header.tree_truncated,
        tag,
        feedback,
        scores: scores(header.annotations.scores),
      },
      { tree, tree_truncated, tag: state.tag, feedback: state.feedback, scores: scores([...state.scores]) },
    ),
  ];
}

/** Of a tree or a sketch: enough to see that it is another one. */
const SHOWN_CHARS_MAX = 200;

function differing<T extends object>(file: T, here: T): Difference[] {
  return (Object.keys(file) as (keyof T & string)[]).flatMap((what) => {
    const [inFile, isHere] = [JSON.stringify(file[what]), JSON.stringify(here[what])];
    return inFile === isHere ? [] : [{ what, file: shown(inFile), here: shown(isHere) }];
  });
}

function shown(json: string): string | null {
  if (json === 'null') return null;
  return json.length <= SHOWN_CHARS_MAX ? json : `${json.slice(0, SHOWN_CHARS_MAX)}…`;
}

function ascending(counts: ReadonlyMap<number, number>): [number, number][] {
  return [...counts].sort(([a], [b]) => a - b);
}
