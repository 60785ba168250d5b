import { expect, test } from '@jest/globals';
import { besideNotes } from './beside-notes.ts';

test('what a contestant has beside itself is named with its own CPU, wherever that was measured', () => {
  const running = { raw: {}, kafka: { beside: { title: 'Kafka' } } };
  const samples = (besideUs: number) => ({ raw: [{ besideUs: Number.NaN }], kafka: [{ besideUs }] });
  expect(besideNotes(running, { 'c=1': samples(70), 'c=16': samples(25) })).toEqual([
    'Kafka’s own CPU, on the other core, µs: 70.0 ±0% (c=1), 25.0 ±0% (c=16)',
  ]);
  expect(besideNotes(running, { 'per call': { raw: [] } })).toEqual([]);
});
