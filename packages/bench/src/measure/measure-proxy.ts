import { OTHERS_CORE } from '../contestants/contestants.ts';
import type { RunningProxy } from '../contestants/proxies.ts';
import { type LoadResult, runLoad } from '../load/load.ts';
import type { Bench } from '../scenario.ts';
import { type ChatOptions, chatCalls } from '../traffic/chat-calls.ts';
import { measureUse } from './server-use.ts';

/** One measurement of a proxy under load. */
export interface ProxySample extends LoadResult {
  /** CPU time of all of its processes per request, µs. */
  readonly cpuUs: number;
  readonly requestsPerSecond: number;
  /** Of all of its processes, at the end. */
  readonly rssMib: number;
}

export interface ProxyLoad extends Pick<ChatOptions, 'bytes'> {
  readonly connections: number;
  readonly seconds: number;
}

/** Runs a load on a proxy and takes what its processes used meanwhile. */
export async function measureProxy(bench: Bench, proxy: RunningProxy, load: ProxyLoad): Promise<ProxySample> {
  const { bytes, ...job } = load;
  const { origin, chat, pid } = proxy;
  const calls = chatCalls({ target: chat, ...(bytes !== undefined && { bytes }) });
  const { result, cpuUs, rssMib } = await measureUse([pid], () =>
    runLoad(bench, { ...job, origin, path: chat.path, calls, core: OTHERS_CORE }),
  );
  return { ...result, cpuUs: cpuUs / result.requests, requestsPerSecond: result.requests / result.seconds, rssMib };
}
