import { describe, expect, test } from '@jest/globals';
import { continuedTrace } from './continued-trace.ts';

const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const SPAN = '00-4bf92f3577b34da6a3ce929d0e0e4736-b7ad6b7169203331-01';
const OTHER_TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('spans about a logged call continue', () => {
  test('the caller’s context where the gateway does not trace', () => {
    expect(continuedTrace({ traceparent: CALLER, tracestate: 'a=1' })).toEqual({
      traceparent: CALLER,
      tracestate: 'a=1',
    });
  });

  test('the gateway’s span, with the tracestate of the trace that both are in', () => {
    expect(continuedTrace({ traceparent: CALLER, tracestate: 'a=1', span: SPAN })).toEqual({
      traceparent: SPAN,
      tracestate: 'a=1',
    });
  });

  test.each(['', 'garbage', CALLER])(
    'the gateway’s own trace without a tracestate of another one (%j)',
    (traceparent) => {
      expect(continuedTrace({ traceparent, tracestate: 'a=1', span: OTHER_TRACE })).toEqual({
        traceparent: OTHER_TRACE,
        tracestate: '',
      });
    },
  );
});
