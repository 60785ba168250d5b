import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Packr } from 'msgpackr';
import { MessagePackReader } from './message-pack-reader.ts';
import { RecentTexts } from './recent-texts.ts';

const packr = new Packr({ useRecords: false });

test('recent texts are what was written, however many share a place', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 50 })), (written) => {
      const texts = new RecentTexts(4);
      const reader = new MessagePackReader(packr.pack([...written, ...written]));
      reader.arraySize();
      const read = [...written, ...written].map(() => reader.repeatedString(texts));
      expect(read).toEqual([...written, ...written]);
    }),
  );
});
