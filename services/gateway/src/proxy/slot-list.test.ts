import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SlotList, type Slotted } from './slot-list.ts';

describe('a slot list', () => {
  test('holds what a Set would, through any comings and goings', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(9))), (steps) => {
        const members: Slotted[] = Array.from({ length: 10 }, () => ({ slot: -1 }));
        const list = new SlotList<Slotted>();
        const model = new Set<Slotted>();
        for (const [isArrival, index] of steps) {
          const member = members[index]!;
          if (!isArrival) {
            list.delete(member);
            model.delete(member);
          } else if (!model.has(member)) {
            list.add(member);
            model.add(member);
          }
          expect(new Set(list)).toEqual(model);
          expect(list.size).toBe(model.size);
        }
      }),
    );
  });

  test('may be emptied by whoever goes through it', () => {
    const list = new SlotList<Slotted>();
    for (let i = 0; i < 5; i++) list.add({ slot: -1 });
    for (const member of list) list.delete(member);
    expect(list.size).toBe(0);
  });
});
