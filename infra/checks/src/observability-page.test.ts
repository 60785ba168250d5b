import { expect, test } from '@jest/globals';
import { registeredMetrics } from './registered-metrics.ts';
import { readText } from './repository.ts';

const page = readText('docs/observability.md');
const metrics = registeredMetrics();
/** Name in a table, and the cell beside it, where labels stand. */
const listed = page
  .split('\n')
  .filter((line) => line.startsWith('| `throughline_'))
  .flatMap((line) => {
    const [names, kindAndLabels] = line.split('|').slice(1);
    return [...names!.matchAll(/`(throughline_[a-z_]+)`/g)].map(([, name]) => ({ name: name!, kindAndLabels }));
  });

test('the page lists every metric there is, once, and no other', () => {
  expect(listed.map(({ name }) => name).sort()).toEqual([...metrics.keys()].sort());
});

test.each(listed)('$name is listed with its labels and kind', ({ name, kindAndLabels }) => {
  const { kind, labels } = metrics.get(name)!;
  expect([...kindAndLabels!.matchAll(/`([a-z_]+)`/g)].map(([, label]) => label)).toEqual(labels);
  expect(kindAndLabels!.includes('histogram')).toBe(kind === 'histogram');
});
