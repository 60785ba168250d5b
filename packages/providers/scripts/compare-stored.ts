import type { ApiRequest } from '@throughline/testkit/api-client';
import type { PlayedAnswer } from './answer-variants.ts';
import { type Counts, expectedReading } from './expected-reading.ts';
import { documentsOf } from './recorded-answer.ts';

/** A request as the query API answers it, with what else is compared here. */
export interface StoredRequest extends ApiRequest {
  readonly prompt_audio_tokens: number;
  readonly completion_audio_tokens: number;
}

export interface Comparison {
  readonly differences: readonly string[];
  /** Why a call that does not agree in everything is accepted; undefined where it agrees. */
  readonly accepted: string | undefined;
  /** The model of a call with usage that no price is known for. */
  readonly unpriced: string | undefined;
}

/** @param unknownOrigin what the provider is called where no setting knows the host. */
export function compareStored(stored: StoredRequest, answer: PlayedAnswer, unknownOrigin: string): Comparison {
  const expected = expectedReading(answer.recording);
  const { status } = answer.recording.response;
  const isCut = answer.isCut && !hasEnded(answer);
  const differences: string[] = [];
  const compare = (what: string, own: unknown, theirs: unknown) => {
    if (JSON.stringify(own) !== JSON.stringify(theirs)) {
      differences.push(`${what}: ${JSON.stringify(own)} instead of ${JSON.stringify(theirs)}`);
    }
  };
  compare('status', stored.response_status, isCut ? -100 : status);
  compare('provider', stored.provider, expected.provider.startsWith('https:') ? unknownOrigin : expected.provider);
  compare('model', stored.model, expected.model || 'unknown');
  const isStream = /event-?stream/.test(answer.recording.response.content_type);
  if (!isCut) compare('streamed', stored.time_to_first_token !== null, isStream);
  compare('error', stored.error !== null, expected.hasError || isCut);
  const isEstimated = stored.price_version?.includes('+estimated-by:') ?? false;
  const own = countsOf(stored);
  // Where the end was cut off that tells the output, what came before tells the prompt at most.
  const isGuess = isEstimated && (isCut || expected.counts === undefined);
  if (isGuess && own && expected.counts) compare('prompt', promptOf(own), promptOf(expected.counts));
  if (!expected.isContradictory && !isGuess) compare('tokens', own, expected.counts);
  if (expected.counts) compare('complete', stored.usage_complete, !expected.isContradictory && !isCut);
  const { reportedUsd } = expected;
  if (reportedUsd !== undefined)
    compare('cost', [stored.cost_source, picoOf(stored.cost)], ['provider', picoOf(reportedUsd)]);
  else if (stored.cost_source === 'table')
    compare('price', [stored.cost !== null, !!stored.price_version], [true, true]);
  return {
    differences,
    accepted: isGuess && !isCut ? ESTIMATED : expected.isContradictory ? CONTRADICTORY : undefined,
    unpriced: expected.counts && stored.cost === null && !expected.isContradictory ? stored.model : undefined,
  };
}

/** What is reported is kept to the picodollar. */
function picoOf(usd: number | null): number {
  return Math.round((usd ?? Number.NaN) * 1e12);
}

const CONTRADICTORY =
  'the provider contradicts itself (a part exceeds its total); flagged as incomplete, and not priced by the table';
const ESTIMATED = 'the provider does not say what was used; tokens are estimated';

/** The stream's own end was among what was sent before the cut: the call is whole. */
function hasEnded({ recording, contentEncoding }: PlayedAnswer): boolean {
  // What is compressed is not read in passing: its end is the end of the body.
  if (contentEncoding !== '' || !recording.response.content_type.startsWith('text/event-stream')) return false;
  const whole = recording.response.text?.replace(/[^\n]*$/, '') ?? '';
  const sent = { ...recording, response: { ...recording.response, text: whole } };
  return (
    /(?:^|\n)data: ?\[DONE\]\r?\n\r?\n/.test(whole) ||
    documentsOf(sent).some(({ type }) => LAST_EVENTS.has(String(type)))
  );
}

const LAST_EVENTS = new Set(['message_stop', 'response.completed', 'response.incomplete', 'response.failed', 'error']);

function promptOf({ input, cacheRead, cacheWrite }: Counts): object {
  return { input, cacheRead, cacheWrite };
}

function countsOf(stored: StoredRequest): Counts | undefined {
  if (stored.prompt_tokens === null && stored.completion_tokens === null) return undefined;
  const cacheRead = stored.prompt_cache_read_tokens ?? 0;
  const cacheWrite = stored.prompt_cache_write_tokens ?? 0;
  const reasoning = stored.reasoning_tokens ?? 0;
  return {
    input: (stored.prompt_tokens ?? 0) + cacheRead + cacheWrite + stored.prompt_audio_tokens,
    output: (stored.completion_tokens ?? 0) + reasoning + stored.completion_audio_tokens,
    cacheRead,
    cacheWrite,
    reasoning,
  };
}
