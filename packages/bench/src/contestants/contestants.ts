import { type NodeProcess, type NodeProcessOptions, startNode } from '../processes/node-process.ts';
import type { Bench } from '../scenario.ts';

/** Where measured processes run, and where upstream and load generator do. One core where there is only one. */
export const CONTESTANT_CORE = 1;
export const OTHERS_CORE = 0;

/** A server on loopback that is measured. */
export interface Contestant {
  readonly pid: number;
  readonly origin: string;
  readonly process: NodeProcess;
  stop(): Promise<void>;
}

/** Bare Node http + undici in front of `upstream`. */
export function startRawProxy(bench: Bench, upstream: string, options: NodeProcessOptions = {}): Promise<Contestant> {
  return startContestant(bench, 'contestants/raw-proxy-process.ts', ['--upstream', upstream], options);
}

/** The gateway in front of `upstream`, without the rest of the product. */
export function startGateway(
  bench: Bench,
  upstream: string,
  /** `state`: folder for what it remembers from one call to the next; left out: nothing. */
  recording: { record: 'none' } | { record: 'log'; dir: string; state?: string },
  options: NodeProcessOptions = {},
): Promise<Contestant> {
  const args = ['--upstream', upstream, '--record', recording.record];
  if (recording.record === 'log') args.push('--dir', recording.dir);
  if (recording.record === 'log' && recording.state !== undefined) args.push('--state', recording.state);
  return startContestant(bench, 'contestants/gateway-process.ts', args, options);
}

/** Bare Node http that reads a body whole, parses it as JSON, and answers. */
export function startRawIngest(bench: Bench, options: NodeProcessOptions = {}): Promise<Contestant> {
  return startContestant(bench, 'contestants/raw-ingest-process.ts', [], options);
}

/** A provider on bare Node http. */
export function startNodeUpstream(bench: Bench, args: readonly string[] = []): Promise<Contestant> {
  return startContestant(bench, 'contestants/node-upstream-process.ts', args, { core: OTHERS_CORE });
}

/** A provider that answers the calls of agents. */
export function startAgentUpstream(bench: Bench): Promise<Contestant> {
  const args = bench.conversations === undefined ? [] : ['--folder', bench.conversations];
  return startContestant(bench, 'contestants/agent-upstream-process.ts', args, { core: OTHERS_CORE });
}

async function startContestant(
  bench: Bench,
  script: string,
  args: readonly string[],
  options: NodeProcessOptions,
): Promise<Contestant> {
  const process = startNode(bench, script, { ...options, args });
  const { port } = await process.next<{ port: number }>();
  return { pid: process.pid, origin: `http://127.0.0.1:${port}`, process, stop: () => process.stop() };
}
