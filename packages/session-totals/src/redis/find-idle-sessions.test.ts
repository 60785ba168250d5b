import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ActivityIndex, findIdleSessions } from './find-idle-sessions.ts';

/** An index in memory: name → entry, and the truth about each session, undefined for one that is not live. */
function indexOf(sessions: ReadonlyMap<string, { early: number; at: number | undefined }>, most: number) {
  const entries = new Map([...sessions].map(([name, { early }]) => [name, early]));
  let mended = 0;
  const index: ActivityIndex = {
    async list(before, max) {
      const found = [...entries].filter(([, at]) => at < before).sort((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
      return found.slice(0, max).map(([name, at]) => ({ field: Buffer.from(name, 'latin1'), at }));
    },
    async refresh(fields) {
      return fields.slice(0, most).map((field) => {
        const name = field.toString('latin1');
        const { at } = sessions.get(name)!;
        if (at !== undefined && at !== entries.get(name)) {
          entries.set(name, at);
          mended++;
        }
        return at;
      });
    },
  };
  return { index, mended: () => mended };
}

describe('idle sessions', () => {
  test('are those of the sessions themselves, oldest first, however early their entries lie', async () => {
    const session = fc.record({ at: fc.nat(200), earlier: fc.nat(200) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(session, { maxLength: 40 }),
        fc.nat(220),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 1, max: 5 }),
        async (list, idleSince, max, most) => {
          const sessions = new Map(
            list.map(({ at, earlier }, i) => [String.fromCharCode(i), { at, early: Math.max(0, at - earlier) }]),
          );
          const { index, mended } = indexOf(sessions, most);
          const found = (await findIdleSessions(index, idleSince, max)).map((field) => field.toString('latin1'));
          const idle = [...sessions].filter(([, { at }]) => at < idleSince);
          const expected = idle.map(([, { at }]) => at).sort((a, b) => a - b);
          expect(found.map((name) => sessions.get(name)!.at)).toEqual(expected.slice(0, max));
          // Each is put back once at most, and the next question finds the front of the queue in order.
          const before = mended();
          expect(before).toBeLessThanOrEqual(list.length);
          await findIdleSessions(index, idleSince, max);
          expect(mended()).toBe(before);
        },
      ),
    );
  });

  test('do not hang on an entry without a session', async () => {
    const sessions = new Map([
      ['ghost', { early: 1, at: undefined }],
      ['a', { early: 2, at: 2 }],
    ]);
    const found = await findIdleSessions(indexOf(sessions, 1).index, 10, 10);
    expect(found.map(String)).toEqual(['a']);
  });
});
