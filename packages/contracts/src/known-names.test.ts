import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { KnownNames } from './known-names.ts';
import { MessagePackReader } from './message-pack-reader.ts';

const packr = new Packr({ useRecords: false });

test('names of maps are found in whatever order they come, and others are not', () => {
  const names = ['id', 'name', 'path', 'rule', 'naïve', 'a_much_longer_name'] as const;
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constantFrom(...names), fc.string())), (written) => {
      const known = new KnownNames(names);
      const reader = new MessagePackReader(packr.pack(written));
      reader.arraySize();
      const found = written.map(() => reader.name(known));
      expect(found).toEqual(written.map((name) => names.find((one) => one === name)));
    }),
  );
});
