import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { liveFigures } from '../../test/live-figures.ts';
import { createShownPartition } from './shown-partition.ts';

test('counters are never ahead of what lists show, and each change is told once lists show it', async () => {
  const step = fc.constantFrom('commit', 'show', 'look', 'look');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const figures = liveFigures();
      const partition = createShownPartition(0, figures.ports.totals, () => figures.ports.progress(0));
      let committed = 0;
      let shown = 0;
      let told = 0;
      const look = async () => {
        const isFirst = partition.tenants === undefined;
        const change = await partition.look();
        const requests = change?.after.get('acme')?.requests ?? 0;
        // The first figures are told at once, and once more when lists show them.
        if (change && !isFirst) expect(requests).toBeLessThanOrEqual(shown);
        if (change && requests <= shown) told = requests;
      };
      for (const one of steps) {
        if (one === 'commit') figures.commit({ tenants: { acme: { requests: ++committed } } });
        else if (one === 'show') {
          figures.show();
          shown = committed;
        } else await look();
      }
      figures.show();
      shown = committed;
      for (let looks = 0; looks < 3; looks++) await look();
      expect(told).toBe(committed);
    }),
  );
});

test('a state that does not move on is not read again', async () => {
  const figures = liveFigures();
  figures.commit({ tenants: { acme: { requests: 1 } } });
  figures.show();
  const partition = createShownPartition(0, figures.ports.totals, () => figures.ports.progress(0));
  for (let looks = 0; looks < 5; looks++) await partition.look();
  expect(figures.reads).toBe(1);
});

test('totals that are being made anew from rows are not told of', async () => {
  const totals = {
    loadPartition: async () => ({
      fence: { logId: 'rebuilding:log', offset: 7, epoch: 2 },
      tenants: new Map([['acme', { requests: 3 }]]),
    }),
  };
  const progress = () => ({ totals: 7, snapshots: 7 });
  const partition = createShownPartition(0, totals as never, progress);
  expect(await partition.look()).toBeUndefined();
  expect([...partition.tenants!]).toEqual([]);
});
