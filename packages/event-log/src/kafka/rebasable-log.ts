import type { Kafka } from 'kafkajs';
import { EventLogError, type LogBounds, type RebasableLog } from '../event-log.ts';
import { toEventLogError } from './kafka-errors.ts';
import { changeMeta } from './meta-lock.ts';
import { boundsAt } from './partition-bounds.ts';
import { TopicView } from './topic-view.ts';

/** The positions of a topic's partitions, for `rebase` and for audits: reads no events and joins no group. */
export function openKafkaRebasableLog(kafka: Kafka, topic: string): RebasableLog {
  const view = new TopicView(kafka, topic);

  async function look(): Promise<ReadonlyMap<number, LogBounds | undefined>> {
    const meta = await view.freshMeta();
    const marks = await view.watermarks();
    return new Map(
      meta.starts.map((start, partition) => {
        const found = marks.get(partition);
        if (!found) throw new EventLogError('mismatch', `topic ${topic} has no partition ${partition}`);
        return [partition, start && boundsAt(meta.logId, start, found)];
      }),
    );
  }

  return {
    look,
    async place(positions) {
      try {
        const marks = await view.watermarks();
        await changeMeta(kafka, topic, async ({ current, write }) => {
          if (current === undefined || current === 'void') {
            throw new EventLogError('mismatch', `there is no log on topic ${topic}`);
          }
          const starts = current.starts.map((start, partition) => {
            const position = positions.get(partition);
            return position === undefined ? start : { kafkaOffset: marks.get(partition)!.low, position };
          });
          await write({ ...current, starts });
        });
      } catch (cause) {
        throw toEventLogError(`cannot place ${topic}`, cause);
      }
    },
    close: () => view.close(),
  };
}
