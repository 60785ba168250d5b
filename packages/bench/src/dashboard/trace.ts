/** An event of a trace as Chromium writes it: the fields that are read here. */
export interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  /** Of these, those in which the thread had the processor. */
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

export interface Task {
  readonly ms: number;
  /** Less where others had the processor: what it would take on a machine of its own. */
  readonly cpuMs: number;
}

/** What `mainThreadTasks` reads. */
export const TRACE_CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', 'toplevel'];

/**
 * What each task of a page's main thread took: nothing is painted and no key is handled meanwhile, so no frame is shorter
 * than the task in it.
 *
 * @param trace JSON of Chromium's tracing. The page is the renderer that did most.
 */
export function mainThreadTasks(trace: string): Task[] {
  const { traceEvents } = JSON.parse(trace) as { readonly traceEvents: readonly TraceEvent[] };
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const byThread = new Map<string, Task[]>();
  for (const { name, ph, pid, tid, dur = 0, tdur = dur } of traceEvents) {
    const thread = `${pid} ${tid}`;
    if (name !== 'RunTask' || ph !== 'X' || !mains.has(thread)) continue;
    const tasks = byThread.get(thread);
    const task = { ms: dur / 1_000, cpuMs: tdur / 1_000 };
    if (tasks) tasks.push(task);
    else byThread.set(thread, [task]);
  }
  const sum = (tasks: readonly Task[]) => tasks.reduce((all, { ms }) => all + ms, 0);
  return [...byThread.values()].sort((a, b) => sum(b) - sum(a))[0] ?? [];
}
