import { planOf, storedPlan } from '@throughline/contracts/annotation-row';
import type { PartitionState } from '@throughline/session-totals/session-totals';
import type { AggregatorDeps } from '../aggregator-deps.ts';
import { createCommitWithRoom } from '../commit-with-room.ts';
import { StoreRestartedError } from '../partition-errors.ts';
import { type AppliedBatch, applyBatch, type BatchContext, commitBatch } from '../pipeline.ts';
import { rememberRecent } from '../recent-progress.ts';
import { reflectedUntil } from '../reflected-until.ts';
import { createTenantFolder } from '../session/fold-tenants.ts';
import type { SessionCache } from '../session-cache.ts';
import type { AnnotationEntry } from '../split-batch.ts';
import { decideStep } from '../steps/decide-step.ts';
import { insertRowsStep } from '../steps/insert-rows-step.ts';
import { decideDeletion } from './decide-deletion.ts';
import { executeDeletion } from './execute-deletion.ts';
import { publishKept } from './publish-kept.ts';
import { withoutRemoved } from './removed-figures.ts';

/**
 * A deletion is a batch of its own. What it takes is decided from the rows and totals of everything before it, and both are
 * whole then: the plan is stored among the annotations, the totals are committed without what is to go, and only then rows
 * are hidden. Whoever dies in between leaves a plan that is carried out before anything else (`finish-deletions.ts`).
 *
 * @returns once nothing reads what was deleted.
 */
export async function applyDeletion(
  deps: AggregatorDeps,
  cache: SessionCache,
  previous: AppliedBatch,
  entry: AnnotationEntry,
  context: BatchContext,
): Promise<AppliedBatch> {
  await previous.publishing;
  const { state } = previous;
  const { partition, untilItWorks } = context;
  const crashPoint = deps.crashPoint ?? (() => {});
  const decided = decideStep([entry], state, new Map(), {
    partition,
    outboxAgeMaxHours: deps.config.producerAgeMaxHours,
    now: deps.now(),
  });
  const given = decided.annotations[0] ?? decided.storedAnnotations[0];
  const asked = given && planOf(given);
  // Its number was used, or it was carried out and purged long ago.
  if (given === undefined || asked === undefined) return await applyBatch(deps, cache, previous, [entry], context);

  const { epoch } = state.fence;
  const commit = async (before: PartitionState, next: PartitionState, sessions: Parameters<typeof commitBatch>[4]) => {
    const logTime = given.received_at;
    const room = createCommitWithRoom(deps, cache, { partition, metrics: context.metrics, state: before, logTime });
    await commitBatch(deps, context, before, next, sessions, room);
    cache.forget(sessions);
    cache.put(sessions.filter((session) => 'requests' in session));
    return next;
  };
  let current = state;
  const deletion = await untilItWorks('decide a deletion', () =>
    decideDeletion(given, asked.change, {
      analytics: deps.analytics,
      // Its parts leave the fence as it is.
      cache: cache.at(state.fence),
      epoch,
      commitPart: async ({ sessions, removed }) => {
        const tenants = withoutRemoved(current.tenants, given.tenant_id, removed);
        current = await commit(current, { ...current, tenants, unpublished: [], committedAt: deps.now() }, sessions);
        crashPoint('aggregator:deletion-part-committed');
      },
    }),
  );
  if (context.instance !== undefined) {
    // Rows that a store has lost would be decided about as if they had never been: they are inserted again first.
    const instance = await untilItWorks('ask the analytics store', () => deps.analytics.instanceId());
    if (instance !== context.instance) throw new StoreRestartedError(partition);
  }
  const row = { ...given, ...storedPlan(deletion.plan) };
  await untilItWorks('insert rows', () => insertRowsStep(deps.analytics, { ...decided, annotations: [row] }, () => {}));
  crashPoint('aggregator:deletion-stored');

  const counters = createTenantFolder(withoutRemoved(current.tenants, given.tenant_id, deletion.removed));
  counters.addAnnotation(row);
  const committedAt = deps.now();
  const next = await commit(
    current,
    {
      fence: { ...current.fence, offset: decided.through },
      producers: decided.producers,
      tenants: counters.result(),
      ...rememberRecent(current, [], { offset: decided.through, at: committedAt }),
      unpublished: [],
      committedAt,
    },
    deletion.sessions,
  );
  crashPoint('aggregator:deletion-committed');
  deps.progress.totals(partition, next.fence, reflectedUntil(next));
  await untilItWorks('carry out a deletion', () =>
    executeDeletion(
      { row, plan: deletion.plan },
      { analytics: deps.analytics, epoch, publish: publishKept(deps, cache.at(next.fence), epoch), crashPoint },
    ),
  );
  deps.progress.snapshots(partition, next.fence, reflectedUntil(next));
  return { state: next, publishing: Promise.resolve() };
}
