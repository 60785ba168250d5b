import { expect, test } from '@jest/globals';
import type { RecordedCall, SessionRecords } from '@throughline/contracts/recorded-call';
import { CassetteShelf } from './cassette-shelf.ts';

const MB = 1024 * 1024;

/** Sessions whose only answer has so many megabytes; what was read is noted. */
function recordsOf(sizes: Record<string, number>): { records: SessionRecords; read: string[] } {
  const read: string[] = [];
  const records: SessionRecords = {
    async read(tenantId, sessionId) {
      read.push(`${tenantId}/${sessionId}`);
      if (sessionId === 'failing') throw new Error('the store is away');
      const megabytes = sizes[sessionId];
      return megabytes === undefined ? undefined : piecesOf(megabytes);
    },
  };
  return { records, read };
}

async function* piecesOf(megabytes: number): AsyncGenerator<readonly RecordedCall[]> {
  for (let n = 0; n < megabytes; n += 16) yield [callOf(n, Math.min(16, megabytes - n) * MB)];
}

function callOf(n: number, bytes: number): RecordedCall {
  return {
    requestId: `r${n}`,
    sessionPath: '',
    method: 'POST',
    path: '/',
    status: 200,
    requestContentType: '',
    responseHeaders: [],
    firstByteMs: null,
    latencyMs: 0,
    request: { bytes: Buffer.from(String(n)), encoding: '' },
    response: { bytes: Buffer.alloc(bytes), encoding: '' },
  };
}

test('a session is read once for all who ask at the same time, and again after a minute', async () => {
  const { records, read } = recordsOf({ s: 1 });
  const shelf = new CassetteShelf(records);
  const [first, second] = await Promise.all([shelf.find('acme', 's', 0), shelf.find('acme', 's', 0)]);
  expect(first).toBe(second);
  expect(await shelf.find('acme', 's', 59_999)).toBe(first);
  expect(read).toEqual(['acme/s']);
  expect(await shelf.find('acme', 's', 60_000)).not.toBe(first);
  expect(read).toEqual(['acme/s', 'acme/s']);
});

test('another tenant has a session of its own, whatever its names are', async () => {
  const { records, read } = recordsOf({ s: 1, '","s': 1 });
  const shelf = new CassetteShelf(records);
  await shelf.find('acme', 's', 0);
  await shelf.find('rival', 's', 0);
  await shelf.find('acme","', 's', 0);
  await shelf.find('acme', '","s', 0);
  expect(read).toHaveLength(4);
});

test('what does not exist, or could not be read, is asked for again', async () => {
  const { records, read } = recordsOf({});
  const shelf = new CassetteShelf(records);
  expect(await shelf.find('acme', 's', 0)).toBeUndefined();
  expect(await shelf.find('acme', 's', 0)).toBeUndefined();
  await expect(shelf.find('acme', 'failing', 0)).rejects.toThrow('the store is away');
  await expect(shelf.find('acme', 'failing', 0)).rejects.toThrow('the store is away');
  expect(read).toHaveLength(4);
});

test('more than may be kept is not: of one session, and of all the one that was read first', async () => {
  const { records, read } = recordsOf({ large: 144, a: 112, b: 112, c: 112 });
  const shelf = new CassetteShelf(records);
  await expect(shelf.find('acme', 'large', 0)).rejects.toMatchObject({ code: 'cassette-too-large' });
  for (const session of ['a', 'b', 'c']) expect((await shelf.find('acme', session, 0))!.bytes).toBe(112 * MB);
  read.length = 0;
  for (const session of ['c', 'b', 'a']) await shelf.find('acme', session, 0);
  expect(read).toEqual(['acme/a']);
});
