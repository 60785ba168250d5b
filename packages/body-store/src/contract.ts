import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { bodyName } from './body-names.ts';
import type { BodyStore } from './body-store.ts';
import { getReferenced } from './get-referenced.ts';

/** A place for bodies of its own, for one test. */
export interface BodyStoreFixture {
  /** One more client of the same place. */
  open(): BodyStore;
  /** Makes the place refuse or not answer, as when it is not mounted or its server is down. */
  breakDown(): Promise<void>;
  mend(): Promise<void>;
  dispose(): Promise<void>;
}

const HOUR_MS = 3_600_000;
/** A server tells ages by the second, on a busy machine. */
const SWEPT_MS_MAX = 20_000;
/** Each is two requests. */
const RUNS = 25;

/** What every adapter of `BodyStore` keeps to. */
export function bodyStoreContract(title: string, make: () => Promise<BodyStoreFixture>): void {
  describe(`bodies in ${title}`, () => {
    let fixture: BodyStoreFixture;
    let store: BodyStore;
    beforeEach(async () => {
      fixture = await make();
      store = fixture.open();
      await store.prepare();
    });
    afterEach(async () => {
      await store.close();
      await fixture.dispose();
    });
    const nameOf = (id: string, at = Date.now()) => bodyName({ event_id: id, received_at: at }, 'response');

    test('gives back whatever bytes it was given, to another client too', async () => {
      const other = fixture.open();
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 5_000 }), fc.uuid(), async (bytes, id) => {
          await store.put(nameOf(id), bytes);
          const reference = { name: nameOf(id), size: bytes.length, crc32: crc32(bytes) };
          expect(Buffer.from((await getReferenced(other, reference))!)).toEqual(Buffer.from(bytes));
        }),
        { numRuns: RUNS },
      );
      await other.close();
    });

    test('holds 16 MiB in one object', async () => {
      const bytes = Buffer.alloc(16 * 1024 * 1024, 'throughline ');
      await store.put(nameOf('large'), bytes);
      expect(crc32((await store.get(nameOf('large'), bytes.length))!)).toBe(crc32(bytes));
    });

    test('takes the same object again, at the same time as well', async () => {
      const bytes = Buffer.from('once');
      await Promise.all(Array.from({ length: 8 }, () => store.put(nameOf('again'), bytes)));
      await store.put(nameOf('again'), bytes);
      expect(Buffer.from((await store.get(nameOf('again'), 4))!).toString()).toBe('once');
    });

    test('has no object that was never stored, nor one of another size or checksum', async () => {
      expect(await store.get(nameOf('never'), 3)).toBeUndefined();
      await store.put(nameOf('other'), Buffer.from('bytes'));
      expect(await store.get(nameOf('other'), 4)).toBeUndefined();
      expect(await store.get(nameOf('other'), 6)).toBeUndefined();
      expect(await getReferenced(store, { name: nameOf('other'), size: 5, crc32: 1 })).toBeUndefined();
    });

    test.each(['../../etc/passwd', '2026-11-21/10/../../x-request', '/etc/passwd', '2026-11-21/10/a/b-request', ''])(
      'takes no name that leads elsewhere: %j',
      async (name) => {
        await expect(store.put(name, Buffer.from('x'))).rejects.toMatchObject({ code: 'bad-name', retryable: false });
        await expect(store.get(name, 1)).rejects.toMatchObject({ code: 'bad-name' });
        expect(await getReferenced(store, { name, size: 1, crc32: 0 })).toBeUndefined();
      },
    );

    test('says that it does not answer, instead of that an object is missing, and goes on afterwards', async () => {
      await store.put(nameOf('there'), Buffer.from('x'));
      await fixture.breakDown();
      await expect(store.get(nameOf('there'), 1)).rejects.toMatchObject({ retryable: true });
      await expect(store.get(nameOf('never'), 1)).rejects.toMatchObject({ retryable: true });
      await expect(store.put(nameOf('more'), Buffer.from('x'))).rejects.toMatchObject({ retryable: true });
      await expect(store.check()).rejects.toMatchObject({ retryable: true });
      await expect(store.deleteBefore(Date.now())).rejects.toMatchObject({ retryable: true });
      await fixture.mend();
      await store.check();
      expect(await store.get(nameOf('there'), 1)).toHaveLength(1);
      expect(await store.get(nameOf('more'), 1)).toBeUndefined();
    }, 60_000);

    test('deletes what is old by its name and its own time, and nothing else', async () => {
      const now = Date.now();
      // Of a gateway whose clock is ahead: one that ends with the hour under way would age while it is looked at.
      const young = nameOf('young', now + HOUR_MS);
      const old = Array.from({ length: 30 }, (_, i) => nameOf(`old-${i}`, now - (2 + i * 5) * HOUR_MS));
      for (const name of [young, ...old]) await store.put(name, Buffer.from(name));
      // All were stored just now, whatever their names say: by a gateway whose clock is behind.
      expect(await store.deleteBefore(now - HOUR_MS)).toBe(0);
      expect(await store.get(old.at(-1)!, old.at(-1)!.length)).toBeDefined();
      let deleted = 0;
      const deadline = now + SWEPT_MS_MAX;
      while (deleted < old.length && Date.now() < deadline) deleted += await store.deleteBefore(Date.now());
      expect(deleted).toBe(old.length);
      for (const name of old) expect(await store.get(name, name.length)).toBeUndefined();
      expect(await store.get(young, young.length)).toBeDefined();
    });

    test('may be swept by several at once, and takes more afterwards', async () => {
      const now = Date.now();
      const old = Array.from({ length: 20 }, (_, i) => nameOf(`old-${i}`, now - (100 + i) * HOUR_MS));
      for (const name of old) await store.put(name, Buffer.from('x'));
      const all = [store, fixture.open(), fixture.open()];
      const isLeft = async (name: string) => (await store.get(name, 1)) !== undefined;
      const deadline = now + SWEPT_MS_MAX;
      do await Promise.all(all.map((one) => one.deleteBefore(Date.now())));
      while (Date.now() < deadline && (await Promise.all(old.map(isLeft))).includes(true));
      expect((await Promise.all(old.map(isLeft))).includes(true)).toBe(false);
      // What was swept away with it, a folder for example, is there again when it is needed.
      await store.put(old[0]!, Buffer.from('y'));
      expect(await store.get(old[0]!, 1)).toHaveLength(1);
      for (const one of all.slice(1)) await one.close();
    });
  });
}
