import { describe, expect, test } from '@jest/globals';
import { readArguments, SUITES, USAGE } from './read-arguments.ts';
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
      against: undefined,
      requests: undefined,
      minutes: 2,
      conversations: undefined,
      peers: false,
      resumes: false,
      help: false,
    });
  });

  test('named scenarios keep the order in which they run', () => {
    const given = readArguments(['second', 'first', '--rounds', '5', '--profile', 'folder'], SCENARIOS);
    expect(given).toMatchObject({ scenarios: SCENARIOS, rounds: 5, profileDir: 'folder' });
  });

  test('the beginning of a name, up to a hyphen, names all that begin so', () => {
    const all = ['gateway-streams', 'gateway-recorded', 'gate', 'gatewayless'].map(scenario);
    expect(readArguments(['gateway'], all)).toMatchObject({ scenarios: all.slice(0, 2) });
    expect(readArguments(['gate'], all)).toMatchObject({ scenarios: [all[2]] });
    expect(readArguments(['gatew'], all)).toEqual({ problem: expect.stringMatching(/gatew/) });
    const two = ['proxy', 'proxy-streams'].map(scenario);
    expect(readArguments(['proxy'], two)).toMatchObject({ scenarios: two.slice(0, 1) });
  });

  test('a suite names its scenarios; that of other products compares with them, and goes on where one was ended', () => {
    const of = (suite: string) => SUITES[suite]!.scenarios;
    const scenarios = [...new Set([...of('quick'), ...of('peers')]), 'query'].map(scenario);
    expect(of('quick')).not.toContain('query');
    const named = scenarios.filter(({ name }) => of('quick').includes(name));
    expect(readArguments(['quick'], scenarios)).toMatchObject({ scenarios: named, peers: false, resumes: false });
    expect(readArguments(['peers'], scenarios)).toMatchObject({ peers: true, resumes: true });
    expect(readArguments(['peers', '--fresh'], scenarios)).toMatchObject({ peers: true, resumes: false });
    expect(readArguments(['query', '--peers'], scenarios)).toMatchObject({
      scenarios: [scenarios.at(-1)],
      peers: true,
    });
  });

  test('what compares versions runs where there is something to compare with', () => {
    const versions = { ...scenario('versions'), needsAgainst: true };
    const all = [...SCENARIOS, versions];
    expect(readArguments([], all)).toMatchObject({ scenarios: SCENARIOS });
    expect(readArguments(['--against', '/elsewhere'], all)).toMatchObject({ scenarios: all, against: '/elsewhere' });
    expect(readArguments(['versions'], all)).toEqual({ problem: expect.stringMatching(/--against/) });
  });

  test.each([
    [['third']],
    [['--rounds', '0']],
    [['--seconds', 'x']],
    [['--unknown']],
    [['--requests', '1000000,x']],
    [['--minutes', '0']],
  ])('%j is a problem, said in a sentence', (args) => {
    expect(readArguments(args, SCENARIOS)).toEqual({ problem: expect.stringMatching(/\S/) });
  });

  test('the usage names every scenario', () => {
    for (const { name, about } of SCENARIOS) expect(USAGE(SCENARIOS)).toMatch(new RegExp(`${name}\\s+${about}`));
  });
});
