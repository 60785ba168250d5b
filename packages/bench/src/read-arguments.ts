import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Scenario } from './scenario.ts';

export interface BenchArguments {
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
  readonly seconds: number;
  readonly profileDir: string | undefined;
  readonly against: string | undefined;
  readonly requests: readonly number[];
  readonly help: boolean;
}

/** Three rounds of four seconds each put all scenarios within fifteen minutes. */
const DEFAULTS = { rounds: '3', seconds: '4', requests: '1000000' };

/** With fewer, some questions have no answer. */
const REQUESTS_MIN = 200_000;

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
  const { values, positionals } = parsed;
  const unknown = positionals.find((given) => !scenarios.some(({ name }) => isNamed(name, given)));
  if (unknown !== undefined) return { problem: `There is no scenario ${JSON.stringify(unknown)}.` };
  const rounds = Number(values.rounds);
  const seconds = Number(values.seconds);
  if (!Number.isInteger(rounds) || rounds < 1) return { problem: '--rounds is a whole number from 1.' };
  if (!Number.isInteger(seconds) || seconds < 1) return { problem: '--seconds is a whole number from 1.' };
  const requests = values.requests.split(',').map(Number);
  if (!requests.every((size) => Number.isInteger(size) && size >= REQUESTS_MIN)) {
    return { problem: `--requests is a list of whole numbers from ${REQUESTS_MIN}, such as 1000000,10000000.` };
  }
  const isChosen = ({ name, needsAgainst = false }: Scenario) =>
    positionals.includes(name) ||
    ((positionals.length === 0 || positionals.some((given) => isNamed(name, given))) &&
      (!needsAgainst || values.against !== undefined));
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
    help: values.help,
  };
}

/** `gateway` names all whose names begin with `gateway-`. */
function isNamed(name: string, given: string): boolean {
  return name === given || name.startsWith(`${given}-`);
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
      requests: { type: 'string', default: DEFAULTS.requests },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
}

export const USAGE = (scenarios: readonly Scenario[]): string => {
  const width = Math.max(...scenarios.map(({ name }) => name.length)) + 2;
  const list = scenarios.map(({ name, about }) => `  ${name.padEnd(width)}${about}`).join('\n');
  return `Usage: bench [scenario …] [--rounds 3] [--seconds 4] [--requests 1000000] [--profile <folder>] [--against <folder>]

  --rounds    measurements of each contestant; medians are reported
  --seconds   length of one measurement under load
  --requests  how many the tables of the scenario query hold, one size after the other: 1000000,10000000
  --profile   folder for V8's CPU profiles of what is measured (which then costs more)
  --against   folder of another checkout, with its packages installed, for scenarios that compare versions

Scenarios (all when none is named):
${list}
`;
};
