import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeUsage } from '../fake-provider/reply.ts';
import { answerHeader, type RawAnswer, rawCall } from '../raw-call.ts';
import { createRandom } from '../seed.ts';
import { expectedCostPico } from './expected-cost.ts';
import type { Ledger, LedgerCall } from './ledger.ts';
import { type PlannedCall, type PlanOptions, planCall } from './plan-call.ts';

export interface LoadOptions extends Partial<PlanOptions> {
  /** Origin of the server under test. */
  readonly url: string;
  readonly key: string;
  readonly seed: number;
  /** Every call that may have reached the server is added here. */
  readonly ledger: Ledger;
  readonly connections?: number;
  /** Probability 0–1 that a call with a chosen id that did not arrive in full is made again, once, with that id. */
  readonly retryShare?: number;
  /** The load ends at whichever comes first. */
  readonly callsMax: number;
  readonly durationMsMax: number;
}

/** A load that is running. */
export interface Load {
  /** Resolves when the last call has ended: at a bound, or after `stop`. Rejects when a call has no end. */
  readonly done: Promise<void>;
  /** Begins no further call. With `'leave'` the calls under way are left too, as by clients that die. */
  stop(how?: 'finish' | 'leave'): Promise<void>;
}

/** Between two tries while nobody listens (the server was killed), ms: with all connections, a start has company enough. */
const REFUSED_WAIT_MS = 100;

/** A call without an end after this long is a defect of the server or of these tools, however busy the machine is. */
const CALL_MS_MAX = 60_000;

/**
 * Calls the gateway over keep-alive connections and notes for each call whether its response arrived in full. Calls
 * are drawn from the seed and the call's number; while the server is down, clients wait for it to come back.
 *
 * Defaults: 16 connections, 300 sessions, half the calls streamed, answers of up to 60 words, 5% left early by the
 * client, 8% failed by the provider, 70% of those with a chosen id tried again.
 */
export function startLoad(options: LoadOptions): Load {
  const plan: PlanOptions = {
    sessionPrefix: options.sessionPrefix ?? `load-${options.seed}-`,
    sessions: options.sessions ?? 300,
    streamShare: options.streamShare ?? 0.5,
    abortShare: options.abortShare ?? 0.05,
    faultShare: options.faultShare ?? 0.08,
    paceMsMax: options.paceMsMax ?? 3,
    wordsMax: options.wordsMax ?? 60,
  };
  const connections = options.connections ?? 16;
  const retryShare = options.retryShare ?? 0.7;
  const random = createRandom(options.seed);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const leave = new AbortController();
  const deadline = performance.now() + options.durationMsMax;
  let left = options.callsMax;
  let stopped = false;

  const client = async () => {
    while (!stopped && left > 0 && performance.now() < deadline) {
      left--;
      const call = options.ledger.nextCall();
      const draws = random.fork(call);
      const planned = planCall(call, draws, options.key, plan);
      const first = await tryCall(call, planned);
      if (!first) continue;
      // Only a chosen id lets the server know a second try in the same session for what it is.
      const again = planned.requestId !== null && planned.sessionId !== null && draws.chance(retryShare);
      const second = again && first.received !== 'full' ? await tryCall(call, planned) : undefined;
      options.ledger.add(second ? noteRetry(first, second) : first);
    }
  };

  /** Waits while nobody listens. @returns undefined when the load ended before a call could be sent. */
  const tryCall = async (call: number, planned: PlannedCall): Promise<LedgerCall | undefined> => {
    while (!stopped && performance.now() < deadline) {
      const { answer, endSeen } = await makeCall(options.url, planned, agent, leave.signal);
      if (answer.end !== 'refused') return noteCall(call, planned, answer, endSeen);
      await sleep(REFUSED_WAIT_MS);
    }
    return undefined;
  };

  const done = Promise.all(Array.from({ length: connections }, client)).then(() => agent.destroy());
  return {
    done,
    stop(how = 'finish') {
      stopped = true;
      if (how === 'leave') leave.abort();
      return done;
    },
  };
}

async function makeCall(
  url: string,
  planned: PlannedCall,
  agent: Agent,
  leave: AbortSignal,
): Promise<{ answer: RawAnswer; endSeen: boolean }> {
  const abort = new AbortController();
  const { abortAfter, endMarker } = planned;
  const timer = abortAfter && 'ms' in abortAfter ? setTimeout(() => abort.abort(), abortAfter.ms) : undefined;
  let isStuck = false;
  const stuckTimer = setTimeout(() => {
    isStuck = true;
    abort.abort();
  }, CALL_MS_MAX);
  let chunks = 0;
  const answer = await rawCall({
    url: url + planned.path,
    headers: planned.headers,
    body: planned.body,
    agent,
    signal: AbortSignal.any([abort.signal, leave]),
    onChunk: () => {
      chunks++;
      if (abortAfter && 'chunks' in abortAfter && chunks >= abortAfter.chunks) abort.abort();
    },
  });
  clearTimeout(timer);
  clearTimeout(stuckTimer);
  if (isStuck) {
    const got = `status ${answer.status}, ${answer.body.length} bytes`;
    throw new Error(`a call had no end for ${CALL_MS_MAX} ms: ${got}, ${JSON.stringify(planned.headers)}`);
  }
  return { answer, endSeen: endMarker !== undefined && answer.body.includes(endMarker) };
}

function noteCall(call: number, planned: PlannedCall, answer: RawAnswer, endSeen: boolean): LedgerCall {
  const full = answer.end === 'complete' || endSeen;
  const recorded = answerHeader(answer, 'throughline-recorded');
  const refused = recorded?.startsWith('no') === true;
  // A proxy in front of gateways, whose gateway has gone, does not know more than the client.
  const isUnsure = recorded?.startsWith('unknown') === true;
  // Answers of the server itself (502 and the like) say nothing about what the provider did.
  const told = full ? answerHeader(answer, 'x-fake-usage') : undefined;
  // An answer that the provider broke off ended before its usage, or inside it.
  const usage = told && !answerHeader(answer, 'x-fake-fault') ? (JSON.parse(told) as FakeUsage | null) : null;
  const failed = told !== undefined && answer.status >= 400;
  const { sessionId, sessionName, sessionPath, userId } = planned;
  return {
    call,
    requestId: planned.requestId ?? answerHeader(answer, 'helicone-id') ?? null,
    sessionId,
    sessionName,
    sessionPath,
    userId,
    received: refused ? 'refused' : full && !isUnsure ? 'full' : answer.status > 0 ? 'partial' : 'none',
    status: told === undefined ? 0 : answer.status,
    usage,
    // A failed call without usage costs nothing.
    costPico: failed ? 0n : expectedCostPico(usage),
  };
}

/** Two tries are one call: which of them was stored, and with which outcome, is the server's to know. */
function noteRetry(first: LedgerCall, second: LedgerCall): LedgerCall {
  const received = second.received === 'full' ? 'full' : first.received === 'none' ? 'none' : 'partial';
  return { ...first, received, status: 0, usage: null, costPico: undefined };
}
