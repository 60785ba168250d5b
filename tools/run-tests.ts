/**
 * The test command: formatter and linter, import directions, type check, the servers that tests need, then Jest, then
 * whether calls cost far more than they did. Ends with one plain line, `N passed, N failed`, in which each check counts as
 * one test. Arguments go to Jest, and then there are none of the other checks.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PREPARED_VARIABLE, prepareServers } from '../infra/local/src/prepare-servers.ts';

const root = resolve(import.meta.dirname, '..');
let passed = 0;
let failed = 0;
let skipped = 0;

const jestArgs = process.argv.slice(2);
if (jestArgs.length === 0) {
  check('formatter and linter', 'node_modules/.bin/biome', ['check', '.']);
  check('import directions', process.execPath, ['tools/check-imports.ts']);
  check('types', 'node_modules/.bin/tsc', ['-p', 'tsconfig.json']);
  check('types of the dashboard', 'node_modules/.bin/tsc', ['-p', 'services/dashboard/tsconfig.json']);
}
// Before the processes that serve it, so that none of them builds it.
check('dashboard', process.execPath, ['services/dashboard/build/main.ts']);
const prepared = await prepare();
runJest();
if (jestArgs.length === 0) {
  // Last, when nothing of ours keeps the cores busy. With 3 it has said why this machine cannot tell.
  check('cost of a call', process.execPath, ['packages/bench/src/main.ts', 'check'], { skippedBy: 3 });
}
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed > 0 ? 1 : 0);

/** @param options `skippedBy`: exit code by which it says that it could not be made here. */
function check(name: string, command: string, args: string[], options: { skippedBy?: number } = {}): void {
  console.log(`== ${name}`);
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (error) console.error(error.message);
  if (status === 0) passed++;
  else if (status !== null && status === options.skippedBy) skipped++;
  else failed++;
}

/** @returns the variable that tells test files which servers this machine cannot have. */
async function prepare(): Promise<Record<string, string>> {
  console.log('== servers for tests');
  const missing = await prepareServers((line) => console.log(line));
  for (const reason of Object.values(missing)) {
    console.log(process.env.CI === 'true' ? reason : `Skipping the tests that need it: ${reason}`);
  }
  if (Object.keys(missing).length === 0) console.log('Redis, Kafka and Chromium are there.');
  return { [PREPARED_VARIABLE]: JSON.stringify(missing) };
}

function runJest(): void {
  console.log('== jest');
  const folder = mkdtempSync(join(tmpdir(), 'throughline-tests-'));
  const report = join(folder, 'report.json');
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  const { status } = spawnSync(
    process.execPath,
    [
      ...node,
      'node_modules/jest/bin/jest.js',
      '--json',
      `--outputFile=${report}`,
      '--testLocationInResults',
      ...jestArgs,
    ],
    { cwd: root, env: { ...compileOnce(), ...process.env, ...prepared }, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    const result = JSON.parse(readFileSync(report, 'utf8')) as JestReport;
    passed += result.numPassedTests;
    failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
    skipped += result.numPendingTests + result.numTodoTests;
    // A suite that never got to its tests, or a run that found none, is a failure even where Jest exits with 0.
    if (result.numTotalTests === 0 || (status !== 0 && failed === 0)) failed++;
  } catch (error) {
    console.error(`Jest wrote no report: ${(error as Error).message}`);
    failed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Processes that tests start from TypeScript strip and compile it once in a run: half of what their start costs. */
function compileOnce(): Record<string, string> {
  return { NODE_COMPILE_CACHE: join(tmpdir(), 'node-compile-cache') };
}

interface JestReport {
  readonly numTotalTests: number;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}
