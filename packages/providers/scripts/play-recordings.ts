/**
 * Plays recorded calls through a real Throughline: a provider made of the recordings, `throughline start` in front of
 * it, each request sent in the form that its host suggests. Compares, byte for byte, what the provider was sent and what
 * the client was answered, and what the query API says of the call with the provider's own usage object. Prints per host
 * how many calls agree, and each difference; ends with 1 when one is not accounted for.
 *
 *   node packages/providers/scripts/play-recordings.ts <recordings.jsonl.gz> [variant …]
 *
 * The file is that of `check-recordings.ts`. Variants of the answers: `plain`, `pieces` (chunks that end anywhere),
 * `gzip`, `br`, `zstd`, `cut` (the connection ends anywhere), `cut-compressed`; all of them unless some are named. `SEED=<n>` repeats a run.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createApiClient } from '@throughline/testkit/api-client';
import { startThroughline } from '@throughline/testkit/process/throughline-process';
import { answerHeader, type RawAnswer, rawCall } from '@throughline/testkit/raw-call';
import { createRandom, seedFromEnv } from '@throughline/testkit/seed';
import { waitFor } from '@throughline/testkit/wait-for';
import { type PlayedAnswer, playedAnswer, VARIANTS, type Variant } from './answer-variants.ts';
import { compareStored, type StoredRequest } from './compare-stored.ts';
import { expectedReading } from './expected-reading.ts';
import { playCall } from './play-call.ts';
import type { Recording } from './recorded-answer.ts';
import { startRecordedProvider } from './recorded-provider.ts';

interface Tally {
  readonly calls: Map<Variant, number>;
  readonly agree: Map<Variant, number>;
  readonly accepted: Map<string, number>;
  readonly unpriced: Set<string>;
}

/** Calls under way at the same time: enough to keep two cores busy. */
const CALLS_AT_ONCE = 8;
/** How long what was answered may take to show in answers of the query API. */
const STORED_MS_MAX = 60_000;

const [file, ...named] = process.argv.slice(2);
const variants = named.length === 0 ? VARIANTS : VARIANTS.filter((variant) => named.includes(variant));
if (!file || variants.length < new Set(named).size) {
  process.stderr.write(`usage: play-recordings.ts <recordings.jsonl.gz> [${VARIANTS.join(' | ')} …]\n`);
  process.exit(2);
}
const recordings = gunzipSync(readFileSync(file))
  .toString('utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Recording);
const random = createRandom(seedFromEnv('recordings'));

const answers = new Map<string, PlayedAnswer>();
const provider = await startRecordedProvider((play) => answers.get(play));
// A name, since an address on this machine would count as a provider of its own.
const unknownOrigin = `http://localhost:${provider.port}`;
const known = new Set(recordings.map((recording) => expectedReading(recording).provider).filter(isName));
const throughline = await startThroughline({
  env: {
    LOG_LEVEL: 'error',
    ALLOWED_TARGETS: `localhost:${provider.port}`,
    ...Object.fromEntries([...known].map((name) => [`PROVIDER_${name}_URL`, `http://127.0.0.1:${provider.port}`])),
  },
});
const api = createApiClient(throughline.url, throughline.key);

const tallies = new Map<string, Tally>();
let unexplained = 0;
try {
  for (const variant of variants) await playAll(variant);
} finally {
  await throughline.stop();
  await provider.close();
}
print();
process.exitCode = unexplained === 0 ? 0 : 1;

async function playAll(variant: Variant): Promise<void> {
  const played = new Map<string, { play: string; recording: Recording; differences: string[] }>();
  const queue = recordings.map((recording, index) => ({ recording, play: `${variant}/${index}` }));
  const playNext = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const { recording, play } = next;
      const answer = playedAnswer(recording, variant, random.fork(play));
      answers.set(play, answer);
      const got = await rawCall(
        playCall(recording, {
          gatewayPort: throughline.port,
          key: throughline.key,
          variant,
          play,
          unknownOrigin,
          isKnown: isName(expectedReading(recording).provider),
        }),
      );
      const requestId = answerHeader(got, 'helicone-id') ?? play;
      played.set(requestId, { play, recording, differences: [...provider.faultsOf(play), ...faultsIn(got, answer)] });
    }
  };
  await Promise.all(Array.from({ length: CALLS_AT_ONCE }, playNext));
  await waitFor(async () => (await api.session(variant))?.total_requests === recordings.length, {
    timeoutMs: STORED_MS_MAX,
    intervalMs: 100,
    what: `${recordings.length} calls of ${variant}`,
  });
  const stored = await waitFor(
    async () => {
      const rows = (await api.sessionRequests(variant)) as StoredRequest[];
      return rows.length === recordings.length && rows;
    },
    { timeoutMs: STORED_MS_MAX, intervalMs: 100, what: `${recordings.length} rows of ${variant}` },
  );
  const byId = new Map(stored.map((row) => [row.request_id, row]));
  for (const [requestId, { play, recording, differences }] of played) {
    settle(variant, recording, byId.get(requestId), answers.get(play)!, differences);
    answers.delete(play);
  }
}

/** What the client was answered, where it is not what the provider sent. */
function faultsIn(got: RawAnswer, answer: PlayedAnswer): string[] {
  const faults: string[] = [];
  const { status, content_type } = answer.recording.response;
  if (got.status !== status) faults.push(`the client was answered ${got.status} instead of ${status}`);
  if ((answerHeader(got, 'content-type') ?? '') !== content_type) faults.push('the client got another content type');
  if ((answerHeader(got, 'content-encoding') ?? '') !== answer.contentEncoding) faults.push('… another encoding');
  if (!got.body.equals(Buffer.concat(answer.writes)))
    faults.push(`the client got other bytes, ${got.body.length} of them`);
  if (!answer.isCut && got.end !== 'complete') faults.push(`for the client the answer was ${got.end}`);
  return faults;
}

function settle(
  variant: Variant,
  recording: Recording,
  stored: StoredRequest | undefined,
  answer: PlayedAnswer,
  faults: readonly string[],
): void {
  const tally = tallyOf(recording.host);
  increment(tally.calls, variant);
  const compared = stored ? compareStored(stored, answer, unknownOrigin) : undefined;
  const differences = [...faults, ...(compared?.differences ?? ['it is not stored'])];
  if (compared?.unpriced !== undefined) tally.unpriced.add(compared.unpriced);
  if (differences.length > 0) {
    unexplained++;
    const name = `${variant} ${recording.id} ${recording.method} https://${recording.host}${recording.path}`;
    process.stdout.write(`DIFFERS ${name}\n  ${differences.join('\n  ')}\n`);
  } else if (compared?.accepted !== undefined) increment(tally.accepted, compared.accepted);
  else increment(tally.agree, variant);
}

function tallyOf(host: string): Tally {
  let tally = tallies.get(host);
  if (!tally) {
    tally = { calls: new Map(), agree: new Map(), accepted: new Map(), unpriced: new Set() };
    tallies.set(host, tally);
  }
  return tally;
}

function print(): void {
  const widths = [...variants, 'of'].map((name) => Math.max(6, name.length) + 1);
  const line = (words: readonly (string | number)[]) =>
    words.map((word, i) => String(word).padStart(widths[i]!)).join('');
  const indent = ' '.repeat(widths.reduce((sum, width) => sum + width, 4));
  const sum = (counts: Map<unknown, number>) => [...counts.values()].reduce((total, count) => total + count, 0);
  let calls = 0;
  let agree = 0;
  let accepted = 0;
  process.stdout.write(`${line([...variants, 'of'])}  host\n`);
  for (const [host, tally] of [...tallies].sort(([a], [b]) => (a < b ? -1 : 1))) {
    calls += sum(tally.calls);
    agree += sum(tally.agree);
    accepted += sum(tally.accepted);
    const counts = variants.map((variant) => tally.agree.get(variant) ?? 0);
    process.stdout.write(`${line([...counts, tally.calls.get(variants[0]!) ?? 0])}  ${host}\n`);
    for (const [reason, times] of tally.accepted) process.stdout.write(`${indent}${times} × ${reason}\n`);
    if (tally.unpriced.size > 0) process.stdout.write(`${indent}no price: ${[...tally.unpriced].join(', ')}\n`);
  }
  process.stdout.write(`${agree} of ${calls} agree, ${accepted} accepted, ${unexplained} differ\n`);
}

function increment<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The name of a provider, not the address of a host that nobody knows. */
function isName(provider: string): boolean {
  return !provider.startsWith('https:');
}
