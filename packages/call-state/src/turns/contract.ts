import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Turns } from './turns.ts';

export interface TurnsFixture {
  readonly turns: Turns;
  dispose(): Promise<void>;
}

/** What every adapter of `Turns` keeps to. */
export function turnsContract(name: string, make: () => Promise<TurnsFixture>): void {
  describe(`turns in ${name}`, () => {
    let fixture: TurnsFixture;
    beforeEach(async () => {
      fixture = await make();
    });
    afterEach(() => fixture.dispose());

    it('counts each name by itself, from nought', async () => {
      const { turns } = fixture;
      expect([await turns.next('a', DAY), await turns.next('a', DAY), await turns.next('a', DAY)]).toEqual([0, 1, 2]);
      expect([await turns.next('b', DAY), await turns.next('', DAY), await turns.next('a', DAY)]).toEqual([0, 0, 3]);
    });

    it('tells each of many who ask at once another number', async () => {
      const told = await Promise.all(Array.from({ length: 200 }, () => fixture.turns.next('a', DAY)));
      expect(told.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, at) => at));
    });

    it('takes any name', async () => {
      const { turns } = fixture;
      for (const name of ['a\0b', 'a\0c', '__proto__', 'ü{x}', 'x'.repeat(100_000)])
        expect(await turns.next(name, DAY)).toBe(0);
      expect(await turns.next('a\0c', DAY)).toBe(1);
    });

    it('begins anew once nobody has asked for so long', async () => {
      const { turns } = fixture;
      expect(await turns.next('a', 30)).toBe(0);
      await new Promise((resolve) => setTimeout(resolve, 60));
      expect(await turns.next('a', DAY)).toBe(0);
      expect(await turns.next('a', DAY)).toBe(1);
    });
  });
}

const DAY = 86_400_000;
