import type { RecordedStep } from '../src/replay/recorded-steps.ts';

/** A step as the store tells of it, complete with both bodies, for tests of what follows from steps. */
export function recordedStep(over: Partial<RecordedStep> = {}): RecordedStep {
  const requestId = over.requestId ?? '0198c0de-0000-7000-8000-000000000001';
  const body = { bytes: 10, isTruncated: false, encoding: 'utf8' };
  return {
    place: {
      session_id: 's',
      ordered_at_ms: '0',
      request_id: requestId,
      source_partition: 0,
      source_offset: '0',
    },
    requestId,
    sessionName: 'Course outline',
    sessionPath: '/outline',
    userId: '',
    properties: [],
    requestAt: 0,
    responseAt: 10,
    timeToFirstTokenMs: null,
    kind: 'llm',
    provider: 'OPENAI',
    targetUrl: 'https://api.openai.com/v1/chat/completions',
    method: 'POST',
    path: '/v1/chat/completions',
    status: 200,
    isError: false,
    errorType: '',
    model: 'gpt-4o-mini',
    costPico: 1_000n,
    isFromCache: false,
    requestContentType: 'application/json',
    requestHeaders: [],
    request: body,
    response: body,
    prompt_tokens: 100,
    completion_tokens: 20,
    reasoning_tokens: 0,
    prompt_cache_read_tokens: 0,
    prompt_cache_write_tokens: 0,
    prompt_cache_write_1h_tokens: 0,
    prompt_audio_tokens: 0,
    completion_audio_tokens: 0,
    ...over,
  };
}
