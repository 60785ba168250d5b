/** An event of a trace as Chromium writes it: the fields that are read here. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly args?: { readonly name?: string };
}

/** What `tasks` reads. */
export const TRACE_CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'];

/**
 * How long each task of a page's main thread took, ms: nothing is painted and no key is handled meanwhile, so none of its
 * frames is shorter than the task in it.
 *
 * @param trace JSON of Chromium's tracing. The page is the renderer that did most.
 */
export function mainThreadTasks(trace: string): number[] {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const byThread = new Map<string, number[]>();
  for (const { name, ph, pid, tid, dur = 0 } of traceEvents) {
    const thread = `${pid} ${tid}`;
    if (name !== 'RunTask' || ph !== 'X' || !mains.has(thread)) continue;
    const tasks = byThread.get(thread);
    if (tasks) tasks.push(dur / 1_000);
    else byThread.set(thread, [dur / 1_000]);
  }
  const sum = (tasks: readonly number[]) => tasks.reduce((all, one) => all + one, 0);
  return [...byThread.values()].sort((a, b) => sum(b) - sum(a))[0] ?? [];
}
