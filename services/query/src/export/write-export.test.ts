import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import type { Response } from 'express';
import type { ExportEncoder } from './export-column.ts';
import { writeExport } from './write-export.ts';

const PAGE = Buffer.alloc(1024 * 1024, 'x');
const encoder: ExportEncoder<string> = { begin: () => 'begin', page: () => PAGE, end: () => 'end' };

/** What becomes of an export whose reader does something with the answer. */
async function exported(
  pages: AsyncIterable<readonly string[]>,
  read: (res: http.IncomingMessage) => unknown,
  idleMsMax?: number,
): Promise<unknown> {
  let done: Promise<unknown> | undefined;
  const server = http.createServer((_req, res) => {
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    done = writeExport(pages, encoder, res as Response, gone.signal, idleMsMax).then(
      () => 'written',
      (error: unknown) => error,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const req = http.get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  // Cut connections are what some of these are about.
  req.on('error', () => undefined);
  const [res] = (await once(req, 'response')) as [http.IncomingMessage];
  res.on('error', () => undefined);
  const reading = read(res);
  const outcome = await done;
  await reading;
  req.destroy();
  server.closeAllConnections();
  server.close();
  return outcome;
}

async function* pagesOf(count: number, then?: () => void): AsyncGenerator<readonly string[], void, undefined> {
  for (let i = 0; i < count; i++) yield ['row'];
  then?.();
}

test('is written whole, and ends, for whoever reads it', async () => {
  let bytes = 0;
  const outcome = await exported(pagesOf(3), async (res) => {
    for await (const chunk of res) bytes += (chunk as Buffer).length;
  });
  expect(outcome).toBe('written');
  expect(bytes).toBe('begin'.length + 3 * PAGE.length + 'end'.length);
});

test('ends without a word when the reader hangs up, or reads nothing for too long', async () => {
  const endless = pagesOf(Number.POSITIVE_INFINITY);
  expect(await exported(endless, (res) => void res.destroy())).toBe('written');
  // Closed with the reader: nothing more is read for nobody.
  expect(await endless.next()).toEqual({ done: true, value: undefined });
  expect(await exported(pagesOf(Number.POSITIVE_INFINITY), (res) => void res.pause(), 200)).toBe('written');
});

test('cuts the connection when a page fails, and says why', async () => {
  const failing = pagesOf(2, () => {
    throw new Error('the store is gone');
  });
  let isWhole: boolean | undefined;
  const outcome = await exported(failing, async (res) => {
    res.resume();
    await new Promise((resolve) => res.once('close', resolve));
    isWhole = res.complete;
  });
  expect(outcome).toMatchObject({ message: 'the store is gone' });
  expect(isWhole).toBe(false);
});
