import type { CapturedBody } from '@throughline/contracts/request-event';
import type { LogEntry } from '@throughline/event-log/event-log';
import type { TokenCounter } from '@throughline/providers/estimate/token-counter';
import type { BodyFetcher } from '../bodies/body-fetcher.ts';
import type { ByteAccount } from '../bodies/byte-budget.ts';
import {
  buildEntry,
  decodeEntriesStep,
  type PreparedEntry,
  type ReferringEntry,
  type UncountedEntry,
} from './decode-entries-step.ts';

/** An entry whose bodies had to be fetched, or tokens counted. */
export interface FetchedEntry {
  readonly entry: PreparedEntry;
  /** Taken from the account for its bodies. */
  readonly takenBytes: number;
}

export type PrepareEntryStep = (entry: LogEntry, signal: AbortSignal) => PreparedEntry | Promise<FetchedEntry>;

export interface PrepareEntryDeps {
  readonly partition: number;
  /** As `BodyFetcher.fetch`, tried again while the store does not answer. */
  readonly fetch: BodyFetcher['fetch'];
  /** As `TokenCounter.count`, tried again while it fails; left out: tokens that a provider did not tell are unknown. */
  readonly count?: TokenCounter['count'] | undefined;
  /** What fetched bodies are taken from before they are fetched; left out: they are not counted. */
  readonly account?: ByteAccount;
}

/**
 * Decodes, parses and prices an entry: at once, or when the bodies that it refers to are there, and the tokens counted that
 * its provider did not tell.
 */
export function createPrepareEntryStep({ partition, fetch, count, account }: PrepareEntryDeps): PrepareEntryStep {
  const options = { countsTokens: count !== undefined };

  async function withBodies({ offset, event, origin }: ReferringEntry, signal: AbortSignal): Promise<FetchedEntry> {
    const takenBytes = (event.request_body.stored?.size ?? 0) + (event.response_body.stored?.size ?? 0);
    await account?.take(takenBytes, signal);
    const [request_body, response_body] = await Promise.all([
      fetched(event.request_body, signal),
      fetched(event.response_body, signal),
    ]);
    const whole = { ...event, request_body, response_body };
    const entry = buildEntry({ offset, event: whole, origin }, partition, options);
    return { entry: entry.kind === 'uncounted' ? await counted(entry, signal) : entry, takenBytes };
  }

  async function fetched(body: CapturedBody, signal: AbortSignal): Promise<CapturedBody> {
    const { stored, ...rest } = body;
    if (stored === undefined) return body;
    const bytes = await fetch(stored, signal);
    return bytes === undefined ? body : { ...rest, bytes };
  }

  async function counted({ uncounted, finish }: UncountedEntry, signal: AbortSignal): Promise<PreparedEntry> {
    return finish(await count!(uncounted.encoding, uncounted.texts, signal));
  }

  return function prepareEntryStep(entry, signal) {
    const decoded = decodeEntriesStep(entry, partition, options);
    if (decoded.kind === 'referring') return withBodies(decoded, signal);
    if (decoded.kind !== 'uncounted') return decoded;
    return counted(decoded, signal).then((prepared) => ({ entry: prepared, takenBytes: 0 }));
  };
}
