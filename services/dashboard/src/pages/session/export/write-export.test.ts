import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ExportProgress, writeExport } from './write-export.ts';

const SESSION = { session_id: 's' };
const idle = () => {};

describe('the export of a session with bodies', () => {
  test('is one document with all requests in their order, whichever is answered first', async () => {
    const delays = fc.array(fc.nat({ max: 5 }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(delays, async (ticks) => {
        const { blob, missing } = await writeExport({
          session: SESSION,
          requestIds: ticks.map((_, index) => `r${index}`),
          ask: async (id) => {
            for (let tick = 0; tick < ticks[Number(id.slice(1))]!; tick++) await Promise.resolve();
            return { request_id: id, request_body: { ask: `"${id}"\n\ud800` } };
          },
          signal: new AbortController().signal,
          onProgress: idle,
        });
        expect(missing).toBe(0);
        expect(JSON.parse(await blob.text())).toEqual({
          session: SESSION,
          requests: ticks.map((_, index) => ({
            request_id: `r${index}`,
            request_body: { ask: `"r${index}"\n\ud800` },
          })),
        });
      }),
    );
  });

  test('asks for four at a time, and says how far it is', async () => {
    let [running, most] = [0, 0];
    const told: ExportProgress[] = [];
    await writeExport({
      session: SESSION,
      requestIds: Array.from({ length: 20 }, (_, index) => `r${index}`),
      ask: async () => {
        most = Math.max(most, ++running);
        await new Promise(setImmediate);
        running--;
        return {};
      },
      signal: new AbortController().signal,
      onProgress: (progress) => told.push(progress),
    });
    expect(most).toBe(4);
    expect(told.map(({ requests }) => requests)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
    expect(told.at(-1)!.bytes).toBeGreaterThan(told[0]!.bytes);
  });

  test('leaves out what is no longer there, and says how many', async () => {
    const { blob, missing } = await writeExport({
      session: SESSION,
      requestIds: ['a', 'gone', 'b'],
      ask: async (id) => (id === 'gone' ? undefined : { id }),
      signal: new AbortController().signal,
      onProgress: idle,
    });
    expect(missing).toBe(1);
    expect(JSON.parse(await blob.text()).requests).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  test('gives up what is under way where one fails, and asks for nothing more', async () => {
    const asked: string[] = [];
    const aborted: string[] = [];
    const writing = writeExport({
      session: SESSION,
      requestIds: ['a', 'b', 'c', 'd', 'e', 'f'],
      ask: (id, signal) => {
        asked.push(id);
        if (id === 'b') return Promise.reject(new Error('no'));
        if (id === 'a') return Promise.resolve({});
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            aborted.push(id);
            reject(signal.reason);
          });
        });
      },
      signal: new AbortController().signal,
      onProgress: idle,
    });
    await expect(writing).rejects.toThrow('no');
    expect(asked).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(aborted).toEqual(['c', 'd', 'e']);
  });

  test('ends when it is cancelled', async () => {
    const abort = new AbortController();
    const writing = writeExport({
      session: SESSION,
      requestIds: ['a', 'b'],
      ask: async () => {
        abort.abort();
        return {};
      },
      signal: abort.signal,
      onProgress: idle,
    });
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
  });
});
