import { describe, expect, test } from '@jest/globals';
import { readArguments, USAGE } from './read-arguments.ts';
import type { Scenario } from './scenario.ts';

const scenario = (name: string): Scenario => ({ name, about: `about ${name}`, run: () => Promise.reject(new Error()) });
const SCENARIOS = [scenario('first'), scenario('second')];

describe('arguments of the benchmark', () => {
  test('no name means every scenario, three rounds of four seconds', () => {
    expect(readArguments([], SCENARIOS)).toEqual({
      scenarios: SCENARIOS,
      rounds: 3,
      seconds: 4,
      profileDir: undefined,
      requests: [1_000_000],
      help: false,
    });
  });

  test('named scenarios keep the order in which they run', () => {
    const given = readArguments(['second', 'first', '--rounds', '5', '--profile', 'folder'], SCENARIOS);
    expect(given).toMatchObject({ scenarios: SCENARIOS, rounds: 5, profileDir: 'folder' });
  });

  test.each([[['third']], [['--rounds', '0']], [['--seconds', 'x']], [['--unknown']], [['--requests', '1000000,x']]])(
    '%j is a problem, said in a sentence',
    (args) => {
      expect(readArguments(args, SCENARIOS)).toEqual({ problem: expect.stringMatching(/\S/) });
    },
  );

  test('the usage names every scenario', () => {
    for (const { name, about } of SCENARIOS) expect(USAGE(SCENARIOS)).toMatch(new RegExp(`${name}\\s+${about}`));
  });
});
