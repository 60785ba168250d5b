/** Holds conversations with a proxy, each call with all messages before it. Job and result as in `agent-load.ts`. */
import { Pool } from 'undici';
import { quantile } from '../measure/statistics.ts';
import { onParentGone, onParentMessage, tellParent } from '../processes/parent.ts';
import { type Conversation, conversationsOf } from '../traffic/conversations.ts';
import type { AgentJob, AgentResult } from './agent-load.ts';

onParentGone(() => {});
onParentMessage<AgentJob>((job) => {
  run(job).then(tellParent, (error: Error) => tellParent({ failure: error.message }));
});

/** A conversation as texts that bodies are put together from. */
interface Script {
  readonly session: string;
  readonly messages: readonly string[];
  /** Where messages of the assistant stand. */
  readonly calls: readonly number[];
}

async function run(job: AgentJob): Promise<AgentResult> {
  const scripts = conversationsOf(job.folder).map(scriptOf);
  const pool = new Pool(job.origin, { connections: job.sessions, headersTimeout: 120_000, bodyTimeout: 120_000 });
  const latenciesMs: number[] = [];
  let bytes = 0;
  let conversations = 0;
  let next = 0;
  const start = performance.now();
  const isOver = () =>
    job.seconds === 'once' ? next >= scripts.length : performance.now() - start >= job.seconds * 1_000;

  // A server that closes idle connections may do so just when one is used: as SDKs do, it is sent once more.
  const send = (call: Parameters<typeof pool.request>[0]) =>
    pool.request(call).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'UND_ERR_SOCKET') throw error;
      return pool.request(call);
    });

  const hold = async ({ session, messages, calls }: Script, turn: number) => {
    for (const [step, at] of calls.entries()) {
      const model = JSON.stringify(job.target.model);
      const body = Buffer.from(`{"model":${model},"messages":[${messages.slice(0, at).join(',')}],"temperature":0}`);
      const sentAt = performance.now();
      const headers = {
        'content-type': 'application/json',
        ...job.target.headers,
        ...(job.target.hasSessions && {
          'helicone-session-id': `${session}-${job.run}-${turn}`,
          'helicone-session-name': 'agents',
          'helicone-session-path': `/step-${step}`,
        }),
      };
      const answer = await send({ method: 'POST', path: job.target.path, headers, body });
      const said = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}: ${said.slice(0, 300)}`);
      latenciesMs.push(performance.now() - sentAt);
      bytes += body.length;
    }
    conversations++;
  };
  const agent = async () => {
    while (!isOver()) {
      const turn = next++;
      await hold(scripts[turn % scripts.length]!, turn);
    }
  };
  try {
    await Promise.all(Array.from({ length: job.sessions }, agent));
  } finally {
    await pool.destroy();
  }
  return {
    calls: latenciesMs.length,
    conversations,
    bytes,
    seconds: (performance.now() - start) / 1_000,
    p50Ms: quantile(latenciesMs, 0.5),
    p99Ms: quantile(latenciesMs, 0.99),
  };
}

function scriptOf({ session, messages }: Conversation): Script {
  return {
    session,
    messages: messages.map((message) => JSON.stringify(message)),
    calls: messages.flatMap(({ role }, at) => (role === 'assistant' ? [at] : [])),
  };
}
