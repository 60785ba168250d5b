import { describe, expect, test } from '@jest/globals';
import { errorType, inSpan, NO_TRACER, type Span, type Tracer } from './tracer.ts';

/** Notes what happens to spans. */
function notingTracer(): { tracer: Tracer; notes: string[] } {
  const notes: string[] = [];
  const tracer: Tracer = {
    isOn: true,
    start(name): Span {
      notes.push(`start ${name}`);
      return {
        context: { traceparent: '', tracestate: '' },
        isRecorded: true,
        set: () => {},
        fail: (type) => void notes.push(`fail ${type}`),
        end: () => void notes.push('end'),
      };
    },
  };
  return { tracer, notes };
}

describe('work in a span', () => {
  test('ends the span with its answer', async () => {
    const { tracer, notes } = notingTracer();
    await expect(inSpan(tracer, 'work', {}, async () => 7)).resolves.toBe(7);
    expect(notes).toEqual(['start work', 'end']);
  });

  test('that fails fails the span with the kind of error, never its message', async () => {
    const { tracer, notes } = notingTracer();
    const error = new TypeError('a secret');
    await expect(inSpan(tracer, 'work', {}, () => Promise.reject(error))).rejects.toBe(error);
    expect(notes).toEqual(['start work', 'fail TypeError', 'end']);
  });

  test('is just done while tracing is off', async () => {
    await expect(inSpan(NO_TRACER, 'work', {}, async (span) => span.isRecorded)).resolves.toBe(false);
  });
});

test('an error’s kind is its class and code', () => {
  expect(errorType(Object.assign(new Error('said'), { code: 'ECONNREFUSED' }))).toBe('Error:ECONNREFUSED');
  expect(errorType('said')).toBe('string');
});
