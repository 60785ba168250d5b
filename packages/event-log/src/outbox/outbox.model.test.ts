import { afterEach, expect, test } from '@jest/globals';
import { newEventIdFor } from '@throughline/contracts/partition';
import fc from 'fast-check';
import { appliedEvents, type Fate, ModelLog } from '../../test/model-log.ts';
import { destroyAll, foldersOf, newRoot, type OutboxProcess, startOutbox, until } from '../../test/outbox-rig.ts';
import { requestEvent } from '../contract-events.ts';

afterEach(destroyAll);

type Command =
  | { readonly do: 'append'; readonly sessions: readonly (string | null)[] }
  | { readonly do: 'pause'; readonly ms: number }
  | { readonly do: 'trouble'; readonly fates: readonly Fate[] }
  | { readonly do: 'stick'; readonly partition: number; readonly isStuck: boolean }
  | { readonly do: 'crash' }
  | { readonly do: 'restart' };

const FATES: readonly Fate[] = ['stored', 'failed', 'unknown', 'late', 'partly', 'unreachable'];
const session = fc.constantFrom('a', 'b', 'c', 'd', 'e', null);
const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        sessions: fc.array(session, { minLength: 1, maxLength: 80, size: 'max' }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('pause' as const), ms: fc.nat(12) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        do: fc.constant('trouble' as const),
        fates: fc.array(fc.constantFrom(...FATES), { maxLength: 20 }),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('stick' as const),
        partition: fc.nat(3),
        isStuck: fc.constantFrom(true, true, false),
      }),
    },
    { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
    { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  ),
  { maxLength: 25 },
);

test('whatever fails and dies, every accepted event is in the log, first in the order of its numbers', async () => {
  await fc.assert(
    fc.asyncProperty(commands, fc.boolean(), async (steps, areLanesApart) => {
      const log = new ModelLog(4);
      if (areLanesApart) log.laneOf = (partition) => partition % 2;
      let root = newRoot();
      const options = {
        segmentBytesMax: 8_000,
        closeWaitMs: 30,
        // Two or three events fill a queue, so that partitions are left behind and caught up with.
        limits: {
          lingerMs: 1,
          retryMinMs: 1,
          retryMaxMs: 4,
          storeIntervalMs: 2,
          detachAfterMs: 3,
          batchBytesMax: 1_200,
          batchEventsMax: 3,
          requestBytesMax: 6_000,
        },
      };
      let gateway: OutboxProcess = await startOutbox(log, root, options);
      const accepted: string[] = [];
      for (const step of steps) {
        if (step.do === 'append') {
          const appends = step.sessions.map(async (id) => {
            const event = eventOf(id);
            await gateway.outbox.append(event);
            accepted.push(event.event_id);
          });
          await Promise.all(appends);
        } else if (step.do === 'pause') {
          await new Promise((resolve) => setTimeout(resolve, step.ms));
        } else if (step.do === 'trouble') {
          const fates = [...step.fates];
          log.fate = () => fates.shift() ?? 'stored';
        } else if (step.do === 'stick') {
          if (step.isStuck) log.stuck.add(step.partition);
          else log.stuck.delete(step.partition);
        } else if (step.do === 'crash') {
          const left = newRoot();
          gateway.die(left);
          root = left;
          gateway = await startOutbox(log, root, options);
        } else {
          // What cannot be sent within the time stays for the next start.
          await gateway.outbox.close();
          gateway = await startOutbox(log, root, options);
        }
      }
      log.fate = () => 'stored';
      log.stuck.clear();
      await until(() => gateway.outbox.stats.unsent === 0, 'everything sent');
      const { appended, lost, replaced, refused } = gateway.outbox.stats;
      expect({ lost, replaced, refused }).toEqual({ lost: 0, replaced: 0, refused: 0 });
      expect(appended).toBeLessThanOrEqual(accepted.length);
      await gateway.outbox.close();
      await closeAgainUntilEmpty(log, root, options);
      const { events } = appliedEvents(log);
      expect(events.map(({ event_id }) => event_id).sort()).toEqual(accepted.sort());
      expect(foldersOf(root)).toEqual([]);
      // Each producer that sent something has said goodbye, wherever it sent something.
      for (let partition = 0; partition < log.partitions; partition++) {
        const stored = log.stored(partition);
        const closed = new Set(stored.filter(({ kind }) => kind === 'closed').map(({ producer }) => producer.id));
        expect(closed).toEqual(new Set(stored.map(({ producer }) => producer.id)));
      }
    }),
    { numRuns: 60 },
  );
}, 240_000);

/** A busy machine may not get done what a close waits for. */
async function closeAgainUntilEmpty(log: ModelLog, root: string, options: object): Promise<void> {
  while (foldersOf(root).length > 0) {
    const { outbox } = await startOutbox(log, root, { ...options, closeWaitMs: 20_000 });
    await outbox.close();
  }
}

function eventOf(sessionId: string | null) {
  const id = newEventIdFor('default', sessionId, 1_760_000_000_000, 4);
  const named = sessionId === null ? null : { id: sessionId, name: '', path: '', rule: 'helicone-session-id' as const };
  return requestEvent({ event_id: id, request_id: id, session: named });
}
