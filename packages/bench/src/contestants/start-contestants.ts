import type { Bench } from '../scenario.ts';

interface Startable<Running> {
  readonly name: string;
  readonly title: string;
  readonly absent?: string;
  start(upstream: string): Promise<Running>;
}

export interface Started<Running> {
  /** By name, in their order. */
  readonly running: Readonly<Record<string, Running>>;
  /** Which could not be started, and why: they are absent, which is no result. */
  readonly notes: readonly string[];
}

/** @param stack ends them. */
export async function startContestants<Running extends { stop(): Promise<void> }>(
  bench: Bench,
  contestants: readonly Startable<Running>[],
  upstream: string,
  stack: AsyncDisposableStack,
): Promise<Started<Running>> {
  const running: Record<string, Running> = {};
  const notes: string[] = [];
  for (const { name, title, absent, start } of contestants) {
    if (absent !== undefined) continue;
    bench.progress(`${title} starts`);
    try {
      running[name] = stack.adopt(await start(upstream), (one) => one.stop());
    } catch (error) {
      notes.push(`${title} could not be started: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  return { running, notes };
}
