/** Logs the calls of a day in the order of their ends, each when the product's clock is there. Job and messages as in `day-load.ts`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom } from '@throughline/testkit/seed';
import { Pool } from 'undici';
import { onParentGone, onParentMessage, tellParent } from '../processes/parent.ts';
import { AGENT_MODEL, agentAnswer } from '../traffic/agent-answer.ts';
import { type Message, madeUpConversation, systemPrompt } from '../traffic/conversations.ts';
import { type DayCall, dayOf } from '../traffic/day.ts';
import { LOG_PATH } from '../traffic/logged-calls.ts';
import type { DayJob, DayMessage, DayResult } from './day-load.ts';

/** Few, so that calls come nearly in order; enough that none waits for another's answer. */
const CONNECTIONS = 16;
/** Kinds of agents, each with a system prompt of its own. */
const AGENTS = 8;
const USERS = 40;

const tell = (message: DayMessage) => tellParent({ message });

onParentGone(() => {});
onParentMessage<DayJob>((job) => {
  run(job).then(tell, (error: Error) => tell({ failure: error.message }));
});

async function run(job: DayJob): Promise<DayResult> {
  const { epochMs, speed } = job.clock;
  const day = dayOf(job.calls, job.seed).slice(0, job.first);
  const bodyOf = bodies(job.seed);
  const pool = new Pool(job.origin, { connections: CONNECTIONS, headersTimeout: 120_000, bodyTimeout: 120_000 });
  const start = Date.now();
  const beginsAt = epochMs + (start - epochMs) * speed;
  const isOver = AbortSignal.timeout(job.secondsMax * 1_000);
  const sentAt: number[] = [];
  let [next, bytes, lateMs] = [0, 0, 0];
  tell('began');

  const sender = async () => {
    for (let call = day[next++]; call; call = day[next++]) {
      const body = bodyOf(call, beginsAt);
      const dueInMs = start + call.atMs / speed - Date.now();
      if (dueInMs > 0) await sleep(dueInMs);
      lateMs = Math.max(lateMs, -dueInMs);
      if (isOver.aborted) throw new Error(`only ${sentAt.length} of ${day.length} came in ${job.secondsMax} s`);
      sentAt.push(Date.now());
      const answer = await pool.request({ method: 'POST', path: LOG_PATH, headers: headersOf(call, job.key), body });
      const said = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`status ${answer.statusCode}: ${said.slice(0, 300)}`);
      bytes += body.length;
    }
  };
  try {
    await Promise.all(Array.from({ length: CONNECTIONS }, sender));
  } finally {
    await pool.destroy();
  }
  const end = Date.now();
  return {
    sessions: new Set(day.map(({ session }) => session)).size,
    lately: sentAt.filter((at) => at >= end - job.latelyMs / speed).length,
    bytes,
    seconds: (end - start) / 1_000,
    lateMs,
  };
}

function headersOf({ session, conversation, call }: DayCall, key: string): Record<string, string> {
  return {
    'content-type': 'application/json',
    authorization: `Bearer ${key}`,
    'helicone-session-id': session,
    'helicone-session-name': `agent-${conversation % AGENTS}`,
    'helicone-session-path': `/task/${call % 2 === 0 ? 'plan' : 'act'}`,
    'helicone-user-id': `user-${conversation % USERS}`,
    'helicone-property-environment': conversation % 5 === 0 ? 'staging' : 'production',
  };
}

/** Bodies of log calls. A conversation is made up at its first call and held until its last one. */
function bodies(seed: number): (call: DayCall, beginsAt: number) => Buffer {
  const random = createRandom(seed);
  const systems = Array.from({ length: AGENTS }, () => systemPrompt(random));
  const held = new Map<number, { readonly messages: readonly Message[]; readonly texts: readonly string[] }>();
  return ({ conversation, calls, call, isLast, atMs, latencyMs }, beginsAt) => {
    let own = held.get(conversation);
    if (!own) {
      const system = systems[conversation % AGENTS]!;
      const { messages } = madeUpConversation(random.fork(conversation), { session: '', system, calls });
      own = { messages, texts: messages.map((message) => JSON.stringify(message)) };
      held.set(conversation, own);
    }
    if (isLast) held.delete(conversation);
    // The system prompt, then in turn what the agent is told and what it says.
    const says = 2 + 2 * call;
    const prompt = own.texts.slice(0, says).join(',');
    const endMs = beginsAt + atMs;
    return Buffer.from(
      `{"providerRequest":{"url":"custom-model-nopath","json":{"model":"${AGENT_MODEL}","messages":[${prompt}],"temperature":0},"meta":{}},` +
        `"providerResponse":{"headers":{},"status":200,"json":${agentAnswer(own.messages[says]!, prompt.length)}},` +
        `"timing":{"startTime":${timeOf(endMs - latencyMs)},"endTime":${timeOf(endMs)}},"provider":"OPENAI"}`,
    );
  };
}

function timeOf(ms: number): string {
  return JSON.stringify({ seconds: Math.floor(ms / 1_000), milliseconds: Math.floor(ms % 1_000) });
}
