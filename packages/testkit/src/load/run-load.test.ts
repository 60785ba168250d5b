import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { receivedHeader, sentBody } from '../fake-provider/exchange.ts';
import { type FakeProvider, startFakeProvider } from '../fake-provider/fake-provider.ts';
import { countFates, createLedger } from './ledger.ts';
import { startLoad } from './run-load.ts';

// The load calls the fake provider directly: it answers the gateway's paths too, since only their ends matter to it.

let provider: FakeProvider;
beforeAll(async () => {
  provider = await startFakeProvider({ exchangesMax: 10_000 });
});
afterAll(() => provider.close());

const base = { key: 'sk-load', seed: 11, durationMsMax: 30_000 };

test('notes every call once, with what the provider told', async () => {
  const ledger = createLedger();
  await startLoad({ ...base, url: provider.origin, ledger, callsMax: 400, paceMsMax: 0 }).done;
  expect(ledger.calls).toHaveLength(400);
  expect(new Set(ledger.calls.map(({ call }) => call)).size).toBe(400);
  const fates = countFates(ledger);
  expect(fates.full).toBeGreaterThan(300);
  expect(fates.partial + fates.none).toBeGreaterThan(0);
  const priced = ledger.calls.filter(({ costPico }) => costPico !== undefined && costPico > 0n);
  expect(priced.length).toBeGreaterThan(200);
});

test('calls every response full where nobody leaves and nothing fails', async () => {
  const ledger = createLedger();
  const well = { abortShare: 0, faultShare: 0, paceMsMax: 1 };
  await startLoad({ ...base, ...well, url: provider.origin, ledger, callsMax: 150 }).done;
  expect(countFates(ledger)).toEqual({ full: 150, partial: 0, none: 0, refused: 0 });
});

test('calls no response full that was broken off or never came', async () => {
  const ledger = createLedger();
  const broken = { streamShare: 0, abortShare: 0, faultShare: 1, retryShare: 0, connections: 4 };
  await startLoad({ ...base, ...broken, url: provider.origin, ledger, callsMax: 150, sessionPrefix: 'broken-' }).done;
  const exchanges = new Map(
    provider.exchanges
      .filter(({ headers }) => headers.some(([, value]) => value.startsWith('broken-')))
      .map((exchange) => [receivedHeader(exchange, 'helicone-property-call'), exchange]),
  );
  const seen = { full: 0, broken: 0 };
  for (const { call, sessionId, received } of ledger.calls) {
    const exchange = exchanges.get(String(call));
    if (sessionId === null || !exchange) continue;
    const promised = exchange.responseHeaders.find(([name]) => name === 'Content-Length')?.[1];
    const whole = exchange.status > 0 && Number(promised) === sentBody(exchange).length;
    if (whole) seen.full++;
    else seen.broken++;
    expect([call, received === 'full']).toEqual([call, whole]);
  }
  expect(Math.min(seen.full, seen.broken)).toBeGreaterThan(10);
});

test('makes a call with a chosen id again, and notes both tries as one call', async () => {
  const ledger = createLedger();
  const flaky = { streamShare: 0, abortShare: 0, faultShare: 1, retryShare: 1, sessionPrefix: 'flaky-' };
  await startLoad({ ...base, ...flaky, url: provider.origin, ledger, callsMax: 100 }).done;
  const tries = Map.groupBy(
    provider.exchanges.filter(({ headers }) => headers.some(([, value]) => value.startsWith('flaky-'))),
    (exchange) => receivedHeader(exchange, 'helicone-property-call'),
  );
  const twice = [...tries.values()].filter(({ length }) => length === 2);
  expect(twice.length).toBeGreaterThan(3);
  for (const [first, second] of twice) {
    expect(receivedHeader(first!, 'helicone-request-id')).toBe(receivedHeader(second!, 'helicone-request-id'));
  }
  expect(new Set(ledger.calls.map(({ call }) => call)).size).toBe(ledger.calls.length);
});

test('draws the same calls from the same seed', async () => {
  const draw = async () => {
    const ledger = createLedger();
    const quiet = { abortShare: 0, connections: 1, paceMsMax: 0 };
    await startLoad({ ...base, ...quiet, url: provider.origin, ledger, callsMax: 40 }).done;
    return ledger.calls.map(({ sessionId, sessionPath, received, costPico }) => [
      sessionId,
      sessionPath,
      received,
      costPico,
    ]);
  };
  expect(await draw()).toEqual(await draw());
});

test('waits for a server that is down and notes nothing about it', async () => {
  const ledger = createLedger();
  const gone = await startFakeProvider();
  await gone.close();
  const load = startLoad({ ...base, url: gone.origin, ledger, callsMax: 5, durationMsMax: 100 });
  await load.done;
  expect(ledger.calls).toEqual([]);
});

test('ends at once when its clients leave', async () => {
  provider.setDefault({});
  const ledger = createLedger();
  const load = startLoad({ ...base, url: provider.origin, ledger, callsMax: 1e6, paceMsMax: 60, streamShare: 1 });
  setTimeout(() => load.stop('leave'), 100);
  await load.done;
  expect(countFates(ledger).partial + countFates(ledger).none).toBeGreaterThan(0);
});
