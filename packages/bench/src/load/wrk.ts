import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTempDir } from '@throughline/testkit/temp-dir';
import type { Tools } from '../processes/tools.ts';
import type { LoadJob, LoadResult } from './load.ts';

/** Runs the load with wrk, one thread, the calls in turn. */
export async function runWrk(tools: Tools, job: LoadJob): Promise<LoadResult> {
  await using dir = await createTempDir('wrk');
  const script = join(dir.path, 'calls.lua');
  await writeFile(script, luaScript(job));
  const wrk = [tools.wrk!, '-t1', `-c${job.connections}`, `-d${job.seconds}s`, '--timeout', '30s', '-s', script];
  wrk.push(job.origin);
  const command = tools.taskset && job.core !== undefined ? [tools.taskset, '-c', String(job.core), ...wrk] : wrk;
  const { stdout } = await promisify(execFile)(command[0]!, command.slice(1));
  const line = /^RESULT (.*)$/m.exec(stdout)?.[1];
  if (!line) throw new Error(`wrk said nothing that could be read:\n${stdout}`);
  const [requests, durationUs, p50Us, p99Us, errors, refusals] = line.split(' ').map(Number);
  return {
    requests: requests!,
    seconds: durationUs! / 1e6,
    p50Us: p50Us!,
    p99Us: p99Us!,
    errors: errors!,
    refusals: refusals!,
  };
}

/** Requests are formatted once; wrk's own report is replaced by one line of numbers. */
function luaScript({ path, calls }: LoadJob): string {
  const formatted = calls.map(
    ({ headers, body }) => `wrk.format("POST", ${lua(path)}, {${luaTable(headers)}}, ${lua(body)})`,
  );
  return `
local calls
local at = 0
function init()
  calls = {${formatted.join(',\n')}}
end
function request()
  at = at % #calls + 1
  return calls[at]
end
function done(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d %d\\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), e.connect + e.read + e.write + e.timeout, e.status))
end
`;
}

const lua = (text: string) => `[==[${text}]==]`;
// The spaces matter: `[[` would begin a string.
const luaTable = (headers: Readonly<Record<string, string>>) =>
  Object.entries(headers)
    .map(([name, value]) => `[ ${lua(name)} ]=${lua(value)}`)
    .join(', ');
