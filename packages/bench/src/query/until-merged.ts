import type { EngineSession } from './engine-session.ts';

/** Merges of what was inserted last would otherwise take a core from what is measured first. Two minutes at most. */
export async function untilMerged(engine: EngineSession): Promise<void> {
  const until = performance.now() + 120_000;
  while (performance.now() < until) {
    const [merges] = await engine.rows<{ running: number }>('SELECT toUInt32(count()) AS running FROM system.merges');
    if (merges!.running === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
