import { OTHERS_CORE } from '../contestants/contestants.ts';
import { startNode } from '../processes/node-process.ts';
import type { Bench } from '../scenario.ts';
import type { ChatTarget } from '../traffic/chat-calls.ts';

/** Conversations one after the other in each of several sessions at a time; those under way at the end are held to their end. */
export interface AgentJob {
  readonly origin: string;
  readonly target: ChatTarget;
  /** Of conversations; left out: made-up ones. */
  readonly folder?: string;
  readonly sessions: number;
  /** How long conversations begin; `once`: until each of them has been held. */
  readonly seconds: number | 'once';
  /** In the ids of sessions: no two runs have the same. */
  readonly run: string;
}

export interface AgentResult {
  readonly calls: number;
  readonly conversations: number;
  /** Of requests. */
  readonly bytes: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** Runs the job in a child process. @throws when a call failed. */
export async function runAgentLoad(bench: Bench, job: AgentJob): Promise<AgentResult> {
  const child = startNode(bench, 'load/agent-load-process.ts', { core: OTHERS_CORE });
  try {
    child.send(job);
    const result = await child.next<AgentResult | { readonly failure: string }>();
    if ('failure' in result) throw new Error(`agents on ${job.origin}${job.target.path}: ${result.failure}`);
    return result;
  } finally {
    await child.stop();
  }
}
