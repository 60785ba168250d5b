import { isRealtimePath } from './openai/realtime.ts';

/**
 * Whether a call can cost anything by itself. Reading, listing and deleting do not; a stored response that is fetched
 * again was paid for by the call that made it, and must not be counted twice.
 *
 * @param path without its query.
 * @param isBare the answer came whole and says nothing of usage: of two APIs under one path it is the one that stores.
 */
export function canBeBilled(method: string, path: string, isBare: boolean): boolean {
  // What a socket carries is asked for within it: its upgrade is a GET.
  if (method === 'GET') return isRealtimePath(path);
  if (method !== 'POST' && method !== '') return false;
  return !FREE_PATH.test(path) && !(isBare && STORED_OR_ANSWERED.test(path));
}

/** Counting tokens ahead of a call, and what prepares, cancels or moderates. */
const FREE_VERBS =
  /\/(?:count_tokens|count-tokens|input_tokens|cancel|moderations|client_secrets|ephemeral_tokens)$|:(?:countTokens|computeTokens|cancel|uploadToFileSearchStore|importFile|batchGenerateContent|asyncBatchEmbedContent)$/;
/** Storage, batches, and setting up a realtime session. */
const FREE_RESOURCES =
  /\/(?:files|uploads|batches|vector_stores|assistants|threads|fileSearchStores|batchPredictionJobs)(?:\/|$)|\/realtime\/(?:calls|sessions|transcription_sessions)$/;
const FREE_PATH = new RegExp(`${FREE_VERBS.source}|${FREE_RESOURCES.source}`);

/** OpenAI's conversations are stored, Mistral's are answered. */
const STORED_OR_ANSWERED = /\/conversations(?:\/|$)/;
