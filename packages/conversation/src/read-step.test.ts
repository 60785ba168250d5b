import { describe, expect, it } from '@jest/globals';
import { readStep } from './read-step.ts';

describe('what a step gave', () => {
  it.each([
    ['its output alone', { output: '23 degrees' }, '23 degrees'],
    ['its output, of a tool that went well', { _type: 'tool', status: 'success', output: '{"a":1}' }, '{"a":1}'],
    ['its data, of a step that went well', { _type: 'data', status: 'success', data: [1] }, [1]],
    ['a field of that name that is its own', { data: [1] }, { data: [1] }],
    ['an answer that says more', { output: 1, took: 2 }, { output: 1, took: 2 }],
    ['an answer that says that it failed', { status: 'error', output: 'no' }, { status: 'error', output: 'no' }],
    ['nothing but that it went well', { _type: 'tool', status: 'success' }, { _type: 'tool', status: 'success' }],
    ['a text', 'done', 'done'],
    ['nothing', null, null],
  ])('is %s', (_, response, output) => {
    expect(readStep('tool', { toolName: 'look_up' }, response).output).toEqual(output);
  });
});
