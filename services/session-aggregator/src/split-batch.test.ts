import { expect, test } from '@jest/globals';
import { splitBatch } from './split-batch.ts';
import type { LoggedEntry } from './steps/decide-step.ts';

const request = (id: string) => ({ kind: 'request', built: { row: { event_id: id } } }) as LoggedEntry;
const annotation = (id: string) => ({ kind: 'annotation', row: { request_event_id: id } }) as LoggedEntry;
const lost = { kind: 'lost', offset: 0, through: 0, reason: '' } as const;

test('a batch is cut before each annotation of a request that is in the same part, and nowhere else', () => {
  const entries = [
    annotation('earlier'),
    request('a'),
    request('b'),
    annotation('earlier'),
    lost,
    annotation('b'),
    annotation('a'),
    request('c'),
    annotation(''),
    annotation('c'),
  ];
  const parts = splitBatch(entries);
  expect(parts.flat()).toEqual(entries);
  expect(parts.map((part) => part.length)).toEqual([5, 4, 1]);
});

test('a batch without annotations stays whole', () => {
  expect(splitBatch([request('a'), lost, request('a')]).length).toBe(1);
});
