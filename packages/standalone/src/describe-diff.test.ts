import { describe, expect, test } from '@jest/globals';
import type { DiffAnswer, DiffStep, DiffStepSide, DiffSummary } from '@throughline/contracts/api/session-diff';
import { compareTotals } from '@throughline/contracts/compared-figures';
import { describeDiff } from './describe-diff.ts';

const FIGURES = {
  requests: 12,
  errors: 0,
  cost: 0.01,
  tokens: 1_100,
  prompt_tokens: 1_000,
  completion_tokens: 100,
  duration: 61_500,
  avg_latency: 812.4,
  p95_latency: 1_200,
};

function summary(over: Partial<DiffSummary> = {}): DiffSummary {
  const a = { session_id: 'run 1', session_name: '', figures: FIGURES, cost_complete: true, models: ['gpt-4o'] };
  const b = { ...a, session_id: 'run 2', figures: { ...FIGURES, cost: 0.012, errors: 1 }, cost_complete: false };
  return {
    a,
    b,
    change: compareTotals(a.figures, b.figures),
    steps: { equal: 10, changed: 1, only_a: 1, only_b: 0, not_compared: 0 },
    truncated: false,
    ...over,
  };
}

const SIDE: DiffStepSide = {
  request_id: 'id-a',
  path: '/plan',
  kind: 'llm',
  started_ms: 0,
  latency_ms: 1,
  status: 200,
  error: null,
  model: 'gpt-4o',
  provider: 'OPENAI',
  finish_reason: 'stop',
  cost: 0.001,
  prompt_tokens: 10,
  completion_tokens: 2,
  request: 'whole',
  response: 'whole',
};

function step(over: Partial<DiffStep> = {}): DiffStep {
  return {
    path: '/plan',
    state: 'changed',
    changed: ['response'],
    compared: true,
    replayed: false,
    a: SIDE,
    b: { ...SIDE, request_id: 'id-b' },
    request: null,
    response: null,
    ...over,
  };
}

const data = (over: Partial<DiffAnswer['data']> = {}): DiffAnswer['data'] => ({
  summary: summary(),
  steps: [],
  ...over,
});

describe('a difference for people', () => {
  test('begins with what they are, a table of figures, and how many steps there are of each kind', () => {
    expect(describeDiff(data(), false, false)).toBe(`a  run 1  (gpt-4o)
b  run 2  (gpt-4o)

                   a          b            change      b / a
requests           12         12           0           1.00x
errors             0          1            +1
cost               $0.010000  ≥ $0.012000  +$0.002000  1.20x
tokens             1100       1100         0           1.00x
prompt tokens      1000       1000         0           1.00x
completion tokens  100        100          0           1.00x
duration           61.5 s     61.5 s       0 ms        1.00x
mean latency       812 ms     812 ms       0 ms        1.00x
p95 latency        1200 ms    1200 ms      0 ms        1.00x

steps: 10 equal, 1 changed, 1 only in a, 0 only in b
`);
  });

  test('says of a step what it differs in, from what to what, and that of a cost nothing is known', () => {
    const b = {
      ...SIDE,
      request_id: 'id-b',
      status: 500,
      error: { type: 'overloaded', message: '' },
      cost: null,
      completion_tokens: null,
    };
    const text = describeDiff(
      data({
        steps: [
          step({ b, changed: ['status', 'error', 'tokens', 'cost'] }),
          step({ state: 'only_a', changed: [], b: null }),
        ],
      }),
      false,
      true,
    );
    const clearing = step({ state: 'only_a', changed: [], a: { ...SIDE, model: 'a\u001b[2J' }, b: null });
    expect(describeDiff(data({ steps: [clearing] }), false, false)).toContain('- /plan  llm, a\\x1b[2J  (id-a)');
    expect(text.split('\n').slice(-6)).toEqual([
      '~ /plan  status 200 → 500, error none → overloaded, tokens 10+2 → 10+?, cost $0.001000 → unknown  (id-a / id-b)',
      '',
      '- /plan  llm, gpt-4o  (id-a)',
      '',
      '… and more: --limit takes a larger number',
      '',
    ]);
  });

  test('says what errors of one type say, as that is what differs', () => {
    const failed = (message: string): DiffStepSide => ({ ...SIDE, error: { type: 'server_error', message } });
    const steps = [step({ a: failed('no room'), b: failed('too\nlate'), changed: ['error'] })];
    expect(describeDiff(data({ steps }), false, false)).toContain(
      '  error server_error: no room → server_error: too late  (',
    );
  });

  test('shows by how much latencies below ten milliseconds differ', () => {
    const { a, b, change } = summary();
    const text = describeDiff(
      data({
        summary: summary({
          a: { ...a, figures: { ...a.figures, avg_latency: 2.64 } },
          b: { ...b, figures: { ...b.figures, avg_latency: 2.2 } },
          change: { ...change, avg_latency: { absolute: -0.44, ratio: 2.2 / 2.64 } },
        }),
      }),
      false,
      false,
    );
    expect(text).toMatch(/^mean latency +2\.6 ms +2\.2 ms +-0\.4 ms +0\.83x$/m);
  });

  const response = [
    { op: 'equal' as const, text: 'in ', omitted: 7 },
    { op: 'delete' as const, text: 'two\nlines' },
    { op: 'insert' as const, text: 'one' },
  ];

  test('marks words with brackets, or with colours where it may', () => {
    expect(describeDiff(data({ steps: [step({ response })] }), false, false)).toContain(
      '  response\n    in …(7 characters)…[-two\n    lines-]{+one+}\n',
    );
    expect(describeDiff(data({ steps: [step({ response })] }), true, false)).toContain(
      '\u001b[31;9mtwo\u001b[0m\n    \u001b[31;9mlines\u001b[0m\u001b[32;4mone\u001b[0m\n',
    );
  });

  test('lets no text do anything to the terminal', () => {
    const evil = '\u001b]0;title\u0007\u202e\r\u009b2J';
    const text = describeDiff(
      data({
        summary: summary({ a: { ...summary().a, session_id: `${evil}\n`, models: [evil] } }),
        steps: [
          step({
            path: evil,
            changed: ['model', 'error'],
            a: { ...SIDE, request_id: evil, model: evil, error: { type: evil, message: evil } },
            request: [{ op: 'insert', text: evil }],
          }),
        ],
      }),
      false,
      false,
    );
    expect(text).toMatch(/^[\n\x20-\x7e→≥…]*$/);
    expect(text).toContain('{+\\x1b]0;title\\x07\\u{202e}\\x0d\\x9b2J+}');
  });
});
