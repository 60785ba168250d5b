import type { StepColumns } from './ask-steps.ts';

/** What a test says of a step; the rest is as plain as can be. */
export type FakeStep = { readonly [Name in keyof StepColumns]?: StepColumns[Name][number] };

/** Columns of steps, for tests: position and id by their order, one after the other. */
export function fakeColumns(steps: readonly FakeStep[]): StepColumns {
  const plain = (index: number): { readonly [Name in keyof StepColumns]: StepColumns[Name][number] } => ({
    position: index,
    request_id: `r${String(index).padStart(6, '0')}`,
    path: '/',
    started_at: index * 1_000,
    latency_ms: 500,
    time_to_first_token_ms: null,
    status: 200,
    is_error: false,
    error_type: '',
    error_message: '',
    step_kind: 'llm',
    model: 'm',
    provider: 'P',
    streamed: false,
    finish_reason: '',
    prompt_tokens: 1,
    completion_tokens: 1,
    reasoning_tokens: 0,
    prompt_cache_read_tokens: 0,
    prompt_cache_write_tokens: 0,
    usage_complete: true,
    cost: 0.01,
    cost_source: 'table',
    user_id: '',
    request_bytes: 1,
    response_bytes: 1,
    has_bodies: true,
    scores: null,
  });
  const whole = steps.map((step, index) => ({ ...plain(index), ...step }));
  const names = Object.keys(plain(0)) as (keyof StepColumns)[];
  return Object.fromEntries(names.map((name) => [name, whole.map((step) => step[name])])) as unknown as StepColumns;
}
