import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import type { ApiRequest } from '@throughline/testkit/api-client';
import { sentBody } from '@throughline/testkit/fake-provider/exchange';
import { leaksOf } from './instance.ts';
import { codeBlocks, readPage } from './run-blocks.ts';
import type { VendorName, Vendors } from './vendors.ts';

export interface PageTrial {
  /** Below `docs/`. */
  readonly page: string;
  /** Of its blocks. */
  readonly language: 'ts' | 'py';
  /** Whom its blocks call. */
  readonly providers: readonly VendorName[];
  /** Variables that hold credentials, as the reader of a block has them. */
  readonly secrets: (code: string) => readonly string[];
  /** Runs one block. @returns stdout. */
  readonly run: (code: string, env: Readonly<Record<string, string>>) => Promise<string>;
}

/**
 * Runs every block of a page, each on its own, as a reader would who has set Throughline's address, its key and the
 * provider's. Expects of each that it prints something; that the client was sent what the provider sent; that its calls
 * are stored with usage and cost; and, where it names a session, that they are steps of one session at paths that differ.
 */
export async function tryPage({ fakes, instance, tap }: Vendors, trial: PageTrial): Promise<void> {
  const { key } = instance.throughline;
  const blocks = codeBlocks(await readPage(trial.page));
  expect(blocks.map(({ language }) => language)).toEqual(blocks.map(() => trial.language));
  expect(blocks.length).toBeGreaterThan(1);
  for (const { code, line } of blocks) {
    const secrets = Object.fromEntries(
      trial.secrets(code).map((name) => [name, `canary${randomBytes(18).toString('hex')}`] as const),
    );
    const before = tap.answers.length;
    const stdout = await trial.run(code, {
      THROUGHLINE_URL: tap.origin,
      THROUGHLINE_API_KEY: key,
      ...secrets,
    });
    expect(stdout.trim().length).toBeGreaterThan(10);

    const stored: ApiRequest[] = [];
    for (const { body, headers, status } of tap.answers.slice(before)) {
      expect([line, status]).toEqual([line, 200]);
      const request = await instance.stored(String(headers['helicone-id']));
      const exchange = fakes[request.provider as VendorName].exchange(String(headers['x-fake-exchange']));
      expect(await body).toEqual(sentBody(exchange));
      expect(leaksOf(exchange, key)).toEqual([]);
      expect(request).toMatchObject({ usage_complete: true, cost_source: 'table', error: null });
      expect(request.cost).toBeGreaterThan(0);
      expect(Object.values(secrets).filter((secret) => JSON.stringify(request).includes(secret))).toEqual([]);
      stored.push(request);
    }
    expect(stored.length).toBeGreaterThan(0);
    expect(trial.providers).toEqual(expect.arrayContaining(stored.map(({ provider }) => provider)));
    if (!code.includes('Helicone-Session-Id')) continue;

    const [first] = stored;
    const steps = await instance.storedSession(String(first!.session_id), stored.length);
    const paths = steps.map(({ session_path }) => session_path);
    expect(paths.length).toBeGreaterThan(1);
    expect([...new Set(paths)]).toEqual(paths);
    expect(steps.every(({ session_name }) => session_name === 'travel guide')).toBe(true);
    expect([...new Set(steps.map(({ provider }) => provider))].sort()).toEqual([...trial.providers].sort());
  }
}
