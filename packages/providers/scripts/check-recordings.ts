/**
 * Compares `readCall` with the usage objects that providers themselves sent, over a file of recorded calls (gzipped
 * JSON lines of `{id, host, method, path, request: {text}, response: {status, content_type, text}}`). The oracle is
 * written apart from the readers: it walks the parsed response for usage objects and knows only the names of counts.
 *
 *   node packages/providers/scripts/check-recordings.ts <recordings.jsonl.gz>
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { storedProviderName } from '../src/find-provider.ts';
import { readCall } from '../src/read-call.ts';

interface Recording {
  readonly id: string;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly request: { readonly headers: Record<string, string>; readonly text?: string };
  readonly response: { readonly status: number; readonly content_type: string; readonly text?: string };
}

type Counts = Record<string, number>;

interface Tally {
  calls: number;
  withUsage: number;
  agree: number;
  priced: number;
  providerPriced: number;
  errorsSeen: number;
  errorsRead: number;
  incomplete: number;
  contradictory: number;
}

const SKIPPED_HOSTS = /googleapis\.com$|^bedrock-runtime\.|^api\.cohere\.com$/;

const file = process.argv[2];
if (!file) {
  process.stderr.write('usage: check-recordings.ts <recordings.jsonl.gz>\n');
  process.exit(2);
}
const recordings = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
const tallies = new Map<string, Tally>();
let differences = 0;
for (const line of recordings) check(JSON.parse(line) as Recording);
print();
process.exitCode = differences === 0 ? 0 : 1;

function check(recording: Recording): void {
  if (SKIPPED_HOSTS.test(recording.host)) return;
  const text = recording.response.text;
  if (text === undefined) return;
  const url = `https://${recording.host}${recording.path}`;
  const reading = readCall({
    provider: storedProviderName(url),
    targetUrl: url,
    method: recording.method.toUpperCase(),
    path: recording.path,
    status: recording.response.status,
    requestContentType: 'application/json',
    responseContentType: recording.response.content_type,
    requestText: recording.request.text,
    responseText: text,
    requestTruncated: false,
    responseTruncated: false,
    modelOverride: '',
    requestAt: Date.parse('2026-06-01'),
    responseHeaders: [],
  });
  const tally = tallyOf(`${recording.host} ${shortPath(recording.path)}`);
  tally.calls++;
  const events = recording.response.content_type.startsWith('text/event-stream') ? eventsOf(text) : [tryParse(text)];
  const isPost = recording.method.toUpperCase() === 'POST';
  const expected = isPost ? expectedCounts(events) : undefined;
  const hasError = events.some((event) => hasErrorIn(event));
  if (hasError) tally.errorsSeen++;
  if (reading.error) tally.errorsRead++;
  if (hasError !== (reading.error !== null)) {
    if (recording.response.status < 400) report(recording, 'error', String(hasError), JSON.stringify(reading.error));
  }
  const got: Counts = {
    input:
      (reading.tokens.prompt_tokens ?? 0) +
      reading.tokens.prompt_cache_read_tokens +
      reading.tokens.prompt_cache_write_tokens +
      reading.tokens.prompt_audio_tokens,
    output:
      (reading.tokens.completion_tokens ?? 0) +
      reading.tokens.reasoning_tokens +
      reading.tokens.completion_audio_tokens,
    cacheRead: reading.tokens.prompt_cache_read_tokens,
    cacheWrite: reading.tokens.prompt_cache_write_tokens,
    reasoning: reading.tokens.reasoning_tokens,
  };
  if (!reading.usageComplete) tally.incomplete++;
  if (!expected) {
    if (reading.tokens.prompt_tokens !== null) report(recording, 'usage', 'none', JSON.stringify(got));
    return;
  }
  tally.withUsage++;
  // Parts beyond their total: nothing to agree with, but it has to be flagged.
  if (expected.cacheRead! + expected.cacheWrite! > expected.input! || expected.reasoning! > expected.output!) {
    tally.contradictory++;
    if (reading.usageComplete) report(recording, 'complete', 'false', 'true');
    return;
  }
  if (JSON.stringify(got) === JSON.stringify(expected)) tally.agree++;
  else report(recording, 'usage', JSON.stringify(expected), JSON.stringify(got));
  if (reading.costPico !== null) tally.priced++;
  else process.stdout.write(`no price: ${recording.host} ${reading.model} ${reading.responseModel}\n`);
  if (reading.costSource === 'provider') tally.providerPriced++;
  if (!reading.usageComplete) report(recording, 'complete', 'true', 'false');
}

/** Later usage objects replace earlier ones key by key, nulls excepted: right for every stream in use. */
function expectedCounts(events: unknown[]): Counts | undefined {
  let merged: Record<string, unknown> | undefined;
  for (const event of events) {
    for (const usage of usagesIn(event)) {
      merged = { ...merged, ...Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null)) };
    }
  }
  if (!merged) return undefined;
  const at = (path: string): number => {
    let value: unknown = merged;
    for (const key of path.split('.')) value = (value as Record<string, unknown> | undefined)?.[key];
    return typeof value === 'number' ? value : 0;
  };
  const isAnthropic = merged.cache_read_input_tokens !== undefined || merged.cache_creation_input_tokens !== undefined;
  if (isAnthropic) {
    const cacheRead = at('cache_read_input_tokens');
    const cacheWrite = at('cache_creation_input_tokens');
    const input = at('input_tokens') + cacheRead + cacheWrite;
    return {
      input,
      output: at('output_tokens'),
      cacheRead,
      cacheWrite,
      reasoning: at('output_tokens_details.thinking_tokens'),
    };
  }
  const input = at('prompt_tokens') || at('input_tokens');
  const output = at('completion_tokens') || at('output_tokens');
  return {
    input: input === 0 && output === 0 ? at('total_tokens') : input,
    output,
    cacheRead:
      at('prompt_tokens_details.cached_tokens') ||
      at('input_tokens_details.cached_tokens') ||
      at('prompt_cache_hit_tokens') ||
      at('num_cached_tokens') ||
      at('cached_tokens'),
    cacheWrite: at('prompt_tokens_details.cache_write_tokens') || at('input_tokens_details.cache_write_tokens'),
    reasoning: at('completion_tokens_details.reasoning_tokens') || at('output_tokens_details.reasoning_tokens'),
  };
}

function usagesIn(event: unknown): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  for (const holder of holders(event)) {
    if (typeof holder.usage === 'object' && holder.usage !== null) found.push(holder.usage as Record<string, unknown>);
  }
  return found;
}

function hasErrorIn(event: unknown): boolean {
  return holders(event).some((holder) => {
    const error = holder.error;
    return (typeof error === 'object' && error !== null) || (typeof error === 'string' && error !== '');
  });
}

function holders(event: unknown): Record<string, unknown>[] {
  if (typeof event !== 'object' || event === null) return [];
  const root = event as Record<string, unknown>;
  const inner = ['x_groq', 'message', 'response'].map((key) => root[key]);
  return [root, ...inner].filter((value) => typeof value === 'object' && value !== null) as Record<string, unknown>[];
}

function eventsOf(text: string): unknown[] {
  const blocks = text.replaceAll('\r\n', '\n').split('\n\n');
  return blocks.map((block) => {
    const data = block.split('\n').filter((field) => field.startsWith('data:'));
    return tryParse(data.map((field) => field.slice(5).trim()).join('\n'));
  });
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function report(recording: Recording, what: string, expected: string, got: string): void {
  differences++;
  process.stdout.write(`DIFFERS ${what} ${recording.id} ${recording.method} ${recording.path}\n`);
  process.stdout.write(`  expected ${expected}\n  got      ${got}\n`);
}

function shortPath(path: string): string {
  return (path.split('?')[0] ?? '').split('/').slice(-2).join('/').slice(0, 24);
}

function tallyOf(key: string): Tally {
  let tally = tallies.get(key);
  if (!tally) {
    tally = {
      calls: 0,
      withUsage: 0,
      agree: 0,
      priced: 0,
      providerPriced: 0,
      errorsSeen: 0,
      errorsRead: 0,
      incomplete: 0,
      contradictory: 0,
    };
    tallies.set(key, tally);
  }
  return tally;
}

function print(): void {
  process.stdout.write(
    'calls usage agree priced by-provider errors errors-read incomplete contradictory  host and path\n',
  );
  for (const [key, t] of [...tallies].sort()) {
    const { calls, withUsage, agree, priced, providerPriced, errorsSeen, errorsRead, incomplete, contradictory } = t;
    const numbers = [
      calls,
      withUsage,
      agree,
      priced,
      providerPriced,
      errorsSeen,
      errorsRead,
      incomplete,
      contradictory,
    ];
    process.stdout.write(`${numbers.map((n) => String(n).padStart(6)).join(' ')}  ${key}\n`);
  }
}
