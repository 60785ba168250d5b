/**
 * Compares `readCall` with what providers themselves say, over a file of recorded calls (gzipped JSON lines of `{id,
 * host, method, path, request: {headers, text}, response: {status, content_type, text | base64}}`). Prints per host how
 * many calls agree in provider, model, tokens and error, and why the others do not; ends with 1 when one differs that
 * is not accounted for.
 *
 *   node packages/providers/scripts/check-recordings.ts <recordings.jsonl.gz>
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { storedProviderName } from '../src/find-provider.ts';
import type { ProviderReading } from '../src/provider-reading.ts';
import { readCall } from '../src/read-call.ts';
import { type Counts, expectedReading } from './expected-reading.ts';
import { bytesOf, type Recording } from './recorded-answer.ts';

interface Tally {
  calls: number;
  agree: number;
  withUsage: number;
  priced: number;
  byProvider: number;
  errors: number;
  readonly unpriced: Set<string>;
  readonly reasons: Map<string, number>;
}

/** Prices as of then: they are looked up by date. */
const REQUEST_AT = Date.parse('2026-06-01');

const file = process.argv[2];
if (!file) {
  process.stderr.write('usage: check-recordings.ts <recordings.jsonl.gz>\n');
  process.exit(2);
}
const lines = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
const tallies = new Map<string, Tally>();
let unexplained = 0;
for (const line of lines) check(JSON.parse(line) as Recording);
print();
process.exitCode = unexplained === 0 ? 0 : 1;

function check(recording: Recording): void {
  const reading = read(recording);
  const expected = expectedReading(recording);
  const tally = tallyOf(recording.host);
  tally.calls++;
  if (expected.hasError) tally.errors++;
  if (expected.counts) tally.withUsage++;
  if (expected.counts && reading.costPico !== null) tally.priced++;
  else if (expected.counts) tally.unpriced.add(reading.model);
  if (reading.costSource === 'provider') tally.byProvider++;
  const differences: string[] = [];
  const compare = (what: string, own: unknown, theirs: unknown) => {
    if (JSON.stringify(own) !== JSON.stringify(theirs)) {
      differences.push(`${what}: ${JSON.stringify(own)} instead of ${JSON.stringify(theirs)}`);
    }
  };
  compare('provider', storedProviderName(urlOf(recording)), expected.provider);
  compare('model', reading.model, expected.model || 'unknown');
  compare('error', reading.error !== null, expected.hasError && !isBareFailure(recording, reading));
  if (!expected.isContradictory) compare('tokens', countsOf(reading), expected.counts);
  if (expected.counts) compare('complete', reading.usageComplete, !expected.isContradictory);
  if (differences.length > 0) {
    unexplained++;
    count(tally, 'differs');
    process.stdout.write(
      `DIFFERS ${recording.id} ${recording.method} ${urlOf(recording)}\n  ${differences.join('\n  ')}\n`,
    );
  } else if (expected.isContradictory) {
    count(
      tally,
      'the provider contradicts itself (a part exceeds its total); flagged as incomplete, and not priced by the table',
    );
  } else {
    tally.agree++;
  }
}

function read(recording: Recording): ProviderReading {
  const { request, response } = recording;
  const url = urlOf(recording);
  return readCall({
    provider: storedProviderName(url),
    targetUrl: url,
    method: recording.method.toUpperCase(),
    path: recording.path,
    status: response.status,
    requestContentType: request.headers['content-type'] ?? '',
    responseContentType: response.content_type,
    requestText: request.text,
    responseText: response.text,
    requestBytes: request.text === undefined ? undefined : Buffer.from(request.text),
    responseBytes: bytesOf(response),
    requestTruncated: false,
    responseTruncated: false,
    modelOverride: '',
    requestAt: REQUEST_AT,
    responseHeaders: [],
  });
}

/** A failure without a word about it in JSON: its status alone tells. */
function isBareFailure({ response }: Recording, reading: ProviderReading): boolean {
  return response.status >= 400 && reading.error === null && !(response.text ?? '').startsWith('{');
}

function countsOf({ tokens }: ProviderReading): Counts | undefined {
  if (tokens.prompt_tokens === null && tokens.completion_tokens === null) return undefined;
  return {
    input:
      (tokens.prompt_tokens ?? 0) +
      tokens.prompt_cache_read_tokens +
      tokens.prompt_cache_write_tokens +
      tokens.prompt_audio_tokens,
    output: (tokens.completion_tokens ?? 0) + tokens.reasoning_tokens + tokens.completion_audio_tokens,
    cacheRead: tokens.prompt_cache_read_tokens,
    cacheWrite: tokens.prompt_cache_write_tokens,
    reasoning: tokens.reasoning_tokens,
  };
}

function urlOf({ host, path }: Recording): string {
  return `https://${host}${path}`;
}

function count(tally: Tally, reason: string): void {
  tally.reasons.set(reason, (tally.reasons.get(reason) ?? 0) + 1);
}

function tallyOf(host: string): Tally {
  let tally = tallies.get(host);
  if (!tally) {
    tally = {
      ...{ calls: 0, agree: 0, withUsage: 0, priced: 0, byProvider: 0, errors: 0 },
      ...{ unpriced: new Set<string>(), reasons: new Map<string, number>() },
    };
    tallies.set(host, tally);
  }
  return tally;
}

function print(): void {
  process.stdout.write(' calls  agree  usage priced by-provider errors  host\n');
  const total = { calls: 0, agree: 0 };
  for (const [host, t] of [...tallies].sort()) {
    total.calls += t.calls;
    total.agree += t.agree;
    const numbers = [t.calls, t.agree, t.withUsage, t.priced, t.byProvider, t.errors];
    process.stdout.write(`${numbers.map((n) => String(n).padStart(6)).join(' ')}  ${host}\n`);
    for (const [reason, times] of t.reasons) process.stdout.write(`${' '.repeat(9)}${times} × ${reason}\n`);
    if (t.unpriced.size > 0) process.stdout.write(`${' '.repeat(9)}no price: ${[...t.unpriced].join(', ')}\n`);
  }
  process.stdout.write(`${total.agree} of ${total.calls} agree, ${unexplained} differ\n`);
}
