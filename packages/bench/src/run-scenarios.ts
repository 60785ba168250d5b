import { mkdir } from 'node:fs/promises';
import { type Machine, otherLoad } from './measure/machine.ts';
import type { Tools } from './processes/tools.ts';
import type { BenchArguments } from './read-arguments.ts';
import { openEarlierRun } from './report/earlier-run.ts';
import { describeRun } from './report/head.ts';
import { keepRun } from './report/keep-run.ts';
import { figuresReport, type ScenarioResult, scenarioHead, scenarioOutcome } from './report/run-report.ts';
import type { Bench } from './scenario.ts';

/**
 * Runs scenarios one after the other, prints a table for each and one of all figures at the end, and keeps everything
 * measured in `results/`, as JSON and as the Markdown that it prints.
 *
 * @returns the exit code: 1 when a scenario could not be measured. A missed figure is a result, not a failure.
 */
export async function runScenarios(given: BenchArguments, tools: Tools, machine: Machine): Promise<number> {
  const { rounds, seconds, profileDir, against } = given;
  if (profileDir) await mkdir(profileDir, { recursive: true });
  console.log(`${describeRun(machine, given)}\n`);
  const bench: Bench = {
    rounds,
    seconds,
    tools,
    requests: given.requests,
    minutes: given.minutes,
    profileDir,
    against,
    peers: given.peers,
    conversations: given.conversations,
    progress: (text) => process.stderr.write(`  ${text}\n`),
  };
  const results: ScenarioResult[] = [];
  const earlier = given.resumes ? await openEarlierRun(machine, { rounds, seconds }) : undefined;
  for (const { name, about, run } of given.scenarios) {
    const known = earlier?.find(name);
    const scenario = known ? { name, about, date: known.date } : { name, about, before: await otherLoad() };
    console.log(`${scenarioHead(scenario)}\n`);
    let result: ScenarioResult;
    try {
      const start = performance.now();
      const measured = known?.measured ?? (await run(bench));
      if (!known) await earlier?.keep(name, measured);
      result = { ...scenario, ...(!known && { seconds: (performance.now() - start) / 1_000 }), ...measured };
    } catch (error) {
      result = { ...scenario, error: (error as Error).stack ?? String(error) };
    }
    console.log(`${scenarioOutcome(result)}\n`);
    results.push(result);
  }
  console.log(`${figuresReport(results)}\n`);
  const { json, markdown } = await keepRun({ machine, rounds, seconds, results });
  console.log(`Results: ${json}\nReport: ${markdown}`);
  if (results.some((result) => 'error' in result)) return 1;
  await earlier?.end();
  return 0;
}
