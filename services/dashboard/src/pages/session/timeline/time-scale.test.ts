import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { layLanes } from './lanes.ts';
import { timeScale } from './time-scale.ts';

const calls = fc
  .array(fc.tuple(fc.nat(10_000_000), fc.nat(60_000)), { minLength: 1, maxLength: 40 })
  .map((pairs) => pairs.sort(([a], [b]) => a - b))
  .map((pairs) => ({ starts: pairs.map(([start]) => start), latencies: pairs.map(([, ms]) => ms) }));

describe('time as it is drawn', () => {
  it('leaves out most of an idle hour and says so', () => {
    const scale = timeScale([0, 3_600_000], [10_000, 10_000], true);
    expect(scale.gaps).toEqual([{ fromMs: 10_000, toMs: 3_600_000 }]);
    expect(scale.length).toBeLessThan(30_000);
    expect(scale.drawn(5_000)).toBe(5_000);
    expect(timeScale([0, 3_600_000], [10_000, 10_000], false)).toMatchObject({ gaps: [], length: 3_610_000 });
  });

  it('goes there and back, never backwards, and what runs has its true length', () => {
    fc.assert(
      fc.property(calls, fc.boolean(), ({ starts, latencies }, isFolding) => {
        const scale = timeScale(starts, latencies, isFolding);
        let before = -1;
        starts.forEach((start, index) => {
          const at = scale.drawn(start);
          expect(at).toBeGreaterThanOrEqual(before);
          before = at;
          expect(scale.drawn(start + latencies[index]!) - at).toBeCloseTo(latencies[index]!, 3);
          expect(scale.instant(at)).toBeCloseTo(start, 3);
        });
        expect(scale.length).toBeGreaterThan(0);
      }),
    );
  });
});

describe('lanes', () => {
  it('hold one request at a time, and are no more than there have to be', () => {
    fc.assert(
      fc.property(calls, ({ starts, latencies }) => {
        const { lanes, count } = layLanes(starts, latencies);
        const ends = latencies.map((ms, index) => starts[index]! + Math.max(1, ms));
        let atOnce = 0;
        starts.forEach((start, a) => {
          const running = starts.flatMap((other, b) => (other <= start && ends[b]! > start ? b : []));
          atOnce = Math.max(atOnce, running.length);
          for (const b of running) if (a !== b) expect(lanes[a]).not.toBe(lanes[b]);
        });
        expect(count).toBe(atOnce);
      }),
    );
  });
});
