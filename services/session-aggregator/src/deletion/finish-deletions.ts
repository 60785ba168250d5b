import { storedPlan } from '@throughline/contracts/annotation-row';
import type { AggregatorDeps } from '../aggregator-deps.ts';
import { type DeletionExecution, executeDeletion } from './execute-deletion.ts';
import { recoverPlan } from './recover-plan.ts';
import { type DeletionRange, readDeletions } from './stored-deletions.ts';

/**
 * Carries out, in their order, the deletions that an owner committed and did not live to carry out, and once more those
 * of a range that the analytics store may have lost parts of.
 */
export async function finishDeletions(
  deps: Pick<AggregatorDeps, 'analytics' | 'crashPoint'>,
  range: DeletionRange,
  execution: Pick<DeletionExecution, 'epoch' | 'publish'>,
): Promise<void> {
  const crashPoint = deps.crashPoint ?? (() => {});
  for (const deletion of await readDeletions(deps.analytics, range)) {
    const plan = await recoverPlan(deps.analytics, deletion);
    const row = { ...deletion.row, ...storedPlan(plan) };
    await executeDeletion({ row, plan }, { ...execution, analytics: deps.analytics, crashPoint });
  }
}
