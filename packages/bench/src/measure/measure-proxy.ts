import { OTHERS_CORE } from '../contestants/contestants.ts';
import type { RunningProxy } from '../contestants/proxies.ts';
import { type LoadResult, runLoad } from '../load/load.ts';
import type { Bench } from '../scenario.ts';
import { type ChatOptions, chatCalls } from '../traffic/chat-calls.ts';
import { measureUse, type ServerUse } from './server-use.ts';

/** One measurement of a proxy under load. */
export interface ProxySample extends LoadResult {
  /** CPU time of all of its processes per request, µs; NaN where there are none. */
  readonly cpuUs: number;
  /** CPU time per request of what it has beside itself, µs. */
  readonly besideUs: number;
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
  const { origin, chat } = proxy;
  const calls = chatCalls({ target: chat, ...(bytes !== undefined && { bytes }) });
  const { result, cpuUs, besideUs, rssMib } = await measureProxyUse(proxy, () =>
    runLoad(bench, { ...job, origin, path: chat.path, calls, core: OTHERS_CORE }),
  );
  return {
    ...result,
    cpuUs: cpuUs / result.requests,
    besideUs: besideUs / result.requests,
    requestsPerSecond: result.requests / result.seconds,
    rssMib,
  };
}

export interface ProxyUse<Result> extends ServerUse<Result> {
  /** CPU time of what it has beside itself, µs; NaN where that is nothing. */
  readonly besideUs: number;
}

/** What a proxy used for a load, until what it keeps of it is where it belongs. */
export async function measureProxyUse<Result>(
  { pid, beside, settle }: RunningProxy,
  load: () => Promise<Result>,
): Promise<ProxyUse<Result>> {
  const all = await measureUse(beside ? [beside.pid] : [], () =>
    measureUse(pid === undefined ? [] : [pid], async () => {
      const result = await load();
      await settle?.();
      return result;
    }),
  );
  return { ...all.result, besideUs: all.cpuUs };
}
