import { expect, test } from '@jest/globals';
import { picoToDecimal } from '@throughline/contracts/money';
import { COST_PICO_PER_CALL } from '../traffic/chat-calls.ts';
import type { StoredFigures } from './aggregator-run.ts';
import { requireExact } from './stored-figures.ts';

const EXPECTED = { events: 30, sessions: 3, before: 60 };

function figures(changes: Partial<StoredFigures> = {}): StoredFigures {
  return {
    rows: 30,
    bodies: 30,
    cost: picoToDecimal(COST_PICO_PER_CALL * 30n),
    sessions: 3,
    sessionRequests: 90,
    sessionCost: picoToDecimal(COST_PICO_PER_CALL * 90n),
    totalledRequests: 30,
    totalledCostPico: String(COST_PICO_PER_CALL * 30n),
    ...changes,
  };
}

test('stores that hold what was called are exact, with what only totals knew before', () => {
  expect(() => requireExact(figures(), EXPECTED)).not.toThrow();
});

test.each<[string, Partial<StoredFigures>]>([
  ['rows', { rows: 29 }],
  ['bodies', { bodies: 31 }],
  ['sessions', { sessions: 4 }],
  ['requests in snapshots', { sessionRequests: 30 }],
  ['requests totalled', { totalledRequests: 90 }],
  ['cost of rows', { cost: '0.1' }],
  ['cost of snapshots', { sessionCost: picoToDecimal(COST_PICO_PER_CALL * 30n) }],
  ['cost totalled', { totalledCostPico: '1' }],
])('%s that differ are named', (name, changes) => {
  expect(() => requireExact(figures(changes), EXPECTED)).toThrow(`not exact: ${name} (`);
});
