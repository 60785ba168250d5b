import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Scenario } from './scenario.ts';

export interface BenchArguments {
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
  readonly seconds: number;
  readonly profileDir: string | undefined;
  readonly against: string | undefined;
  readonly requests: readonly number[] | undefined;
  readonly minutes: number;
  /** Compare with other products too. */
  readonly peers: boolean;
  readonly conversations: string | undefined;
  /** Scenarios that an earlier run has measured are not measured again. */
  readonly resumes: boolean;
  readonly help: boolean;
}

/** Scenarios that answer one question together, by the word that names them. */
export const SUITES: Readonly<Record<string, { readonly about: string; readonly scenarios: readonly string[] }>> = {
  quick: {
    about: 'us, bare Node and nginx, within a quarter of an hour',
    scenarios: [
      'proxy',
      'proxy-streams',
      'proxy-and-record',
      'added-latency',
      'aggregator',
      'whole-process',
      'start-and-idle',
    ],
  },
  peers: {
    about: 'us and what one could install in place of us (see install-peers); goes on where an earlier run was ended',
    scenarios: [
      'proxy',
      'proxy-streams',
      'agent-traffic',
      'proxy-and-record',
      'ingest-spans',
      'session-lists',
      'start-and-idle',
    ],
  },
};

/** A longer one's log would fill disks. */
const MINUTES_MAX = 30;

/** Three rounds of four seconds each put all scenarios within fifteen minutes. */
const DEFAULTS = { rounds: '3', seconds: '4', minutes: '2' };

/** @returns the problem, as a sentence, when they cannot be used. */
export function readArguments(
  args: readonly string[],
  scenarios: readonly Scenario[],
): BenchArguments | { readonly problem: string } {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(args);
  } catch (error) {
    return { problem: (error as Error).message };
  }
  const { values } = parsed;
  const suite = parsed.positionals.length === 1 ? parsed.positionals[0]! : '';
  const positionals = SUITES[suite]?.scenarios ?? parsed.positionals;
  const unknown = positionals.find((given) => namedBy(given, scenarios).length === 0);
  if (unknown !== undefined) return { problem: `There is no scenario ${JSON.stringify(unknown)}.` };
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  if (!Number.isInteger(rounds) || rounds < 1) return { problem: '--rounds is a whole number from 1.' };
  if (!Number.isInteger(seconds) || seconds < 1) return { problem: '--seconds is a whole number from 1.' };
  const minutes = Number(values.minutes);
  if (!(minutes > 0 && minutes <= MINUTES_MAX)) return { problem: `--minutes is a number up to ${MINUTES_MAX}.` };
  const requests = values.requests?.split(',').map(Number);
  if (!(requests ?? [1]).every((size) => Number.isInteger(size) && size >= 1)) {
    return { problem: '--requests is a list of whole numbers, such as 1000000,10000000.' };
  }
  const named = new Set(positionals.flatMap((given) => namedBy(given, scenarios)));
  const isChosen = (scenario: Scenario) =>
    positionals.includes(scenario.name) ||
    ((positionals.length === 0 || named.has(scenario)) && (!scenario.needsAgainst || values.against !== undefined));
  const chosen = scenarios.filter(isChosen);
  const lacking = chosen.find(({ needsAgainst }) => needsAgainst && values.against === undefined);
  if (lacking) return { problem: `${lacking.name} needs --against <folder>: an installed checkout to compare with.` };
  return {
    scenarios: chosen,
    rounds,
    seconds,
    profileDir: values.profile,
    against: values.against === undefined ? undefined : resolve(values.against),
    requests,
    minutes,
    conversations: values.conversations === undefined ? undefined : resolve(values.conversations),
    peers: values.peers || suite === 'peers',
    resumes: suite === 'peers' && !values.fresh,
    help: values.help,
  };
}

/** `gateway` names all whose names begin with `gateway-`, as there is none of that name itself. */
function namedBy(given: string, scenarios: readonly Scenario[]): Scenario[] {
  const exact = scenarios.filter(({ name }) => name === given);
  return exact.length > 0 ? exact : scenarios.filter(({ name }) => name.startsWith(`${given}-`));
}

function parse(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: DEFAULTS.rounds },
      seconds: { type: 'string', default: DEFAULTS.seconds },
      profile: { type: 'string' },
      against: { type: 'string' },
      requests: { type: 'string' },
      minutes: { type: 'string', default: DEFAULTS.minutes },
      conversations: { type: 'string' },
      peers: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

export const USAGE = (
  scenarios: readonly Scenario[],
): string => `Usage: bench [scenario … | suite] [--rounds 3] [--seconds 4] [--requests 1000000] [--minutes 2] [--peers] [--fresh] [--conversations <folder>] [--profile <folder>] [--against <folder>]
       bench install-peers [name …]
       bench check    exit code 1 where the gateway costs far more of bare Node than it did, 3 where the machine is too busy to tell

  --rounds    measurements of each contestant; medians are reported
  --seconds   length of one measurement under load
  --requests  how many the tables of query, patterns and growth hold, one size after the other: 1000000,10000000; of
              time-lapse, how many calls the day has
  --minutes   length of the load of the scenario memory
  --peers     other products that are installed are contestants too, where a scenario knows any
  --fresh     measure again what an earlier run of the suite peers has measured
  --conversations  folder of conversations of agents (*.json, *.json.gz), in place of made-up ones
  --profile   folder for V8's CPU profiles of what is measured (which then costs more)
  --against   folder of another checkout, with its packages installed, for scenarios that compare versions

Suites:
${listed(Object.entries(SUITES).map(([name, { about }]) => ({ name, about })))}

Scenarios (all when none is named):
${listed(scenarios)}
`;

function listed(all: readonly Pick<Scenario, 'name' | 'about'>[]): string {
  const width = Math.max(...all.map(({ name }) => name.length)) + 2;
  return all.map(({ name, about }) => `  ${name.padEnd(width)}${about}`).join('\n');
}
