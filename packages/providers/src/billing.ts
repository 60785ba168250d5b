/**
 * Whether a call can cost anything by itself. Reading, listing and deleting do not; a stored response that is fetched
 * again was paid for by the call that made it, and must not be counted twice.
 *
 * @param path without its query.
 */
export function canBeBilled(method: string, path: string): boolean {
  return (method === 'POST' || method === '') && !FREE_PATH.test(path);
}

/** Counting tokens ahead of a call, cancelling, and the storage, realtime set-up and batch endpoints. */
const FREE_PATH =
  /\/(?:count_tokens|count-tokens|input_tokens|cancel|moderations|client_secrets|ephemeral_tokens)$|\/realtime\/(?:calls|sessions|transcription_sessions)$|:(?:countTokens|computeTokens|cancel|uploadToFileSearchStore|importFile|batchGenerateContent|asyncBatchEmbedContent)$|\/(?:files|uploads|batches|conversations|vector_stores|assistants|threads|fileSearchStores|batchPredictionJobs)(?:\/|$)/;
