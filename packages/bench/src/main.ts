import { describeMachine } from './measure/machine.ts';
import { installPeers } from './peers/install-peers.ts';
import { findTools } from './processes/tools.ts';
import { readArguments, USAGE } from './read-arguments.ts';
import { checkRegressions } from './regression-check.ts';
import { runScenarios } from './run-scenarios.ts';
import { SCENARIOS } from './scenarios/scenarios.ts';

const [first, ...others] = process.argv.slice(2);
const given = readArguments(process.argv.slice(2), SCENARIOS);
if (first === 'install-peers') {
  process.exitCode = await installPeers(others);
} else if (first === 'check') {
  process.exitCode = await checkRegressions(findTools(process.env));
} else if ('problem' in given) {
  process.stderr.write(`${given.problem}\n\n${USAGE(SCENARIOS)}`);
  process.exitCode = 2;
} else if (given.help) {
  process.stdout.write(USAGE(SCENARIOS));
} else {
  const tools = findTools(process.env);
  process.exitCode = await runScenarios(given, tools, describeMachine(tools));
}
